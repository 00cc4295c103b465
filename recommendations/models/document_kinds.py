"""The kinds of document that are stored: those that are read, and those that have no reader."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.reading.registry import KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class UnreadKind(models.TextChoices):
    """Kinds without a reader: documents of them are entered by hand, or stand for a data set."""

    UN_COMPILATION = "un_compilation", _("Compilation of UN information")
    NATIONAL_REPORT = "national_report", _("National report")
    LIST_OF_ISSUES = "list_of_issues", _("List of issues")
    FOLLOW_UP_REPORT = "follow_up_report", _("Follow-up report")
    NGO_SUBMISSION = "ngo_submission", _("NGO submission")
    DATA_SET = "data_set", _("Data set")


# Of each the place among all kinds (as `Kind.stored_order`), and what stands for it in references.
UNREAD = {
    UnreadKind.UN_COMPILATION: (20, "UN"),
    UnreadKind.NATIONAL_REPORT: (30, "NR"),
    UnreadKind.LIST_OF_ISSUES: (70, "LI"),
    UnreadKind.FOLLOW_UP_REPORT: (90, "FR"),
    UnreadKind.NGO_SUBMISSION: (100, "NS"),
    UnreadKind.DATA_SET: (120, "DS"),
}


def labels() -> dict[str, StrOrPromise]:
    """Every kind with its words, in order."""
    found: list[tuple[int, str, StrOrPromise]] = [
        *((kind.stored_order, kind.code, _(kind.label)) for kind in KINDS.values()),
        *((order, kind.value, kind.label) for kind, (order, _code) in UNREAD.items()),
    ]
    return {code: label for _order, code, label in sorted(found, key=itemgetter(0, 1))}


def document_kinds() -> list[tuple[str, StrOrPromise]]:
    """The choices of `Document.kind`. Named in migrations, so that a new kind needs none."""
    return list(labels().items())


def label_of(kind: str) -> str:
    """A kind in words."""
    # Not through `labels()`, which sorts every kind: this stands on each card.
    return str(_(KINDS[kind].label) if kind in KINDS else UnreadKind(kind).label)


def reference_code(kind: str, *, taken: bool = False) -> str:
    """What names the kind in a reference; `taken` where another document has the reference without it."""
    if kind not in KINDS:
        return UNREAD[UnreadKind(kind)][1]
    found = KINDS[kind]
    return (found.reference_code_where_taken if taken else "") or found.reference_code
