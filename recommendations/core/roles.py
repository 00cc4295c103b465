"""Staff roles, stored as groups, and their permissions. Every `migrate` creates and updates the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission
    from django.db.models import QuerySet


class Role(models.TextChoices):
    """Roles in order of responsibility."""

    CONTRIBUTOR = "contributor", _("Contributor")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")


MEANINGS = {
    Role.CONTRIBUTOR: _("Logs follow-up for own organisations; somebody else publishes it."),
    Role.REVIEWER: _("Logs, and approves, returns, rejects or withdraws the entries of others."),
    Role.EDITOR: _("Logs, and edits records, links and documents."),
    Role.ADMINISTRATOR: _("Everything, and invites people."),
}

APP = "recommendations"
LOG = f"{APP}.log_followup"
REVIEW = f"{APP}.review_followup"
WITHDRAW = f"{APP}.withdraw_followup"
EDIT = f"{APP}.change_recommendation"
ADMINISTER = "auth.change_user"

# Models that editors may change.
EDITED = (
    "document",
    "evidence",
    "followup",
    "grade",
    "issue",
    "issuetag",
    "paragraph",
    "populationgroup",
    "recommendation",
    "recommendationlink",
    "reportingtime",
    "responselink",
    "review",
    "stakeholder",
    "state",
    "stateresponse",
)


def permissions_of(role: Role) -> QuerySet[Permission]:
    """Return the permissions of a role."""
    from django.contrib.auth.models import Permission

    codes: set[str] = {"log_followup"}
    if role in {Role.REVIEWER, Role.ADMINISTRATOR}:
        codes |= {"review_followup", "withdraw_followup"}
    wanted = Q(content_type__app_label=APP, codename__in=codes)
    if role == Role.EDITOR:
        wanted |= Q(content_type__app_label=APP, content_type__model__in=EDITED) & ~Q(
            codename__in=["review_followup", "withdraw_followup"]
        )
    if role == Role.ADMINISTRATOR:
        wanted |= Q(content_type__app_label=APP)
        wanted |= Q(content_type__app_label="auth", content_type__model__in=["user", "group"])
    return Permission.objects.filter(wanted)


def install(using: str = "default", **_signal: Any) -> None:
    """Give each group the permissions of its role; receives `post_migrate`, which creates permissions."""
    from django.contrib.auth.models import Group

    if using != "default" or not apps.is_installed("django.contrib.auth"):
        return
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(permissions_of(role))
