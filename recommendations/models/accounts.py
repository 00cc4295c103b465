"""The history of changes to accounts, which cannot be erased."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountEvent(models.Model):
    """One change to a person's account or invitation: who made it, when, and the old and new value."""

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

    # Null for an invitation that has not been accepted.
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
        """Save a new event; raise TypeError if it was saved before."""
        if not self._state.adding:
            raise TypeError("The history of accounts never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise TypeError: events are never deleted."""
        raise TypeError("The history of accounts never changes.")
