"""Verdicts in sentences: where the headline comes from, and who disagrees with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, ngettext

from recommendations.core.dates import day_in_words
from recommendations.core.text import join_and
from recommendations.models import FollowUp, Stakeholder
from recommendations.models.statuses import STATUS_LABELS

if TYPE_CHECKING:
    from recommendations.models.verdicts import RolledUp, Verdicts

WITH_ARTICLE = {
    Stakeholder.Kind.COMMITTEE,
    Stakeholder.Kind.UN_BODY,
    Stakeholder.Kind.REGIONAL_BODY,
    Stakeholder.Kind.NHRI,
}


def named(entry: FollowUp) -> str:
    """The assessor of an entry inside a sentence; a name kept off public pages is withheld."""
    if entry.role == FollowUp.Role.STATE:
        return gettext("the State")
    if entry.role == FollowUp.Role.TRACKER:
        return gettext("this tracker")
    if not entry.assessor.published:
        return gettext("an assessor whose name is withheld")
    name = entry.assessor.name
    if entry.assessor.kind in WITH_ARTICLE and not name.startswith("The "):
        # Translators: a body inside a sentence, with the article that English needs.
        return gettext("the %(body)s") % {"body": name}
    return name


def headline_sentence(verdicts: Verdicts) -> str:
    """Which entry the headline status comes from, and why that one."""
    entry = verdicts.headline
    state = verdicts.by_role.get(FollowUp.Role.STATE)
    if verdicts.rolled_up:
        return " ".join([_rolled_up_sentence(verdicts, verdicts.rolled_up), *_old(verdicts)])
    if entry is None:
        if state is None:
            return gettext("Nobody has assessed this yet.")
        return gettext(
            "Headline: not assessed. Only the State has reported on this,"
            " and its own claim never makes the headline."
        )
    headline = gettext("Headline: %(status)s, from %(assessor)s, as of %(when)s.")
    sentences = [
        headline
        % {
            "status": verdicts.label.lower(),
            "assessor": named(entry),
            "when": day_in_words(entry.as_of),
        }
    ]
    tracker = verdicts.by_role.get(FollowUp.Role.TRACKER)
    if tracker is not None and tracker != entry and tracker.as_of == entry.as_of:
        sentences.append(
            gettext("On the same date an outside assessor goes before this tracker’s own reading.")
        )
    if state is not None:
        sentences.append(gettext("The State’s own claim never makes the headline."))
    return " ".join([*sentences, *_old(verdicts)])


def _rolled_up_sentence(verdicts: Verdicts, rolled_up: RolledUp) -> str:
    sentence = gettext("Headline: %(status)s, rolled up from its parts, the newest as of %(when)s.") % {
        "status": verdicts.label.lower(),
        "when": day_in_words(rolled_up.as_of),
    }
    if any(role != FollowUp.Role.STATE for role in verdicts.by_role):
        sentence += " " + gettext("What was said of the whole is older.")
    return sentence


def _old(verdicts: Verdicts) -> list[str]:
    """A warning, where the headline may have been overtaken."""
    if not verdicts.is_stale:
        return []
    months = settings.STALE_AFTER_MONTHS
    old = ngettext(
        "It is more than %(n)s month old and may have been overtaken.",
        "It is more than %(n)s months old and may have been overtaken.",
        months,
    )
    return [old % {"n": months}]


def disagreement_sentence(verdicts: Verdicts) -> str:
    """Who says what, where the current verdicts differ; empty where they do not."""
    if not verdicts.disagree:
        return ""
    by_status: dict[str, list[str]] = {}
    claims = []
    for role, entry in verdicts.by_role.items():
        if entry.status == FollowUp.Status.NO_INFORMATION:
            continue
        if role == FollowUp.Role.STATE:
            claim = gettext("“%(status)s”, as the State reports")
            claims.append(claim % {"status": STATUS_LABELS[entry.status].lower()})
        else:
            by_status.setdefault(entry.status, []).append(named(entry))
    for status, names in by_status.items():
        claim = gettext("“%(status)s”, from %(assessors)s")
        claims.append(claim % {"status": STATUS_LABELS[status].lower(), "assessors": join_and(names)})
    return gettext("They do not agree: %(claims)s.") % {"claims": "; ".join(claims)}
