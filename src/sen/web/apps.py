"""The web package as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Frame, components, vendored assets; knows the kernel, no system."""

    name = "sen.web"
    label = "web"
