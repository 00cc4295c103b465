"""Match the stakeholders that a document names with stored ones, or mark them as new."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.desk.importing.pages import DocumentView
from recommendations.importing.documents import deciding
from recommendations.importing.documents.stakeholders import looks_like
from recommendations.models import ImportParty, Stakeholder
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from recommendations.models import Import

NEW, OTHER = "new", "other"
# A first import names so many new recommending States that they can be created in one step.
BULK_KIND = Stakeholder.Kind.RECOMMENDING_STATE
# Kinds that a new stakeholder can have; documents do not name this tracker.
KINDS = [choice for choice in Stakeholder.Kind.choices if choice[0] not in {"tracker"}]


@dataclass
class MatchRow:
    """A named stakeholder with the candidates offered and the submitted values."""

    party: ImportParty
    alike: list[Stakeholder]
    uses: int
    chosen: str
    name: str
    acronym: str
    kind: str
    other: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def offers(self) -> list[tuple[Stakeholder, bool]]:
        """Return the candidates, each with whether it is chosen."""
        return [(each, self.chosen == str(each.pk)) for each in self.alike]


def usage_counts(source: Import) -> dict[str, int]:
    """Return the number of unwritten, not rejected drafts by the names they contain."""
    found: dict[str, int] = {}
    for names in (
        source.drafts.exclude(state="rejected").filter(outcome="").values_list("raised_by", flat=True)
    ):
        for name in names:
            found[name] = found.get(name, 0) + 1
    return found


def match_rows(source: Import, data: QueryDict | None = None) -> list[MatchRow]:
    """Return a row for each stakeholder that drafts name, unmatched ones first."""
    count = usage_counts(source)
    found = []
    for party in source.parties.filter(name__in=count).select_related("stakeholder"):
        alike = looks_like(source, party) if party.stakeholder is None else [party.stakeholder]
        chosen = str(party.stakeholder_id) if party.stakeholder_id else NEW if party.is_new else ""
        row = MatchRow(
            party,
            alike,
            count[party.name],
            chosen,
            party.read["name"],
            party.read["acronym"],
            party.read["kind"],
        )
        if data is not None:
            row.chosen = data.get(f"who-{party.pk}", row.chosen)
            for name in ("name", "acronym", "kind", "other"):
                setattr(row, name, data.get(f"{name}-{party.pk}", getattr(row, name)))
        found.append(row)
    return sorted(found, key=lambda row: (bool(row.party.stakeholder_id or row.party.is_new), row.party.name))


def apply_choice(row: MatchRow) -> None:
    """Set the choice on the row's party (not saved), or add to the row's errors."""
    party = row.party
    if row.chosen == NEW:
        name = fold(row.name)
        if not name or len(name) > 300:
            row.errors.append(_("A new stakeholder needs a name of at most 300 characters."))
        if row.kind not in dict(KINDS):
            row.errors.append(_("Choose what the new stakeholder is."))
        party.stakeholder, party.is_new = None, True
        party.read = {**party.read, "name": name, "acronym": fold(row.acronym)[:60], "kind": row.kind}
    elif row.chosen == OTHER:
        wanted = fold(row.other)
        found = Stakeholder.objects.filter(
            Q(name__iexact=wanted) | Q(acronym__iexact=wanted, acronym__gt="") | Q(slug=wanted.lower())
        ).exclude(kind="tracker")
        if len(found) == 1:
            party.stakeholder, party.is_new = found[0], False
        elif found:
            names = ", ".join(each.slug for each in found[:5])
            row.errors.append(
                _("Several are called so; give the short name of one: {names}.").format(names=names)
            )
        else:
            row.errors.append(_("Nobody here is called “{name}”.").format(name=wanted[:80]))
    elif row.chosen:
        party.stakeholder = next((each for each in row.alike if str(each.pk) == row.chosen), None)
        party.is_new = False
        if party.stakeholder is None:
            row.errors.append(_("Choose again: what was offered has changed."))
    else:
        party.stakeholder, party.is_new = None, False


class StakeholderMatching(DocumentView):
    """Page for matching each named stakeholder with a stored one."""

    template_name = "desk/importing/stakeholders.html"
    rows: list[MatchRow] | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the choices; if any is invalid, show the errors and save nothing."""
        if answer := self.redirect_if_not_ready():
            return answer
        try:
            with deciding.opened(self.source) as kept:
                rows = match_rows(kept, request.POST)
                if request.POST.get("do") == "all new":
                    for row in rows:
                        if not row.chosen and row.kind == BULK_KIND:
                            row.chosen = NEW
                for row in rows:
                    apply_choice(row)
                wrong = [row for row in rows if row.errors]
                if not wrong:
                    ImportParty.objects.bulk_update(
                        [row.party for row in rows], ["stakeholder", "is_new", "read"]
                    )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.source)
        if wrong:
            self.rows = rows
            return self.get(request, *args, **kwargs)
        left = sum(not (row.party.stakeholder_id or row.party.is_new) for row in rows)
        if left:
            sentence = ngettext(
                "Saved; {number} is still to be settled.", "Saved; {number} are still to be settled.", left
            )
            messages.warning(request, sentence.format(number=left))
            return redirect(request.path)
        messages.success(request, _("Everybody is settled."))
        return redirect(self.source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.rows or match_rows(self.source)
        open_rows = [row for row in rows if not (row.party.stakeholder_id or row.party.is_new)]
        together = [row for row in open_rows if row.kind == BULK_KIND and not row.alike]
        return super().get_context_data(
            rows=rows,
            to_settle=len(open_rows),
            together=together if len(together) > 1 else [],
            kinds=KINDS,
            wrong=[row for row in rows if row.errors],
            **kwargs,
        )
