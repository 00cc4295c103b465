"""In whose name an entry is made: which organisations can assess, and in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommendations.models import FollowUp, Stakeholder

if TYPE_CHECKING:
    from recommendations.core.viewer import Viewer

ROLE_OF_KIND = {kind: role for role, kinds in FollowUp.KINDS_OF_ROLE.items() for kind in kinds}


def assessors(viewer: Viewer) -> list[Stakeholder]:
    """The viewer's organisations in whose name an entry can be made, by name."""
    return list(
        Stakeholder.objects.filter(pk__in=viewer.organisations, kind__in=ROLE_OF_KIND).order_by("name")
    )


def role_of(organisation: Stakeholder) -> FollowUp.Role:
    """In which role an organisation assesses."""
    return ROLE_OF_KIND[Stakeholder.Kind(organisation.kind)]
