"""What is private, planted in the world of the canaries: drafts, evidence, notes, hidden records, imports."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from recommendations.actions import review_workflow
from recommendations.models import (
    CalendarAddress,
    Following,
    FollowUp,
    FormerReference,
    Import,
    Invitation,
    Note,
    Recommendation,
    ReviewStep,
    SavedView,
    Stakeholder,
    SuggestionDecision,
)
from tests import make
from tests.site.canaries import (
    ADMINISTRATOR,
    EDITOR,
    OTHER,
    OWN,
    OWN_EDITOR,
    PARTNER,
    REVIEWER,
    entry_of,
    evidence_of,
)

if TYPE_CHECKING:
    from tests.site.canaries import World


def plant(world: World) -> None:
    """All that is private, added to the world; nothing that the public sees may change."""
    plant_drafts(world)
    plant_evidence_of_published(world)
    plant_notes_and_people(world)
    plant_hidden_records(world)
    plant_imports(world)


def plant_imports(world: World) -> None:
    """A document with drafts, one that was refused, and one of which the public record was made."""
    secret = world.secret
    words = secret("import", "the words of a paragraph of an import")
    source = Import.objects.create(
        what="document",
        kind="stakeholder_summary",
        filename=f"{secret('import', 'the name of a file')}.txt",
        size=100,
        sha256="1" * 64,
        state="ready",
        message=secret("import", "the message of an import"),
        evidence=[{"words": secret("import", "why an import is of its kind"), "place": "title"}],
        options={"type": "text", "state": "FRE", "mechanism": "UPR", "session": "7"}
        | {"title": "A summary", "symbol": secret("import", "the symbol that an import gives")},
        parsed={
            "stakeholders": [],
            "paragraphs": [
                {"number": "1", "section": [secret("import", "a heading of an import")], "speaker": ""}
                | {"text": f"{words} asks for a change.", "statements": []}
            ],
        },
        review=world.review,
        document=world.document,
        made_by=world.users[EDITOR],
    )
    party = secret("import", "a stakeholder whom an import names")
    source.parties.create(
        name=party, read={"name": f"{party} group", "acronym": party, "kind": "ngo", "members": []}
    )
    world.rows["import"] = source
    world.rows["import_draft"] = source.drafts.create(
        position=1,
        paragraph_index=0,
        text=f"{words} asks",
        place="1.1",
        kind="concern",
        summary=secret("import", "the summary of a draft"),
        raised_by=[party],
        issues=[world.issue.slug],
    )
    world.rows["import_written"] = source.drafts.create(
        position=2,
        paragraph_index=0,
        text="for a change.",
        place="1.2",
        kind="concern",
        state="accepted",
        outcome="created",
        recommendation=world.record,
    )
    source.rows.create(action="created", model="recommendation", object_id=world.record.pk)
    refused = Import.objects.create(
        what="table",
        filename=f"{secret('import', 'the name of a refused file')}.csv",
        size=100,
        sha256="2" * 64,
        state="refused",
        options={"type": "CSV"},
        message=secret("import", "why a file was refused"),
    )
    world.rows["import_refused"] = refused


def plant_drafts(world: World) -> None:
    """A draft of every stage, with evidence of every level."""
    secret = world.secret
    levels = {"draft": "draft", "returned": "draft", "rejected": "draft", "submitted": "waiting"}
    for day, (stage, level) in enumerate(levels.items(), start=1):
        entry = entry_of(
            world,
            status="implemented",
            summary=secret(level, f"the summary of an entry ({stage})"),
            grade="A",
            grade_scheme=secret(level, f"the scheme of an entry ({stage})"),
            as_of=datetime.date(2025, 6, day),
        )
        of_level = {"public": level, "partners": level, "private": "private evidence"}
        evidence_of(world, entry, of_level, f"an entry ({stage})")
        hand_on(world, entry, stage, level)
        world.rows[stage] = entry
    # A correction that is being written, and a draft by the organisation that may not be named.
    world.rows["correction"] = entry_of(
        world,
        summary=secret("draft", "the summary of a correction"),
        replaces=world.published,
        correction_reason=secret("draft", "the reason of a correction"),
    )
    entry_of(world, assessor=world.withheld, summary=secret("draft", "the summary of a withheld one’s draft"))
    # One that was deleted lives on in the history.
    gone = entry_of(world, summary=secret("draft", "the summary of a deleted draft"))
    make.make_evidence(follow_up=gone, title=secret("draft", "evidence of a deleted draft"))
    world.rows["gone"] = gone.pk
    gone.delete()


def hand_on(world: World, entry: FollowUp, stage: str, level: str) -> None:
    """Bring a draft to its stage by the workflow, with a comment on the way."""
    author, reviewer = world.users[OWN], world.users[REVIEWER]
    assert author is not None
    assert reviewer is not None
    if stage == "draft":
        return
    review_workflow.submit(entry, by=author)
    comment = world.secret("comment of a review", f"a comment on an entry ({stage})")
    if stage == "rejected":
        review_workflow.reject(entry, by=reviewer, comment=comment)
        return
    review_workflow.send_back(entry, by=reviewer, comment=comment)
    if stage == "submitted":
        review_workflow.submit(entry, by=author)
        ReviewStep.objects.filter(follow_up=entry, step="submitted").update(
            comment=world.secret("comment of a review", "a comment with a submission")
        )


def plant_evidence_of_published(world: World) -> None:
    """Evidence of a published entry that is not public."""
    levels = {"partners": "evidence for partners", "private": "private evidence"}
    evidence_of(world, world.published, levels, "a published entry")


def plant_notes_and_people(world: World) -> None:
    """Notes, saved views, what people follow, invitations."""
    secret, own = world.secret, world.users[OWN]
    values = {"recommendation": world.record, "organisation": world.organisation, "author": own}
    Note.objects.create(**values, text=secret("private note", "a private note"))
    Note.objects.create(**values, text=secret("note for partners", "a note for partners"), access="partners")
    for user in filter(None, world.users.values()):
        CalendarAddress.objects.create(user=user)
    view = SavedView.objects.create(
        owner=own, name=secret("name of a saved view", "the name of a saved view"), query="kind=concern"
    )
    world.rows["view"] = view
    Following.objects.create(user=own, saved_view=view)
    Following.objects.create(user=own, recommendation=world.record)
    invitation = Invitation.objects.create(
        email=f"{secret('invitation', 'the address of an invited person')}@example.org",
        role="contributor",
        key_sha256="0" * 64,
        invited_by=world.users[ADMINISTRATOR],
        expires_at=timezone.now() + datetime.timedelta(days=3),
    )
    invitation.organisations.add(world.organisation)


def plant_hidden_records(world: World) -> None:
    """Records, responses and documents that are not public, and suggestions, linked to the public ones."""
    secret, record, paragraph = world.secret, world.record, world.record.paragraph
    word = secret("hidden record", "a hidden record")
    hidden = make.make_recommendation(
        reference=f"FRE-{word.upper()}",
        paragraph=paragraph,
        summary=f"{word} summary",
        raised_by=[world.ngo],
        issues=[world.issue],
        groups=[world.group],
        published=False,
    )
    Recommendation.objects.filter(pk=hidden.pk).update(parent=record)
    world.rows["hidden"] = hidden
    old = secret("hidden record", "a former reference of a hidden record")
    world.rows["former"] = FormerReference.objects.create(
        reference=f"FRE-{old.upper()}", recommendation=hidden
    )
    make.make_link(record, hidden, rationale=secret("hidden record", "why a hidden record is linked"))
    make.make_response_link(
        response=world.response,
        recommendation=hidden,
        rationale=secret("hidden record", "why a hidden record is answered"),
    )
    word = secret("hidden record", "a published entry on a hidden record")
    make.make_follow_up(hidden, role="civil_society", assessor=world.ngo, summary=word)
    # Links between public ends that nobody has confirmed.
    word = secret("hidden record", "why a link is suggested")
    suggested = {"confirmed": False, "rationale": word}
    make.make_response_link(response=world.response, recommendation=world.later, **suggested)
    SuggestionDecision.objects.create(
        recommendation=record,
        kind="earlier",
        other=hidden,
        outcome="dismissed",
        reason=secret("hidden record", "why a suggestion was made"),
        by=world.users[OWN_EDITOR],
    )
    word = secret("hidden record", "a hidden response")
    answer = make.make_response(
        [record], paragraph=paragraph, reference=f"FRE-{word.upper()}", summary=word, published=False
    )
    world.rows["hidden_response"] = answer
    word = secret("hidden record", "a hidden document")
    document = make.make_document(
        review=world.review, slug=f"{word}-d", symbol=word, title=f"{word} title", published=False
    )
    world.rows["hidden_document"] = document
    text = secret("hidden record", "a paragraph of a hidden document")
    hidden_paragraph = make.make_paragraph(document=document, text=f"{text} paragraph")
    make.make_response([record], paragraph=hidden_paragraph, text=f"{text} paragraph")
    make.make_recommendation(paragraph=hidden_paragraph, text=f"{text} paragraph", raised_by=[world.ngo])
    # A review with nothing public, of another State.
    word = secret("hidden record", "a review with nothing public")
    state = make.make_state(iso3="XKX", name=f"{word} land")
    slug = secret("name in addresses", "the slug of a review with nothing public")
    review = make.make_review(state=state, slug=f"{slug}-review")
    make.make_recommendation(document=make.make_document(review=review, published=False))
    world.rows["hidden_review"] = review
    # Others follow what is hidden now, and have it in a saved view.
    for name in (OTHER, PARTNER):
        for target in (hidden, world.ngo):
            field_name = "recommendation" if target is hidden else "stakeholder"
            Following.objects.create(user=world.users[name], **{field_name: target})
        query = f"stakeholder={world.withheld.slug}&review={review.slug}"
        SavedView.objects.create(owner=world.users[name], name="Mine", query=query)
    Stakeholder.objects.filter(pk=world.ngo.pk).update(note="")
