"""The table of who gets what, `permissions.txt`, read; and one of everything that its addresses name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver

from recommendations.accounts import services
from recommendations.desk.work.calendar import address_of
from recommendations.importing import tables
from recommendations.models import (
    AlertSetting,
    CalendarAddress,
    Grade,
    Import,
    Note,
    ReportingTime,
    ReviewStep,
    SavedView,
)
from tests import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

FILE = Path(__file__).with_name("permissions.txt")
ROLES = ("nobody", "norole", "contributor", "reviewer", "editor", "administrator")
METHODS = ("GET", "POST", "PUT", "DELETE")


class Row(NamedTuple):
    """One line: an address, and for each method the status that each role gets."""

    address: str
    statuses: dict[str, tuple[int, ...]]

    def __str__(self) -> str:
        return self.address


def read() -> tuple[list[Row], set[str]]:
    """The rows, and the routes that are never reached because another stands before them."""
    rows, hidden = [], set()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("hidden "):
            hidden.add(line.removeprefix("hidden ").strip())
            continue
        address, *cells = (part.strip() for part in line.split("|"))
        # Without a cell of its own, DELETE is as PUT.
        each = [tuple(map(int, cell.split())) for cell in [*cells, cells[-1]][: len(METHODS)]]
        if len(each) != len(METHODS) or any(len(cell) not in {1, len(ROLES)} for cell in each):
            raise ValueError(f"permissions.txt: {line}")
        statuses = [cell * len(ROLES) if len(cell) == 1 else cell for cell in each]
        rows.append(Row(address, dict(zip(METHODS, statuses, strict=True))))
    return rows, hidden


def line(address: str, statuses: dict[str, tuple[int, ...]]) -> str:
    """A row as it stands in the file."""

    def cell(method: str) -> str:
        found = statuses[method]
        return str(found[0]) if len(set(found)) == 1 else " ".join(map(str, found))

    methods = METHODS if statuses["PUT"] != statuses["DELETE"] else METHODS[:-1]
    return " | ".join([address, *map(cell, methods)])


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route of the site, as `resolve()` names it."""
    for each in (resolver or get_resolver()).url_patterns:
        own = str(each.pattern)
        route = before + own.removeprefix("^") if before else own
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from routes(each, route)


def people() -> dict[str, User]:
    """One person a role; the contributor and the editor work for the organisation whose things these are."""
    ngo, other = make.make_stakeholder(slug="ngo"), make.make_stakeholder(slug="other-ngo")
    return {
        "norole": make.make_user(),
        "contributor": make.make_user("contributor", organisations=[ngo]),
        "reviewer": make.make_user("reviewer", organisations=[other]),
        "editor": make.make_user("editor", organisations=[ngo]),
        "administrator": make.make_user("administrator"),
    }


def things(people: dict[str, User]) -> dict[str, object]:
    """What stands in the place of `{…}` in an address: names and numbers of rows, one of each."""
    author = people["contributor"]
    ngo = author.memberships.get().organisation
    issue, group = make.make_issue(), make.make_group()
    record = make.make_recommendation(raised_by=[ngo], issues=[issue], groups=[group])
    later = make.make_recommendation()
    link = make.make_link(record, later)
    response = make.make_response([record])
    # Published afterwards: nothing must take the triggers off here. In a transaction that changed its schema,
    # SQLite reads all of that anew whenever something is taken back, which is after every request.
    entry = make.make_follow_up(record, role="civil_society", assessor=ngo, published_at=None)
    shown = make.make_evidence(
        follow_up=entry, kind="file", url="", file=ContentFile(b"For everyone.", "a.txt")
    )
    entry.publish()
    own = {"role": "civil_society", "assessor": ngo, "recorded_by": author, "published_at": None}
    draft = make.make_follow_up(record, **own)
    kept = make.make_evidence(
        follow_up=draft,
        kind="file",
        url="",
        access="private",
        file=ContentFile(b"For the organisation.", "b.txt"),
    )
    submitted = make.make_follow_up(record, stage="submitted", **own)
    ReviewStep.objects.create(follow_up=submitted, step=ReviewStep.Step.SUBMITTED, by=author)
    note = Note.objects.create(recommendation=record, organisation=ngo, author=author, text="Ours.")
    view = SavedView.objects.create(owner=author, name="Mine", query="kind=concern")
    source = Import.objects.create(
        what="document",
        filename="a.txt",
        size=1,
        sha256="0" * 64,
        state="ready",
        options={"type": "text"},
        kind="stakeholder_summary",
        parsed={
            "stakeholders": [],
            "paragraphs": [{"number": "1", "section": [], "speaker": "", "text": "W."}],
        },
    )
    import_draft = source.drafts.create(position=1, paragraph_index=0, text="W.", place="1.1", kind="concern")
    table = Import.objects.create(
        what="table",
        filename="a.csv",
        size=1,
        sha256="1" * 64,
        state="ready",
        options={"type": "CSV"},
        report={"needs_mapping": True, "headings": ["A"], "first": [["x"]]},
    )
    tables.storage().save(tables.results_of(table), ContentFile(b"Row"))
    invitation, key = services.invite("new@example.org", "editor", [], by=people["administrator"])
    Grade.objects.create(scheme="Own", grade="A", meaning="Done.")
    ReportingTime.objects.create(mechanism="OWN", months=12)
    CalendarAddress.objects.create(user=author)
    found: dict[str, object] = {
        "record": record.reference,
        "record_pk": record.pk,
        "record_type": ContentType.objects.get_for_model(record).pk,
        "response": response.reference,
        "entry": entry.pk,
        "draft": draft.pk,
        "submitted": submitted.pk,
        "issue": issue.path,
        "group": group.slug,
        "stakeholder": ngo.slug,
        "review": record.document.review.slug,
        "other_review": later.document.review.slug,
        "document": record.document.slug,
        "state": record.document.review.state.iso3,
        "link": link.pk,
        "note": note.pk,
        "view": view.pk,
        "person": author.pk,
        "invitation": invitation.pk,
        "key": key,
        "unsubscribe": AlertSetting.objects.create(user=author).key,
        "calendar": address_of(author).rpartition("/")[2],
        "public_file": shown.file_key,
        "private_file": kept.file_key,
        "import": source.key,
        "import_draft": import_draft.pk,
        "import_table": table.key,
        "entry_reference": entry.reference,
    }
    rows = {"followup": entry, "evidence": shown, "recommendation": record}
    for model in admin.site._registry:
        name = model._meta.model_name or ""
        row = rows.get(name) or model._default_manager.order_by("-pk").first()
        assert row is not None, name
        found[f"{name}_pk"] = row.pk
        found[f"{name}_version"] = row.history.first().pk  # type: ignore[attr-defined]  # simple_history adds it
    return found


def models() -> list[str]:
    """The names of the models in the admin."""
    return sorted(model._meta.model_name or "" for model in admin.site._registry)


def expanded(rows: list[Row]) -> Iterator[Row]:
    """The rows, those for every `{model}` of the admin once for each that has no line of its own."""
    own = {row.address for row in rows}
    for row in rows:
        if "{model}" not in row.address:
            yield row
            continue
        for model in models():
            address = re.sub(
                r"\{(model|pk|version)\}",
                lambda found, model=model: (  # type: ignore[misc]  # no type of a default is inferred
                    model if found[1] == "model" else f"{{{model}_{found[1]}}}"
                ),
                row.address,
            )
            if address not in own:
                yield row._replace(address=address)
