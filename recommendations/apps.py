"""App configurations of the tracker and of its admin site."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.management import call_command
from django.db.models.signals import post_delete, post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    """The app for recommendations, their sources, responses and follow-up."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "recommendations"
    verbose_name = _("Recommendations")

    def ready(self) -> None:
        from recommendations.accounts.signing_in import connect_signals as connect_account_signals
        from recommendations.core import checks, roles  # noqa: F401  (registers the system checks)
        from recommendations.models import Evidence
        from recommendations.models.append_only import install
        from recommendations.models.uploads import delete_file
        from recommendations.search import listing
        from recommendations.search.text import signals
        from recommendations.search.text.install import install as install_search

        post_migrate.connect(install, sender=self)
        pre_migrate.connect(listing.remove, sender=self)
        post_migrate.connect(listing.install, sender=self)
        post_migrate.connect(install_search, sender=self)
        post_migrate.connect(roles.install, sender=self)
        post_migrate.connect(make_cache_table, sender=self)
        signals.watch()
        connect_account_signals()
        post_delete.connect(delete_file, sender=Evidence)


def make_cache_table(using: str = "default", **_signal: Any) -> None:
    """Create the table of the shared database cache if it is missing."""
    call_command("createcachetable", database=using, verbosity=0)


class TrackerAdminConfig(AdminConfig):
    """Django's admin with the tracker's site class."""

    default_site = "recommendations.admin_site.TrackerAdminSite"
