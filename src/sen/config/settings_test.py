"""Settings under test: the same ones, with cheap passwords and no cached static files."""

from sen.config.settings import *  # noqa: F403 - the one star import the house allows

STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405 - from the star above
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
WHITENOISE_AUTOREFRESH = True
DEMO = True
DEMO_DOSSIERS = 0
