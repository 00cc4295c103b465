"""The records that an entry is logged for, by the references that people type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Recommendation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import QueryDict

    from recommendations.models.recommendations import RecommendationQuerySet

AT_ONCE = 50
BETWEEN = re.compile(r"[\s,;]+")


def typed(data: QueryDict) -> list[str]:
    """The references in `record` (each value one or several of them) without those that were dropped."""
    dropped = {value.removeprefix("drop:") for value in data.getlist("do") if value.startswith("drop:")}
    words = [word for value in data.getlist("record") for word in BETWEEN.split(value[:4_000]) if word]
    return [word for word in dict.fromkeys(words) if word not in dropped]


def named(references: Sequence[str]) -> tuple[list[Recommendation], list[str]]:
    """The public records with these references, in this order, and the references that name none.

    Capitals or not; a reference that a record had before leads to it.
    """
    references = references[:AT_ONCE]
    lowered = [reference.lower() for reference in references]
    public = Recommendation.objects.published()
    ids = dict(public.filter(search__reference__in=lowered).values_list("search__reference", "pk"))
    missing = [reference for reference in references if reference.lower() not in ids]
    ids |= {former.lower(): leads_to for former, leads_to in public.ids_by_former(missing).items()}
    records = loaded(public, ids.values())
    by_id = {record.pk: record for record in records}
    found = [by_id[pk] for low in lowered if (pk := ids.get(low)) in by_id]
    unknown = [reference for reference in references if ids.get(reference.lower()) not in by_id]
    return list(dict.fromkeys(found)), unknown


def may_be_reference(word: str) -> bool:
    """Whether a word looks like a reference: these have a digit."""
    return any(sign.isdigit() for sign in word)


def loaded(rows: RecommendationQuerySet, ids: Iterable[int]) -> list[Recommendation]:
    """Those with these ids, with what a sheet shows of them."""
    return list(
        rows.with_status()
        .with_stakeholders()
        .filter(pk__in=list(ids))
        .select_related("document__review__state", "paragraph__document")
    )


def problems(wanted: Sequence[str], unknown: Sequence[str]) -> list[str]:
    """What is wrong with a choice of records, in sentences."""
    sentences = []
    if unknown:
        sentences.append(
            ngettext(
                "No public record has the reference {names}.",
                "No public records have the references {names}.",
                len(unknown),
            ).format(names=get_text_list([word[:80] for word in unknown], _("or")))
        )
    if len(wanted) > AT_ONCE:
        sentences.append(
            _("One entry is logged for at most {number} records at once; the rest is left out.").format(
                number=AT_ONCE
            )
        )
    return sentences
