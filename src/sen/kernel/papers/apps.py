"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Official papers from templates, and the registers that number them."""

    name = "sen.kernel.papers"
    label = "papers"
    verbose_name = _("Văn bản theo mẫu")

    def ready(self) -> None:
        """Check the fonts at start; let serving processes load them before the first paper."""
        from django.core.checks import register

        from sen.base import warming
        from sen.kernel.papers.adapters import typesetting
        from sen.kernel.papers.checks import fonts_have_all_letters

        register(fonts_have_all_letters)
        warming.register("papers", typesetting.warm_up)
