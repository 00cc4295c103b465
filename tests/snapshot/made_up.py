"""Rows beside the shipped ones, for what those do not have: due dates, positions, parts, evidence of every
level, withdrawn and corrected entries, what was renamed, and the work of people at the desk."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import QuerySet

from tests import make

if TYPE_CHECKING:
    from tests.snapshot.world import Fixed

DAY = datetime.date


def model(name: str) -> Any:
    """One of the application's models by its name."""
    return apps.get_model("recommendations", name)


def make_up(fixed: Fixed) -> None:
    """All rows, step by step, each on a day of its own."""
    rows: dict[str, Any] = {}
    for day, step in enumerate((people, sources, records, answers, log, drafts, desk, imports), start=1):
        fixed.time = datetime.datetime(2026, 2, day, 8, 0, tzinfo=datetime.UTC)
        fixed.begin(step.__name__)
        step(rows)


def person(name: str, *roles: str, organisations: Any = ()) -> Any:
    """Somebody who may sign in."""
    return make.make_user(
        *roles,
        organisations=organisations,
        username=name,
        first_name=name.title(),
        last_name="Example",
        email=f"{name}@example.org",
    )


def people(rows: dict[str, Any]) -> None:
    """Organisations, one of them not to be named, and who works for them."""
    rows["watch"] = make.make_stakeholder(slug="example-watch", name="Example Watch", acronym="EW")
    rows["partner"] = make.make_stakeholder(
        slug="example-law", name="Example Law Centre", acronym="ELC", partner=True
    )
    rows["withheld"] = make.make_stakeholder(
        slug="not-to-be-named", name="Not to be named", acronym="NTBN", published=False
    )
    rows["js"] = make.make_stakeholder(
        slug="fre-upr7-js1", name="Joint submission 1", acronym="JS1", kind="coalition"
    )
    rows["js"].members.add(rows["watch"], rows["withheld"])
    rows["chief"] = make.make_superuser(username="chief", email="chief@example.org")
    rows["edith"] = person("edith", "editor")
    rows["rita"] = person("rita", "reviewer")
    rows["cleo"] = person("cleo", "contributor", organisations=[rows["watch"]])


def sources(rows: dict[str, Any]) -> None:
    """Three reviews of Freedonia, and their documents."""
    for slug, mechanism, session, day in (
        ("fre-upr7", "UPR", "7", DAY(2010, 2, 15)),
        ("fre-upr20", "UPR", "20", DAY(2014, 10, 27)),
        ("fre-ccpr120", "CCPR", "120", DAY(2017, 7, 3)),
    ):
        review = make.make_review(slug=slug, mechanism=mechanism, session=session, starts_on=day)
        rows[slug] = make.make_document(
            review=review,
            slug=f"{slug}-summary",
            symbol=f"A/EX/{session}/FRE/3",
            title=f"Summary of session {session}",
            published_on=day,
        )
    make.make_document(review=review, slug="fre-hidden", title="Not public yet", published=False)


def records(rows: dict[str, Any]) -> None:
    """Records of every kind and position, with parts, due dates, doubles and later ones."""
    issue = model("Issue").objects.get(slug="defamation")
    other = model("Issue").objects.get(slug="torture")
    women = model("PopulationGroup").objects.order_by("slug").first()

    def record(reference: str, words: str, slug: str = "fre-upr7", **values: Any) -> Any:
        values = {"raised_by": [rows["js"], rows["watch"]], "issues": [issue]} | values
        values["selected_for_follow_up"] = "due_on" in values
        rows[reference] = make.make_recommendation(
            reference=reference, text=words, document=rows[slug], **values
        )
        return rows[reference]

    first = record(
        "FRE-UPR7-1.1",
        "Repeal the law on criminal libel.",
        position="supported",
        due_on=DAY(2026, 2, 20),
        groups=[women],
        summary="Criminal libel",
    )
    whole = record("FRE-UPR7-1.2", "Close the old prison and pay compensation.", position="noted")
    record("FRE-UPR7-1.2a", "Close the old prison", parent=whole, position="noted", issues=[other])
    record("FRE-UPR7-1.2b", "pay compensation", parent=whole, position="noted", issues=[other])
    record("FRE-UPR7-1.3", "Invite the Special Rapporteur.", position="pending", due_on=DAY(2026, 4, 1))
    record("FRE-UPR7-2.1", "JS1 is concerned about libel.", kind="concern", raised_by=[rows["withheld"]])
    record("FRE-UPR7-2.2", "JS1 welcomes the new law.", kind="commendation")
    record("FRE-UPR7-2.3", "Which steps were taken?", kind="question")
    record("FRE-UPR7-9.9", "This is not public.", published=False)
    again = record("FRE-UPR20-1.1", "Repeal the law on libel at last.", "fre-upr20", position="supported")
    last = record("FRE-CCPR120-5", "The State should repeal it.", "fre-ccpr120", due_on=DAY(2027, 7, 3))
    make.make_link(first, again)
    make.make_link(again, last, relation="taken_up")
    model("FormerReference").objects.create(reference="FRE-UPR7-OLD", recommendation=first)


def answers(rows: dict[str, Any]) -> None:
    """What Freedonia said."""
    paragraph = make.make_paragraph(
        document=rows["fre-ccpr120"], text="The delegation said: A bill is before parliament. It would pass."
    )
    rows["answer"] = make.make_response(
        [rows["FRE-UPR7-1.1"], rows["FRE-CCPR120-5"]],
        reference="FRE-CCPR120-R1",
        paragraph=paragraph,
        text="A bill is before parliament.",
        date=DAY(2017, 7, 3),
    )
    make.make_response(
        [rows["FRE-UPR7-2.1"]],
        stance="disputes",
        reference="FRE-CCPR120-R2",
        paragraph=paragraph,
        text="It would pass.",
        date=DAY(2017, 7, 3),
    )


def log(rows: dict[str, Any]) -> None:
    """Published entries: roles that differ, evidence of every level, a correction, one that was withdrawn."""
    record, watch, cleo = rows["FRE-UPR7-1.1"], rows["watch"], rows["cleo"]
    committee = make.make_stakeholder(
        slug="fre-committee", name="The Committee", acronym="", kind="committee"
    )
    state = make.make_stakeholder(slug="freedonia", name="Freedonia", acronym="", kind="state")

    def entry(**values: Any) -> Any:
        defaults = {"role": "civil_society", "assessor": watch, "recorded_by": cleo}
        return make.make_follow_up(values.pop("recommendation", record), **defaults | values)

    entry(role="state", assessor=state, status="implemented", as_of=DAY(2017, 7, 3), summary="A law passed.")
    entry(role="un_body", assessor=committee, status="not_implemented", as_of=DAY(2017, 7, 28))
    first = entry(status="not_implemented", as_of=DAY(2015, 3, 1), summary="Libel is a crime still.")
    second = entry(
        status="partially_implemented",
        as_of=DAY(2025, 3, 1),
        summary="Prison is no longer asked for.",
        replaces=first,
        correction_reason="The date of the law was wrong.",
        confidence="high",
    )
    make.make_evidence(follow_up=second, title="The law", url="https://example.org/law")
    make.make_evidence(
        follow_up=second,
        kind="paragraph",
        url="",
        paragraph=rows["answer"].paragraph,
        text=rows["answer"].text,
    )
    make.make_evidence(
        follow_up=second, kind="file", url="", title="The decree", file=ContentFile(b"Decree\n", "decree.txt")
    )
    make.make_evidence(follow_up=second, title="For partners", access="partners")
    make.make_evidence(follow_up=second, title="For ourselves", access="private")
    gone = entry(recommendation=rows["FRE-UPR7-1.3"], summary="To be withdrawn.")
    # The database allows this one change of a published entry; the model's own manager allows none.
    QuerySet(model("FollowUp")).filter(pk=gone.pk).update(
        status="",
        summary="",
        withdrawn_at=datetime.datetime(2026, 2, 6, tzinfo=datetime.UTC),
        withdrawal_reason="A person is at risk.",
    )
    entry(recommendation=rows["FRE-UPR7-1.2a"], assessor=rows["withheld"], status="regressed")
    entry(recommendation=rows["FRE-UPR20-1.1"], status="in_progress", as_of=DAY(2016, 1, 1))
    rows["published"] = second


def drafts(rows: dict[str, Any]) -> None:
    """Entries of every stage that is not public."""
    for number, stage in enumerate(("draft", "submitted", "returned", "rejected"), start=1):
        one = make.make_follow_up(
            rows["FRE-CCPR120-5"],
            role="civil_society",
            assessor=rows["watch"],
            recorded_by=rows["cleo"],
            published_at=None,
            as_of=DAY(2026, 1, number),
            summary=f"An entry that is {stage}.",
            stage="draft",
        )
        make.make_evidence(follow_up=one, title=f"A link of what is {stage}")
        steps = {"draft": (), "submitted": ("submitted",)}.get(stage, ("submitted", stage))
        for step in steps:
            by = rows["cleo"] if step == "submitted" else rows["rita"]
            comment = "" if step == "submitted" else "Please quote the law."
            model("ReviewStep").objects.create(follow_up=one, step=step, by=by, comment=comment)
        model("FollowUp").objects.filter(pk=one.pk).update(stage=stage)
        rows[stage] = one


def desk(rows: dict[str, Any]) -> None:
    """What people note, save and follow, and who is invited."""
    record, cleo = rows["FRE-UPR7-1.1"], rows["cleo"]
    of_watch = {"recommendation": record, "organisation": rows["watch"], "author": cleo}
    model("Note").objects.create(**of_watch, text="Ask the ministry in May.")
    model("Note").objects.create(**of_watch, text="Shared with the law centre.", access="partners")
    view = model("SavedView").objects.create(owner=cleo, name="Concerns", query="kind=concern")
    following = model("Following").objects
    following.create(user=cleo, saved_view=view)
    following.create(user=cleo, recommendation=record)
    following.create(user=cleo, issue=model("Issue").objects.get(slug="torture"))
    model("AlertSetting").objects.create(user=cleo)
    model("CalendarAddress").objects.create(user=cleo)
    invitation = model("Invitation").objects.create(
        email="new@example.org",
        role="contributor",
        key_sha256="0" * 64,
        invited_by=rows["chief"],
        expires_at=datetime.datetime(2026, 3, 5, tzinfo=datetime.UTC),
    )
    invitation.organisations.add(rows["watch"])


def imports(rows: dict[str, Any]) -> None:
    """A document that was brought in, with drafts, and a file that was refused."""
    words = "JS1 recommended that libel be no crime."
    source = model("Import").objects.create(
        what="document",
        kind="stakeholder_summary",
        filename="summary.txt",
        size=100,
        sha256="1" * 64,
        state="ready",
        evidence=[{"words": "Summary prepared by the Office", "place": "title"}],
        options={
            "type": "text",
            "state": "FRE",
            "mechanism": "UPR",
            "session": "7",
            "title": "A summary",
            "symbol": "A/EX/7/FRE/4",
        },
        parsed={
            "stakeholders": [],
            "paragraphs": [
                {"number": "1", "section": ["Expression"], "speaker": "", "text": words, "statements": []}
            ],
        },
        review=rows["fre-upr7"].review,
        document=rows["fre-upr7"],
        made_by=rows["edith"],
    )
    read = {"name": "Joint submission 1", "acronym": "JS1", "kind": "coalition", "members": []}
    source.parties.create(name="JS1", read=read)
    common = {"paragraph_index": 0, "kind": "recommendation"}
    source.drafts.create(
        **common, position=1, text="libel be no crime", place="1.1", raised_by=["JS1"], issues=["defamation"]
    )
    source.drafts.create(
        **common,
        position=2,
        text="no crime",
        place="1.2",
        state="accepted",
        outcome="created",
        recommendation=rows["FRE-UPR7-1.1"],
    )
    source.rows.create(action="created", model="recommendation", object_id=rows["FRE-UPR7-1.1"].pk)
    model("Import").objects.create(
        what="table",
        filename="table.csv",
        size=100,
        sha256="2" * 64,
        state="refused",
        options={"type": "CSV"},
        message="The file has no rows.",
        made_by=rows["edith"],
    )
