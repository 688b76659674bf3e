"""What the web server calls: `application`, made in a process that is tied to its parent first."""

from __future__ import annotations

import os
from importlib import import_module

import django

from sen.config import draining, leash
from sen.config.bodies import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
leash.tie_if_asked()
draining.begin_on_signal()
django.setup()
application: Application = import_module("sen.config.entry").make()
"""The entry imports the kernel, which has to be set up by then."""
