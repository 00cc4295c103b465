"""Rows for tests: each function makes one row with sensible values, all of them overridable."""

from __future__ import annotations

import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    Issue,
    Membership,
    Paragraph,
    PopulationGroup,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    State,
    StateResponse,
    append_only,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_numbers = count(1)
WORDS = "The State should place a moratorium on criminal libel."


def give_second_factor(user: User) -> User:
    """Let the user have set up an app for one-time codes."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "not used here"})
    return user


def make_superuser(**values: Any) -> User:
    """A user who may do everything, with a second factor."""
    return give_second_factor(
        User.objects.create_superuser(**{"username": "chief", "password": "x"} | values)
    )


def make_user(
    *roles: str, organisations: Iterable[Stakeholder] = (), second_factor: bool = True, **values: Any
) -> User:
    """A user with these roles (see recommendations/core/roles.py), working for these organisations."""
    n = next(_numbers)
    name = {"username": f"user{n}", "email": f"user{n}@example.org", "password": "x"}
    user = User.objects.create_user(**name | values)
    user.groups.set(Group.objects.filter(name__in=roles))
    join(user, *organisations)
    return give_second_factor(user) if second_factor else user


def join(user: User, *organisations: Stakeholder) -> None:
    """Let the user work for these organisations."""
    for organisation in organisations:
        Membership.objects.get_or_create(user=user, organisation=organisation)


def make_state(**values: Any) -> State:
    """A State; Freedonia unless told otherwise, made once."""
    values = {"iso3": "FRE", "name": "Freedonia", "region": "Elsewhere"} | values
    return State.objects.get_or_create(iso3=values.pop("iso3"), defaults=values)[0]


def make_review(**values: Any) -> Review:
    """A UPR review of 2010, at a session of its own."""
    n = next(_numbers)
    values.setdefault("state", None)
    values["state"] = values["state"] or make_state()
    defaults = {
        "slug": f"fre-upr{n}",
        "mechanism": "UPR",
        "session": str(n),
        "starts_on": datetime.date(2010, 2, 1),
    }
    return Review.objects.create(**defaults | values)


def make_document(**values: Any) -> Document:
    """A public stakeholder summary of a review of its own."""
    n = next(_numbers)
    if "review" not in values:
        values["review"] = make_review()
    defaults = {
        "slug": f"document-{n}",
        "symbol": f"A/HRC/WG.6/{n}/FRE/3",
        "kind": "stakeholder_summary",
        "title": f"Summary of submissions {n}",
        "published": True,
    }
    return Document.objects.create(**defaults | values)


def make_paragraph(**values: Any) -> Paragraph:
    """The next paragraph of a document, holding WORDS."""
    if "document" not in values:
        values["document"] = make_document()
    n = values["document"].paragraphs.count() + 1
    defaults = {
        "position": n,
        "number": str(n),
        "section": ["Expression"],
        "text": f"JS1 said: {WORDS} More.",
    }
    return Paragraph.objects.create(**defaults | values)


def make_stakeholder(**values: Any) -> Stakeholder:
    """An NGO."""
    n = next(_numbers)
    return Stakeholder.objects.create(
        **{
            "slug": f"ngo-{n}",
            "name": f"Organisation {n}",
            "acronym": f"ORG{n}",
            "kind": "ngo",
            "published": True,
        }
        | values
    )


def make_issue(**values: Any) -> Issue:
    """An issue at the top of the tree, unless a parent is given."""
    n = next(_numbers)
    return Issue.objects.create(**{"slug": f"issue-{n}", "name": f"Issue {n}"} | values)


def make_group(**values: Any) -> PopulationGroup:
    """A population group."""
    n = next(_numbers)
    return PopulationGroup.objects.create(**{"slug": f"group-{n}", "name": f"Group {n}"} | values)


def _hold(paragraph: Paragraph | None, words: str) -> None:
    """Make a given paragraph hold the words that a record is to quote from it."""
    if paragraph is not None and not paragraph.holds(words):
        paragraph.text = f"{paragraph.text} {words}"
        paragraph.save()


def make_recommendation(
    raised_by: list[Stakeholder] | None = None,
    issues: list[Issue] | None = None,
    groups: list[PopulationGroup] | None = None,
    **values: Any,
) -> Recommendation:
    """A public recommendation quoting WORDS from a paragraph of its own."""
    n = next(_numbers)
    if "paragraph" not in values:
        values["paragraph"] = make_paragraph(
            text=f"JS1 said: {values.get('text', WORDS)} More.",
            **({"document": values["document"]} if "document" in values else {}),
        )
    if "document" not in values:
        values["document"] = values["paragraph"].document
    defaults: dict[str, Any] = {
        "reference": f"FRE-UPR7-{n}",
        "kind": "recommendation",
        "text": WORDS,
        "published": True,
    }
    _hold(values["paragraph"], (defaults | values)["text"])
    recommendation = Recommendation.objects.create(**defaults | values)
    recommendation.raised_by.set(raised_by or [])
    for issue in issues or []:
        recommendation.tags.create(issue=issue)
    recommendation.groups.set(groups or [])
    return recommendation


def make_response(
    answers: list[Recommendation] | None = None, stance: str = "reports_measure", **values: Any
) -> StateResponse:
    """A public response of the delegation, linked (confirmed) to what it answers."""
    n = next(_numbers)
    if "paragraph" not in values:
        values["paragraph"] = make_paragraph(text=f"The delegation said: {values.get('text', WORDS)} More.")
    values.setdefault("document", values["paragraph"].document)
    defaults: dict[str, Any] = {
        "reference": f"FRE-CCPR1-R{n}",
        "text": WORDS,
        "date": datetime.date(2020, 6, 1),
        "published": True,
    }
    _hold(values["paragraph"], (defaults | values)["text"])
    response = StateResponse.objects.create(**defaults | values)
    for recommendation in answers or []:
        make_response_link(response=response, recommendation=recommendation, stance=stance)
    return response


def make_response_link(**values: Any) -> ResponseLink:
    """A confirmed link from a response to what it answers."""
    return ResponseLink.objects.create(
        **{"stance": "reports_measure", "rationale": "Speaks to the same law.", "confirmed": True} | values
    )


def make_link(earlier: Recommendation, later: Recommendation, **values: Any) -> RecommendationLink:
    """A confirmed step of a chain."""
    defaults = {"relation": "repeated", "rationale": "Asks the same.", "confirmed": True}
    return RecommendationLink.objects.create(earlier=earlier, later=later, **defaults | values)


KIND_OF_ROLE = {
    "state": "state",
    "civil_society": "ngo",
    "nhri": "nhri",
    "un_body": "committee",
    "tracker": "tracker",
}


def make_follow_up(recommendation: Recommendation | None = None, **values: Any) -> FollowUp:
    """A published entry by the tracker, in progress as of 1 January 2024."""
    role = values.get("role", "tracker")
    if "assessor" not in values:
        values["assessor"] = make_stakeholder(kind=KIND_OF_ROLE[role])
    defaults = {
        "recommendation": recommendation or make_recommendation(),
        "role": role,
        "status": "in_progress",
        "as_of": datetime.date(2024, 1, 1),
        "summary": "A draft law is before parliament.",
        "published_at": timezone.now(),
    }
    return FollowUp.objects.create(**defaults | values)


def make_evidence(**values: Any) -> Evidence:
    """A public link; to a published entry it is added as if it had been there all along."""
    if "follow_up" not in values:
        values["follow_up"] = make_follow_up()
    entry = values["follow_up"]
    defaults = {
        "position": entry.evidence.count() + 1,
        "kind": "link",
        "url": "https://example.org/law",
        "title": "The draft law",
        "access": "public",
    }
    _hold(values.get("paragraph"), values.get("text", ""))
    if not entry.is_published:
        return Evidence.objects.create(**defaults | values)
    append_only.remove()
    (evidence,) = bulk_create_with_history([Evidence(**defaults | values)], Evidence)
    append_only.install()
    return evidence


def make_rows() -> None:
    """Two rows in every list, with everything that a row can show."""
    for _ in range(2):
        person = make_stakeholder(acronym="ORG")
        person.members.add(make_stakeholder())
        group = make_issue()
        record = make_recommendation(
            raised_by=[person],
            issues=[make_issue(parent=group), group],
            groups=[make_group()],
            parent=make_recommendation(),
        )
        make_link(make_recommendation(), record)
        make_link(record, make_recommendation())
        make_response(answers=[record, make_recommendation()])
        make_follow_up(record, role="state", status="implemented")
        entry = make_follow_up(record)
        paragraph = make_paragraph()
        make_evidence(follow_up=entry, kind="paragraph", url="", paragraph=paragraph, text=WORDS)
        make_follow_up(record, replaces=entry, correction_reason="A date.")
