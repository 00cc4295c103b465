"""What was done to accounts: the history that nobody erases."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountEvent(models.Model):
    """One thing done to one person's account or invitation: by whom, when, and from what to what."""

    class What(models.TextChoices):
        INVITED = "invited", _("Invited")
        RESENT = "resent", _("Invitation sent again")
        REVOKED = "revoked", _("Invitation revoked")
        JOINED = "joined", _("Joined")
        ROLES = "roles", _("Roles changed")
        ORGANISATIONS = "organisations", _("Organisations changed")
        DETAILS = "details", _("Name or address changed")
        DEACTIVATED = "deactivated", _("Deactivated")
        REACTIVATED = "reactivated", _("Activated again")
        SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
        FACTOR_RESET = "factor_reset", _("Second factor removed by an administrator")
        FACTOR_ADDED = "factor_added", _("Second factor set up")
        FACTOR_REMOVED = "factor_removed", _("Second factor removed")
        PASSWORD = "password", _("Password changed")

    # Nobody yet, where an invitation was not accepted.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="account_events",
        verbose_name=_("person"),
    )
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    what = models.CharField(_("what was done"), max_length=20, choices=What)
    detail = models.TextField(_("from what to what"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("line of the history of accounts")
        verbose_name_plural = _("history of accounts")
        indexes = [models.Index(fields=["email", "-at"], name="account_event_email")]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_what_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once."""
        if not self._state.adding:
            raise TypeError("The history of accounts never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("The history of accounts never changes.")
