"""A world with a secret in every private place: words that occur nowhere else, each with who may read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.utils import timezone

from recommendations.desk import workflow
from recommendations.models import (
    AlertSetting,
    CalendarAddress,
    Evidence,
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

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Everyone who might look, by what they are to the organisation whose secrets these are.
NOBODY, NO_ROLE, OTHER, PARTNER, OWN = "nobody", "no role", "other", "partner", "own"
REVIEWER, EDITOR, ADMINISTRATOR, SUPERUSER = "reviewer", "editor", "administrator", "superuser"
OWN_EDITOR = "own editor"
VIEWERS = (NOBODY, NO_ROLE, OTHER, PARTNER, OWN, OWN_EDITOR, REVIEWER, EDITOR, ADMINISTRATOR, SUPERUSER)
OURS = {OWN, OWN_EDITOR}
REVIEWS = {REVIEWER, ADMINISTRATOR, SUPERUSER}
EDITS = {EDITOR, OWN_EDITOR, ADMINISTRATOR, SUPERUSER}

# The matrix: level → who may read it. In public, nobody reads any of it.
SEEN_BY: dict[str, set[str]] = {
    # An entry that is being written, was returned or rejected, with its evidence of every level.
    "draft": OURS,
    # An entry that waits for review, and its evidence for everyone and for partners.
    "waiting": OURS | REVIEWS,
    "private evidence": OURS,
    # Of a published entry.
    "evidence for partners": {*OURS, PARTNER} | REVIEWS,
    "comment of a review": OURS | REVIEWS,
    "private note": OURS,
    "note for partners": {*OURS, PARTNER},
    "name of a saved view": {OWN},
    # What a withdrawn entry said; what a published one said before it was submitted.
    "withdrawn": set(),
    "former version": OURS,
    # Drafts of records, responses and documents, suggestions, and what hangs on them.
    "hidden record": EDITS,
    # An organisation that may not be named.
    "withheld name": OURS | REVIEWS | EDITS,
    # Who recorded an entry.
    "name of an author": OURS | REVIEWS | EDITS,
    # Staff may know them from elsewhere and type them; no page gives them away to the public.
    "name in addresses": set(VIEWERS) - {NOBODY},
    "invitation": {ADMINISTRATOR, SUPERUSER},
    # A file that was brought in, what was read of it, and what is decided on it.
    "import": EDITS,
}


@dataclass
class World:
    """The rows that tests ask for, and the secrets: word → (level, what it is)."""

    secrets: dict[str, tuple[str, str]] = field(default_factory=dict)
    users: dict[str, User | None] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    def secret(self, level: str, what: str) -> str:
        """A word that occurs nowhere else. Letters and digits, as search and slugs keep them."""
        assert level in SEEN_BY
        word = f"qzv{next(self.numbers):03d}kx"
        self.secrets[word] = (level, what)
        return word

    def told(self, text: str, viewer: str = NOBODY, public: bool = False) -> list[str]:
        """What stands in a text and is not for this viewer: level and what it is."""
        folded = text.casefold()
        return [
            f"{level}: {what}"
            for word, (level, what) in self.secrets.items()
            if word in folded and (public or viewer not in SEEN_BY[level])
        ]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_public(world: World) -> None:
    """Everything of which the public sees something: one of each, a withdrawn and a corrected entry too."""
    rows = world.rows
    secret = world.secret
    rows["organisation"] = own = make.make_stakeholder(name="Open Society", slug="open-society", acronym="OS")
    # Its name is withheld; it raises, assesses and belongs to a coalition all the same.
    word = secret("withheld name", "the name of an organisation")
    rows["withheld"] = withheld = make.make_stakeholder(
        name=f"{word} organisation",
        acronym=word,
        slug=f"{secret('name in addresses', 'the slug of an organisation')}-o",
        note=word,
        published=False,
    )
    ngo = rows["ngo"] = make.make_stakeholder(name="Known group", slug="known-group", kind="coalition")
    ngo.members.add(withheld)
    world.users |= {
        NOBODY: None,
        NO_ROLE: make.make_user(),
        OTHER: make.make_user("contributor", organisations=[make.make_stakeholder()]),
        PARTNER: make.make_user("contributor", organisations=[make.make_stakeholder(partner=True)]),
        OWN: make.make_user(
            "contributor",
            organisations=[own, withheld],
            username=secret("name of an author", "the name by which an author signs in"),
            first_name=secret("name of an author", "the first name of an author"),
            email=f"{secret('name of an author', 'the address of an author')}@example.org",
        ),
        OWN_EDITOR: make.make_user("editor", organisations=[own, withheld]),
        REVIEWER: make.make_user("reviewer"),
        EDITOR: make.make_user("editor"),
        ADMINISTRATOR: make.make_user("administrator"),
        SUPERUSER: make.make_superuser(),
    }
    rows["alerts"] = AlertSetting.objects.create(user=world.users[OWN])
    issue = rows["issue"] = make.make_issue(name="Expression", slug="expression")
    group = rows["group"] = make.make_group(slug="journalists")
    record = rows["record"] = make.make_recommendation(
        reference="FRE-UPR7-1", raised_by=[ngo, own, withheld], issues=[issue], groups=[group]
    )
    rows["review"], rows["document"] = record.document.review, record.document
    rows["later"] = make.make_recommendation(
        reference="FRE-UPR8-1", document=make.make_document(), raised_by=[ngo], issues=[issue]
    )
    make.make_link(record, rows["later"])
    rows["response"] = make.make_response([record], reference="FRE-CCPR1-R1")
    published(world)
    withdrawn(world)
    make.make_follow_up(record, role="civil_society", assessor=withheld, status="regressed")


def entry_of(world: World, **values: Any) -> FollowUp:
    """A draft of the organisation on the public record."""
    defaults = {"role": "civil_society", "assessor": world.organisation, "recorded_by": world.users[OWN]}
    defaults |= {"published_at": None, "as_of": datetime.date(2023, 5, 1)}
    return make.make_follow_up(world.record, **defaults | values)


def evidence_of(world: World, entry: FollowUp, level_of: dict[str, str], what: str) -> None:
    """A link and a file of each access level, with a secret in each field."""
    for access, level in level_of.items():
        word = world.secret(level, f"a link of {what} ({access})")
        values = {"follow_up": entry, "access": access}
        make.make_evidence(**values, title=word, url=f"https://example.org/{word}")
        word = world.secret(level, f"a file of {what} ({access})")
        file = ContentFile(word.encode(), f"{word}.txt")
        make.make_evidence(**values, kind="file", url="", title=word, file=file)
        quoted = world.secret(level, f"a title of a quote of {what} ({access})")
        make.make_evidence(
            **values,
            kind="paragraph",
            url="",
            title=quoted,
            paragraph=world.record.paragraph,
            text=make.WORDS,
        )


def published(world: World) -> None:
    """A published entry with public evidence, made of a draft that said more."""
    entry = entry_of(world, summary=world.secret("former version", "the summary of a former version"))
    once = make.make_evidence(
        follow_up=entry,
        title=world.secret("former version", "the title of evidence that was private"),
        access="private",
    )
    once.title, once.access = "The law", "public"
    once.save()
    make.make_evidence(
        follow_up=entry,
        kind="file",
        url="",
        title="The decree",
        file=ContentFile(b"Decree", "a.txt"),
    )
    entry.summary = "A law was passed."
    entry.save()
    author, reviewer = world.users[OWN], world.users[REVIEWER]
    assert author is not None
    assert reviewer is not None
    workflow.submit(entry, by=author)
    workflow.send_back(entry, by=reviewer, comment=world.secret("comment of a review", "a comment"))
    workflow.submit(entry, by=author)
    world.rows["published"] = workflow.approve(entry, by=reviewer)


def withdrawn(world: World) -> None:
    """An entry that was withdrawn, with all that it said and rested on."""
    secret = world.secret
    entry = entry_of(
        world,
        summary=secret("withdrawn", "the summary of a withdrawn entry"),
        grade="B",
        grade_scheme=secret("withdrawn", "the scheme of a withdrawn entry"),
        as_of=datetime.date(2022, 5, 1),
    )
    evidence_of(world, entry, dict.fromkeys(Evidence.Access.values, "withdrawn"), "a withdrawn entry")
    author, reviewer = world.users[OWN], world.users[REVIEWER]
    assert author is not None
    assert reviewer is not None
    workflow.submit(entry, by=author)
    workflow.send_back(entry, by=reviewer, comment=secret("withdrawn", "a comment on a withdrawn entry"))
    workflow.submit(entry, by=author)
    entry = workflow.approve(entry, by=reviewer)
    world.rows["withdrawn"] = workflow.withdraw(entry, by=reviewer, reason="For safety.")


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
    workflow.submit(entry, by=author)
    comment = world.secret("comment of a review", f"a comment on an entry ({stage})")
    if stage == "rejected":
        workflow.reject(entry, by=reviewer, comment=comment)
        return
    workflow.send_back(entry, by=reviewer, comment=comment)
    if stage == "submitted":
        workflow.submit(entry, by=author)
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
