"""The person viewing a page and what they may see and do, worked out once per request.

Roles are groups (`recommendations/core/roles.py`); private content belongs to organisations. No role, not
even administrator, may see the private evidence of an organisation that the person is not a member of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.contrib.auth.models import AnonymousUser

from recommendations.core import roles

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest


class Named(Protocol):
    """The fields of a stakeholder that decide who may read its name."""

    pk: int
    published: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person or the public: ids of their organisations, and what their roles allow."""

    user_id: int | None = None
    organisations: frozenset[int] = frozenset()
    is_partner: bool = False
    logs: bool = False
    reviews: bool = False
    withdraws: bool = False
    edits: bool = False
    administers: bool = False
    # Django's `is_staff`, for people with single permissions but no role.
    enters_admin: bool = False

    @property
    def is_staff(self) -> bool:
        """True if the person's roles give access to the desk."""
        return self.logs or self.reviews or self.withdraws or self.edits or self.administers

    @property
    def needs_second_factor(self) -> bool:
        """True if the person can publish, edit or administer, and so must use a second factor."""
        return self.reviews or self.withdraws or self.edits or self.administers or self.enters_admin

    def knows(self, stakeholder: Named) -> bool:
        """True if the person may read the stakeholder's name, which may be hidden from the public."""
        is_own = stakeholder.pk in self.organisations
        return stakeholder.published or is_own or self.reviews or self.edits or self.administers


PUBLIC = Viewer()


def viewer_of(user: User | AnonymousUser) -> Viewer:
    """Return the viewer for a user; two queries on the first call for a user object, then none."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return PUBLIC
    known: Viewer | None = user.__dict__.get("_viewer")
    if known is None:
        memberships = list(user.memberships.values_list("organisation", "organisation__partner"))
        known = Viewer(
            user_id=user.pk,
            organisations=frozenset(organisation for organisation, _ in memberships),
            is_partner=any(partner for _, partner in memberships),
            logs=user.has_perm(roles.LOG),
            reviews=user.has_perm(roles.REVIEW),
            withdraws=user.has_perm(roles.WITHDRAW),
            edits=user.has_perm(roles.EDIT),
            administers=user.has_perm(roles.ADMINISTER),
            enters_admin=user.is_staff,
        )
        user.__dict__["_viewer"] = known
    return known


def viewer(request: HttpRequest) -> Viewer:
    """Return the viewer of this request."""
    return viewer_of(request.user)
