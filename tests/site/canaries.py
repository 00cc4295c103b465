"""A world with a secret in every private place: words that occur nowhere else, each with who may read it.

Here is what the public sees something of; all else is added by `planting.py`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from recommendations.actions import review_workflow
from recommendations.models import AlertSetting, Evidence, FollowUp
from tests import make

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
    users: dict[str, Any] = field(default_factory=dict)  # a User, or None for nobody
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
        return [
            f"{level}: {what}"
            for level, what in self.found(text).values()
            if public or viewer not in SEEN_BY[level]
        ]

    def found(self, text: str) -> dict[str, tuple[str, str]]:
        """The secrets that stand in a text, in whatever case."""
        folded = text.casefold()
        if "qzv" not in folded:
            return {}
        return {word: secret for word, secret in self.secrets.items() if word in folded}

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
    review_workflow.submit(entry, by=author)
    review_workflow.send_back(entry, by=reviewer, comment=world.secret("comment of a review", "a comment"))
    review_workflow.submit(entry, by=author)
    world.rows["published"] = review_workflow.approve(entry, by=reviewer)


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
    review_workflow.submit(entry, by=author)
    review_workflow.send_back(
        entry, by=reviewer, comment=secret("withdrawn", "a comment on a withdrawn entry")
    )
    review_workflow.submit(entry, by=author)
    entry = review_workflow.approve(entry, by=reviewer)
    world.rows["withdrawn"] = review_workflow.withdraw(entry, by=reviewer, reason="For safety.")
