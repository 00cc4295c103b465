"""What is private to one is read by nobody else at the desk and in the admin: every address, by everyone.

The world and the matrix of who may read what are in `tests/site/canaries.py`.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from recommendations.desk.work.calendar import signer
from recommendations.models import (
    CalendarAddress,
    Evidence,
    FollowUp,
    Import,
    ImportDraft,
    Invitation,
    Note,
    Recommendation,
    Stakeholder,
)
from tests.pages import admin_address
from tests.site import canaries
from tests.site.canaries import NOBODY, OWN, PARTNER, REVIEWER, VIEWERS, World
from tests.site.walking import content, keywords, parts, patterns, words_in

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


PAGES_OF_WORK = ("returned", "drafts", "review", "due", "stale", "unassessed")
# What varies in the addresses of the desk that are not of one entry or record.
SMALL = {
    "kind": ["answer", "earlier", "later"],
    "slug": list(PAGES_OF_WORK),
    "uidb36": ["1"],
}


def desk_addresses(world: World) -> list[str]:
    """Every address of the desk, for every entry, record, file and view; one without an example fails."""
    entries = [*FollowUp.objects.values_list("pk", flat=True), world.gone]
    of = {
        "pk": [*entries, world.view.pk],
        "reference": [world.record.reference, world.hidden.reference],
        "key": [row.file_key for row in Evidence.objects.exclude(file="")] + ["0" * 32],
        **SMALL,
    }
    users = [user for user in world.users.values() if user]
    people = [user.pk for user in users]
    invited = list(Invitation.objects.values_list("pk", flat=True))
    imports = list(Import.objects.values_list("key", flat=True))
    import_drafts = list(ImportDraft.objects.values_list("pk", flat=True))
    by_name: dict[str, Any] = {
        name: {"key": imports, "pk": import_drafts}
        for name, path, _pattern in patterns()
        if path.startswith("desk/import/")
    }
    by_name |= {
        "desk_calendar": [signer.sign(each.key.hex) for each in CalendarAddress.objects.all()],
        "desk_note_delete": list(Note.objects.values_list("pk", flat=True)),
        "desk_resend": invited,
        "desk_revoke": invited,
        "desk_person": people,
    }
    found = []
    for name, path, pattern in patterns():
        if not path.startswith("desk/") or path.startswith("desk/account/"):
            continue
        givens: list[dict[str, Any]] = [{}]
        for keyword in keywords(pattern):
            assert keyword in of, f"give an example of {keyword} in the address {path}"
            values = by_name.get(name, of[keyword])
            if isinstance(values, dict):
                values = values[keyword]
            if len(keywords(pattern)) > 1:
                values = values[:3]
            givens = [given | {keyword: value} for given in givens for value in values]
        found += [reverse(name, kwargs=given or None) for given in givens]
    found += [f"/desk/find/?q={word}" for word in (*list(world.secrets)[::6], "libel", "FRE-UPR7-1")]
    references = (world.record.reference, world.hidden.reference, world.former.reference)
    found += [f"/desk/log/?record={reference}" for reference in references]
    found += [f"/desk/log/?replaces={entry}" for entry in entries]
    found += [f"/desk/follow/?recommendation={reference}" for reference in references]
    found += [f"/desk/follow/?stakeholder={world.withheld.slug}", f"/desk/follow/?saved_view={world.view.pk}"]
    found += [f"/desk/withdraw/?q={reference}" for reference in references]
    found += [f"/desk/review/?organisation={world.withheld.slug}", "/desk/views/new/?kind=concern"]
    return found


def admin_addresses(world: World) -> list[str]:
    """The admin: every list, and the pages and former versions of every row of the log and of the records."""
    found = ["/admin/", "/admin/recommendations/"]
    for model in admin.site._registry:
        found += [admin_address(model, page) for page in ("changelist", "add")]
        rows: Any = model._default_manager.order_by("pk")
        many = model in (FollowUp, Evidence, Recommendation, Stakeholder)
        if model is Evidence:
            rows = rows.filter(kind="file")  # each entry and level has one
        pks = list(rows.values_list("pk", flat=True)) if many else list(rows.values_list("pk", flat=True)[:1])
        if model is FollowUp:
            pks.append(world.gone)
        for pk in pks:
            found += [admin_address(model, page, pk) for page in ("change", "history", "delete")]
            if model in (FollowUp, Evidence):
                versions = model.history.filter(id=pk).values_list("history_id", flat=True)
                found += [admin_address(model, "simple_history", pk, version) for version in versions]
    found += [f"/admin/r/{kind.pk}/{world.draft.pk}/" for kind in ContentType.objects.all()]
    for model, field in (("evidence", "follow_up"), ("followup", "replaces"), ("followup", "recommendation")):
        query = f"app_label=recommendations&model_name={model}&field_name={field}"
        found += [f"/admin/autocomplete/?{query}", f"/admin/autocomplete/?{query}&term=qzv"]
    return found


def without(words: str, some: set[str]) -> str:
    """What is left when some words are taken out."""
    return re.sub("|".join(some), "", words.casefold()) if some else words


# Words that stand in addresses, which a log names when they lead nowhere.
IN_ADDRESSES = {"hidden record", "withheld name"}


# What the pages of the desk show to whom, so that the walk must have met it.
REACHED = {
    "draft": {OWN},
    "waiting": {OWN, REVIEWER},
    "private evidence": {OWN},
    "evidence for partners": {OWN, PARTNER, REVIEWER},
    "private note": {OWN},
    "note for partners": {OWN, PARTNER},
    "name of a saved view": {OWN},
    "import": {canaries.EDITOR, canaries.ADMINISTRATOR},
}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_desk_shows_no_secret_to_the_wrong_user(planted, client, viewer, caplog):
    caplog.set_level(logging.DEBUG)
    if viewer != NOBODY:
        client.force_login(planted.users[viewer])
    read = set()
    for address in desk_addresses(planted):
        response = client.get(address)
        words = words_in(parts(content(response))) + str(response.headers)
        asked_for = set(re.findall(r"qzv\d{3}kx", address.casefold()))
        told = planted.told(without(words, asked_for), viewer)
        assert not told, address
        assert response.status_code in {200, 302, 403, 404, 405}, address
        # Of an invitation and of a calendar the key in the address stands for signing in.
        keyed = address.startswith(("/desk/join/", "/desk/calendar/"))
        assert viewer != NOBODY or keyed or response.status_code == 302, address
        read |= set(planted.found(words))
    # The walk reaches what is private, or it would prove nothing.
    wanted = {
        word: what for word, (level, what) in planted.secrets.items() if viewer in REACHED.get(level, ())
    }
    assert not {what for word, what in wanted.items() if word not in read and "deleted" not in what}
    in_log = [level for level in planted.told(caplog.text) if level.partition(":")[0] not in IN_ADDRESSES]
    assert not in_log
    sessions = "".join(str(session.get_decoded()) for session in Session.objects.all())
    assert not planted.told(sessions)
    assert not planted.told("".join(str(message.message()) for message in mail.outbox))


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name in canaries.EDITS])
def test_admin_shows_no_secret_to_the_wrong_user(planted, client, viewer):
    client.force_login(planted.users[viewer])
    for address in admin_addresses(planted):
        response = client.get(address)
        words = words_in(parts(content(response))) + str(response.headers)
        asked_for = set(re.findall(r"qzv\d{3}kx", address.casefold()))
        told = planted.told(without(words, asked_for), viewer)
        assert not told, address
        assert response.status_code in {200, 302, 403, 404}, address
