"""What each column of the published data says: the words, an example, and the shape of its JSON.

`recommendations/api/dictionary.py` makes the data dictionary and the API's schema of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.api.json_schema import (
    ADDRESS,
    DATE,
    EVIDENCE,
    LINK,
    NUMBER,
    PERSON,
    ROLES,
    STANCE,
    STATUS,
    TEXT,
    TIME,
    YES_OR_NO,
    Meaning,
    many,
    maybe,
    one_of,
    shape,
)
from recommendations.models import FollowUp, Stakeholder
from recommendations.models.statuses import STATUS_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise

SITE = "https://tracker.example.org"
ACT = "https://example.org/act"
RECORD, ANSWER, ENTRY = "FRE-UPR7-36.4", "FRE-CCPR144-R87.1", "FRE-UPR7-36.4-un_body-2025-06-26"
WORDS = "The State should place a moratorium on criminal libel."
NGO = {"acronym": "HRO", "name": "Human Rights Organisation", "slug": "human-rights-organisation"}
STATE = Meaning(_("The State under review, by its ISO 3166-1 alpha-3 code."), "FRE", TEXT)
REVIEW = Meaning(_("The review, by its slug."), "fre-upr7", TEXT)
DOCUMENT = Meaning(
    _("The document quoted: its symbol, or its slug where it has none."), "A/HRC/WG.6/7/FRE/3", TEXT
)
OF_RECORD = Meaning(_("The record, by its reference."), RECORD, TEXT)
PLACE = {
    "state": STATE,
    "state_name": Meaning(_("The name of the State under review."), "Freedonia", TEXT),
    "review": REVIEW,
    "document": DOCUMENT,
    "paragraph": Meaning(
        _("The paragraph in which the words stand, as printed or counted; none for a row of a spreadsheet."),
        "36",
        maybe(TEXT),
    ),
    "locator": Meaning(_("For a row of a spreadsheet: sheet and row, or the source’s own id."), ""),
}


def number_of(what: StrOrPromise, example: int) -> Meaning:
    """How many."""
    return Meaning(what, example, NUMBER)


def url(path: str) -> Meaning:
    """The permanent address."""
    return Meaning(_("The permanent address on this site."), f"{SITE}{path}", ADDRESS)


def of_roles() -> Iterator[tuple[str, Meaning]]:
    """The spreadsheets' columns of each role's current status."""
    for role, label in FollowUp.Role.choices:
        status = format_lazy(
            _("The current status in the role “{role}”; none where nobody has spoken in it."), role=label
        )
        yield f"{role}_status", Meaning(status, "in_progress", maybe(STATUS))
        yield f"{role}_as_of", Meaning(_("The day on which that was so."), "2025-06-26", maybe(DATE))
        name = _("Who says so, by slug; none where the name is withheld.")
        yield f"{role}_assessor", Meaning(name, "committee", maybe(TEXT))


MEANINGS: dict[str, dict[str, Meaning]] = {
    "recommendations": {
        "reference": Meaning(
            _("The permanent name of the record: State, mechanism and session, paragraph and statement."),
            RECORD,
        ),
        "kind": Meaning(_("What kind of thing was put to the State."), "recommendation"),
        "text": Meaning(_("The exact words of the source."), WORDS),
        "summary": Meaning(
            _("A short form in the editor’s words; may be empty."), "Moratorium on criminal libel"
        ),
        **PLACE,
        "stakeholders": Meaning(_("Who raised it, as far as names are public."), [NGO], many(PERSON)),
        "issues": Meaning(
            _("What it is about: issues that the source or an editor named."),
            [{"path": "expression/defamation", "name": "Defamation"}],
            many(shape(path=TEXT, name=TEXT)),
        ),
        "groups": Meaning(
            _("Whom it is about."),
            [{"slug": "journalists", "name": "Journalists"}],
            many(shape(slug=TEXT, name=TEXT)),
        ),
        "position": Meaning(
            _("The State’s formal answer in the Universal Periodic Review, where there is one."), "supported"
        ),
        "selected_for_follow_up": Meaning(
            _("Whether the body that made it selected it for its follow-up."), False
        ),
        "due_on": Meaning(_("The day by which the body asked for a report."), None),
        "status": Meaning(
            _(
                "The headline: the newest status by an assessor other than the State, of the record or of"
                " its parts; or not assessed."
            ),
            "in_progress",
            one_of(STATUS_LABELS),
        ),
        "status_as_of": Meaning(_("The day on which the headline status was so."), "2025-06-26", maybe(DATE)),
        "status_by": Meaning(
            _("Who gives the headline status, by slug; none where the name is withheld, or it is rolled up."),
            "committee",
            maybe(TEXT),
        ),
        "status_from_parts": Meaning(
            _("Whether the headline status is rolled up from those of the record’s parts."), False, YES_OR_NO
        ),
        "stale": Meaning(
            _("Whether the headline status is older than the time after which it may be overtaken."),
            False,
            YES_OR_NO,
        ),
        "disagree": Meaning(
            _("Whether the current statuses of two roles differ; “no information” is none."), False, YES_OR_NO
        ),
        "statuses": Meaning(
            _("The current status of each role that has one, its date, and who says so."),
            {"un_body": {"status": "in_progress", "as_of": "2025-06-26", "assessor": "committee"}},
            ROLES,
        ),
        **dict(of_roles()),
        "responses": Meaning(
            _(
                "What the State answered, with the stance of each answer and the review in which it was"
                " given."
            ),
            [
                {
                    "reference": ANSWER,
                    "text": "A bill is before parliament.",
                    "stance": "commits",
                    "review": "fre-ccpr144",
                }
            ],
            many(shape(reference=TEXT, text=TEXT, stance=STANCE, review=TEXT)),
        ),
        "stances": Meaning(
            _("The stance of each answer, in the order of the answers."), ["commits"], many(STANCE)
        ),
        "links": Meaning(
            _("Records before and after it in time that ask the same or are related."),
            [{"reference": "FRE-CCPR144-12.1", "relation": "repeated", "direction": "later"}],
            many(LINK),
        ),
        "parent": Meaning(_("The compound record of which it is a part, by reference."), None, maybe(TEXT)),
        "version": Meaning(
            _("A digest of what editors may change, by which an import knows what changed since."),
            "v1.3m2Zb7Qd…",
            TEXT,
        ),
        "url": url(f"/recommendations/{RECORD}/"),
    },
    "raised_by": {
        "recommendation": OF_RECORD,
        "stakeholder": Meaning(_("The stakeholder, by slug."), NGO["slug"], TEXT),
    },
    "issue_tags": {
        "recommendation": OF_RECORD,
        "issue": Meaning(_("The issue, by its path in the tree."), "expression/defamation", TEXT),
        "origin": Meaning(
            _("Whether the source itself or an editor names the issue."),
            "editor",
            one_of(["source", "editor"]),
        ),
    },
    "recommendation_groups": {
        "recommendation": OF_RECORD,
        "group": Meaning(_("The population group, by slug."), "journalists", TEXT),
    },
    "recommendation_links": {
        "earlier": Meaning(_("The earlier record, by reference."), RECORD, TEXT),
        "later": Meaning(_("The later record, by reference."), "FRE-CCPR144-12.1", TEXT),
        "relation": Meaning(
            _("Repeated: asks the same; taken up: a later body raises it; related: the subject is shared."),
            "repeated",
        ),
        "rationale": Meaning(
            _("What the two have in common."), "Both ask to end criminal liability for libel."
        ),
    },
    "responses": {
        "reference": Meaning(_("The permanent name of the response."), ANSWER),
        "text": Meaning(_("The exact words of the source."), "A bill is before parliament."),
        "summary": Meaning(_("A short form in the editor’s words; may be empty."), ""),
        "speaker": Meaning(_("Who speaks for the State."), "delegation"),
        "date": Meaning(_("The day on which it was said."), "2025-06-25"),
        **PLACE,
        "recommendations": Meaning(
            _("The records that it answers, with the stance that it takes on each."),
            [{"reference": RECORD, "stance": "commits"}],
            many(shape(reference=TEXT, stance=STANCE)),
        ),
        "url": url(f"/responses/{ANSWER}/"),
    },
    "response_links": {
        "response": Meaning(_("The response, by its reference."), ANSWER, TEXT),
        "recommendation": OF_RECORD,
        "stance": Meaning(_("The stance that the response takes on the record."), "commits"),
        "rationale": Meaning(_("Why this answers that."), "Speaks of the same article of the Criminal Code."),
    },
    "follow_up": {
        "reference": Meaning(_("The permanent name of the entry: record, role and date."), ENTRY),
        "recommendation": OF_RECORD,
        "recommendation_text": Meaning(_("The exact words of the record."), WORDS, TEXT),
        "state": STATE,
        "review": Meaning(_("The review in which the record was raised, by its slug."), "fre-upr7", TEXT),
        "assessor": Meaning(_("Who assesses; none where the name is withheld."), NGO, maybe(PERSON)),
        "role": Meaning(_("In which role the assessor speaks."), "civil_society"),
        "status": Meaning(_("What became of the record, as the assessor sees it."), "in_progress"),
        "grade": Meaning(_("The grade that a body gave, as it gave it; may be empty."), ""),
        "grade_scheme": Meaning(_("The scheme that the grade belongs to."), ""),
        "grade_meaning": Meaning(
            _("What the grade means, in the words of the body; none where its scheme is not known."),
            None,
            maybe(TEXT),
        ),
        "as_of": Meaning(_("The day on which this was so, as far as the assessor knows."), "2025-06-26"),
        "summary": Meaning(
            _("Why this status: what was done or not done."), "A draft law is before parliament."
        ),
        "confidence": Meaning(_("How sure the one who recorded the entry is of its status."), "medium"),
        "evidence": Meaning(
            _("Public evidence: quoted paragraphs, links and files; `url` is the address of a link or file."),
            [
                {
                    "kind": "link",
                    "stance": "supports",
                    "title": "The draft law",
                    "date": "2025-05-01",
                    "text": "",
                    "document": None,
                    "paragraph": None,
                    "url": ACT,
                }
            ],
            many(EVIDENCE),
        ),
        "replaces": Meaning(_("The earlier entry that this one corrects, by reference."), None, maybe(TEXT)),
        "correction_reason": Meaning(_("For a correction: why."), ""),
        "replaced_by": Meaning(
            _(
                "The later entry that corrects this one; such an entry no longer counts, even where the later"
                " one was itself withdrawn and is not in the data."
            ),
            None,
            maybe(TEXT),
        ),
        "published_at": Meaning(
            _("When the entry became part of the public log."), "2025-07-01T09:30:00Z", TIME
        ),
        "url": url(f"/recommendations/{RECORD}/#entry-7"),
    },
    "evidence": {
        "follow_up": Meaning(_("The entry of the log, by its reference."), ENTRY, TEXT),
        "position": Meaning(_("The place among the public evidence of its entry."), 1),
        "kind": Meaning(
            _("Of what kind the evidence is; files stand at their own addresses, and not in this archive."),
            "link",
        ),
        "stance": Meaning(_("Whether it supports the entry, contradicts it or gives context."), "supports"),
        "title": Meaning(_("What the evidence is called; may be empty."), "The draft law"),
        "date": Meaning(_("Its date, where known."), "2025-05-01"),
        "text": Meaning(_("The exact words of a quoted paragraph."), ""),
        "document": Meaning(
            _("The document of a quoted paragraph: its symbol, or its slug."), None, maybe(TEXT)
        ),
        "paragraph": Meaning(_("The number of a quoted paragraph."), None, maybe(TEXT)),
        "source": Meaning(
            _("The address that the evidence stands at; of a file, on this site."), ACT, maybe(ADDRESS)
        ),
    },
    "stakeholders": {
        "slug": Meaning(_("The name in addresses and filters."), NGO["slug"]),
        "name": Meaning(_("The full name."), NGO["name"]),
        "acronym": Meaning(_("The acronym, where there is one."), NGO["acronym"]),
        "kind": Meaning(_("What kind of stakeholder it is."), Stakeholder.Kind.NGO.value),
        "state": Meaning(_("For a State: which one, by its ISO code."), None, maybe(TEXT)),
        "review": Meaning(_("For a joint submission: the review it was made for."), None, maybe(TEXT)),
        "members": Meaning(
            _("For a joint submission or coalition: its members, as far as known."), [], many(PERSON)
        ),
        "note": Meaning(_("What a reader should know about it."), ""),
        "recommendations": number_of(_("How many public records it raised."), 12),
        "follow_ups": number_of(_("How many public entries of the log it gave."), 3),
        "url": url(f"/stakeholders/{NGO['slug']}/"),
    },
    "issues": {
        "path": Meaning(
            _("The place in the tree, from the top down; used in addresses and filters."),
            "expression/defamation",
        ),
        "slug": Meaning(_("The last part of the path."), "defamation"),
        "name": Meaning(_("What the issue is called."), "Defamation"),
        "parent": Meaning(_("The path of the issue above."), "expression", maybe(TEXT)),
        "uhri_theme": Meaning(
            _("The theme in the UN’s Universal Human Rights Index."), "Freedom of opinion and expression"
        ),
        "sdg_targets": Meaning(_("Targets of the Sustainable Development Goals."), ["16.10"], many(TEXT)),
        "recommendations": number_of(_("How many public records are about this issue or one below it."), 9),
        "url": url("/issues/expression/defamation/"),
    },
    "groups": {
        "slug": Meaning(_("The name in addresses and filters."), "journalists"),
        "name": Meaning(_("What the group is called."), "Journalists"),
        "recommendations": number_of(_("How many public records are about this group."), 14),
        "url": Meaning(_("The list of its records."), f"{SITE}/recommendations/?group=journalists", ADDRESS),
    },
    "states": {
        "iso3": Meaning(_("The ISO 3166-1 alpha-3 code."), "FRE"),
        "name": Meaning(_("The name of the State."), "Freedonia"),
        "region": Meaning(_("The regional group at the United Nations."), "Eastern European States"),
        "reviews": number_of(_("How many public reviews of this State there are."), 2),
        "recommendations": number_of(_("How many public records were put to this State."), 401),
        "url": Meaning(_("The list of its records."), f"{SITE}/recommendations/?state=FRE", ADDRESS),
    },
    "reviews": {
        "slug": Meaning(_("The name in addresses and filters."), "fre-upr7"),
        "state": STATE,
        "state_name": PLACE["state_name"],
        "mechanism": Meaning(_("The mechanism, by its code."), "UPR"),
        "cycle": Meaning(_("The cycle of the UPR, or the number of the periodic report."), "1"),
        "session": Meaning(_("The number of the session."), "7"),
        "starts_on": Meaning(
            _("The first day; read it no more exactly than its precision says."), "2010-02-01"
        ),
        "ends_on": Meaning(_("The last day, where known."), "2010-02-12"),
        "precision": Meaning(_("How exactly the beginning is known: to the day, month or year."), "day"),
        "note": Meaning(_("What a reader should know about it."), ""),
        "documents": number_of(_("How many public documents it has."), 1),
        "recommendations": number_of(_("How many public records were made in it."), 238),
        "responses": number_of(_("How many public responses were given in it."), 0),
        "url": url("/reviews/fre-upr7/"),
    },
    "documents": {
        "slug": Meaning(_("The name in addresses and filters."), "a-hrc-wg6-7-fre-3"),
        "symbol": Meaning(_("The UN symbol, where it has one."), "A/HRC/WG.6/7/FRE/3"),
        "considers": Meaning(_("The symbol of the State report that it is about."), ""),
        "kind": Meaning(_("What kind of document it is."), "stakeholder_summary"),
        "title": Meaning(_("Its title."), "Summary of stakeholders’ submissions"),
        "published_on": Meaning(_("The date it bears, where known."), "2009-11-30"),
        "language": Meaning(_("The language of the text that was read."), "en"),
        "state": STATE,
        "review": REVIEW,
        "source": Meaning(
            _("Where the document itself can be found."), "https://docs.un.org/A/HRC/WG.6/7/FRE/3", TEXT
        ),
        "sha256": Meaning(_("The SHA-256 of the file that was read."), "0" * 64),
        "note": Meaning(_("What a reader must know, such as what is missing in the text."), ""),
        "paragraphs": number_of(_("How many paragraphs it has."), 53),
        "recommendations": number_of(_("How many public records quote it."), 238),
        "responses": number_of(_("How many public responses quote it."), 0),
        "url": url("/documents/a-hrc-wg6-7-fre-3/"),
    },
    "paragraphs": {
        "document": Meaning(
            _("The document: its symbol, or its slug where it has none."), DOCUMENT.example, TEXT
        ),
        "number": Meaning(_("Its number as printed, or as counted."), "36"),
        "position": Meaning(_("Its place in the document, from 1."), 36),
        "section": Meaning(
            _("The headings above it, outermost first."), ["Freedom of expression"], many(TEXT)
        ),
        "speaker": Meaning(_("In an account of a dialogue: who speaks."), ""),
        "text": Meaning(_("The whole paragraph, verbatim."), f"HRO said: {WORDS}"),
        "recommendations": Meaning(_("The public records made from it, by reference."), [RECORD], many(TEXT)),
        "responses": Meaning(_("The public responses made from it, by reference."), [], many(TEXT)),
        "url": url("/documents/a-hrc-wg6-7-fre-3/#p36"),
    },
}
