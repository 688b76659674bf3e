"""The settings of an installation with a handler that always fails and a job that kills."""

from sen.config import settings as real

globals().update({name: value for name, value in vars(real).items() if name.isupper()})
INSTALLED_APPS = [*real.INSTALLED_APPS, "tests.storms.faulty.apps.FaultyConfig"]
