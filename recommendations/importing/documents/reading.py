"""Reads a document in a child process and proposes a draft for each relevant passage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.core import sandbox
from recommendations.importing.documents import matching, stakeholders
from recommendations.importing.documents.passages import drafts_of
from recommendations.importing.errors import RefusedError
from recommendations.models import Import, ImportDraft, ImportParty, Review, State
from recommendations.reading.__main__ import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable

MECHANISMS = {
    "Working Group on the Universal Periodic Review": "UPR",
    **{
        str(label): value
        for value, label in Review.Mechanism.choices
        if value not in {"UPR", "SP", "REG", "OTHER"}
    },
    "Committee on the Protection of the Rights of All Migrant Workers and Members of Their Families": "CMW",
}


def read(path: Path, kind: str = "") -> dict[str, Any]:
    """Return `document` as in `ParsedDocument.as_dict()` and `evidence` for its kind. Raises RefusedError."""
    try:
        output = sandbox.run("recommendations.reading", str(path), kind, limits=LIMITS)
    except sandbox.RefusedError as refusal:
        raise RefusedError(sentence(str(refusal))) from None
    except sandbox.OverrunError:
        raise RefusedError(
            _("The document takes more than {seconds} seconds to read.").format(seconds=LIMITS.seconds)
        ) from None
    except sandbox.CrashedError:
        raise RefusedError(
            _("The document is broken or needs more memory and time than is allowed.")
        ) from None
    found: dict[str, Any] = json.loads(output)
    return found


def sentence(line: str) -> str:
    """Return a message from the reader as a sentence."""
    line = line.strip()
    return f"{line[:1].upper()}{line[1:]}{'' if line.endswith(('.', '?', '!')) else '.'}"


def prepare(source: Import, progress: Callable[[int, int], None]) -> None:
    """Read the file and propose drafts, replacing those of an earlier reading. Writes no record."""
    found = read(Path(settings.MEDIA_ROOT) / str(source.file.name), source.options.get("kind", ""))
    paragraphs = len(found["document"]["paragraphs"])
    progress(0, paragraphs)
    with transaction.atomic():
        take(source, found)
    progress(paragraphs, paragraphs)


def take(source: Import, found: dict[str, Any]) -> None:
    """Make drafts and parties from the parsed document and match them to records. Raises RefusedError."""
    parsed = found["document"]
    source.parsed, source.kind, source.evidence = parsed, parsed["kind"], found["evidence"]
    source.options = {**source.options, **proposal(parsed)}
    source.review = matching.review_of(source)
    source.document = matching.document_of(source)
    source.drafts.all().delete()
    source.parties.all().delete()
    drafts = drafts_of(source)
    if not drafts:
        raise RefusedError(_("Nothing in the document asks, criticises, credits or answers anything."))
    ImportDraft.objects.bulk_create(drafts)
    ImportParty.objects.bulk_create(stakeholders.parties_of(source, drafts))
    stakeholders.match(source)
    matching.find_known(source)
    source.save(update_fields=["parsed", "kind", "evidence", "options", "review", "document"])


def proposal(parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the State, review and document details found in the text, for a person to confirm."""
    mechanism = MECHANISMS.get(parsed["body"], "")
    state = State.objects.filter(iso3=parsed["state"]).first()
    title = parsed["title"].strip()[:300]
    return {
        "state": parsed["state"] if state else "",
        "mechanism": mechanism,
        "session": parsed["session"],
        "title": title,
        "symbol": parsed["symbol"],
        "considers": parsed["considers"],
        "published_on": parsed["published_on"],
    }
