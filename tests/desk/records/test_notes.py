"""Notes on a record: who reads which, and that nothing becomes public unasked; names of authors in public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recommendations.models import Note
from tests import make
from tests.desk.entries.form_pages import errors, page

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from recommendations.models import Recommendation, Stakeholder

pytestmark = pytest.mark.django_db
LEVELS = ("private", "partners", "public")


def notes_of(record: Recommendation) -> str:
    return f"/desk/records/{record.reference}/notes/"


@pytest.fixture
def three(record: Recommendation, ngo: Stakeholder, alice: User) -> None:
    """A note of each level by Alice's organisation."""
    for level in LEVELS:
        Note.objects.create(
            recommendation=record, organisation=ngo, author=alice, text=f"Canary {level}", access=level
        )


def seen(client: Client, address: str) -> set[str]:
    text = client.get(address).content.decode()
    return {level for level in LEVELS if f"Canary {level}" in text}


@pytest.mark.parametrize(
    ("who", "levels"),
    [
        ("colleague", set(LEVELS)),
        ("partner", {"partners", "public"}),
        ("stranger", {"public"}),
        ("reviewer", {"public"}),
        ("administrator", {"public"}),
    ],
)
def test_notes_are_shown_by_access_level(
    client: Client, record: Recommendation, ngo: Stakeholder, three: None, who: str, levels: set[str]
) -> None:
    users = {
        "colleague": lambda: make.make_user("contributor", organisations=[ngo]),
        "partner": lambda: make.make_user("contributor", organisations=[make.make_stakeholder(partner=True)]),
        "stranger": lambda: make.make_user("contributor", organisations=[make.make_stakeholder()]),
        "reviewer": lambda: make.make_user("reviewer"),
        "administrator": lambda: make.make_user("administrator"),
    }
    client.force_login(users[who]())
    assert seen(client, notes_of(record)) == levels
    assert seen(client, record.get_absolute_url()) == {"public"}


def test_public_sees_public_notes_without_author(
    client: Client, record: Recommendation, ngo: Stakeholder, alice: User, three: None
) -> None:
    alice.first_name, alice.last_name = "Alice", "Canaryname"
    alice.save()
    assert seen(client, record.get_absolute_url()) == {"public"}
    assert client.get(notes_of(record)).status_code == 302
    make.make_follow_up(record, role="civil_society", assessor=ngo, recorded_by=alice)
    assert "Canaryname" not in client.get(record.get_absolute_url()).content.decode()
    ngo.shows_authors = True
    ngo.save()
    text = page(client.get(record.get_absolute_url())).text_content()
    assert "written by Alice Canaryname" in text
    assert "Logged by Alice Canaryname" in text
    ngo.published = False
    ngo.save()
    text = client.get(record.get_absolute_url()).content.decode()
    assert "Canaryname" not in text
    assert "Canary public" not in text


def test_a_note_is_private_by_default(desk: Client, record: Recommendation, ngo: Stakeholder) -> None:
    tree = page(desk.get(notes_of(record)))
    assert tree.xpath("//input[@name='access'][@checked]/@value") == ["private"]
    answer = desk.post(notes_of(record), {"organisation": ngo.pk, "text": "Call again.", "access": "private"})
    assert answer["Location"] == notes_of(record)
    note = Note.objects.get()
    assert (note.organisation, note.access, note.author.username) == (ngo, "private", "alice")
    assert "Call again." in desk.get(notes_of(record)).content.decode()


def test_public_note_needs_publishing_role_and_confirmation(
    client: Client, desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    data: dict[str, Any] = {"organisation": ngo.pk, "text": "A public word.", "access": "public"}
    tree = page(desk.post(notes_of(record), data))
    assert "public is not one of the available choices" in errors(tree)[0]
    client.force_login(make.make_user("reviewer", organisations=[ngo]))
    tree = page(client.post(notes_of(record), data))
    assert "A public word." in tree.xpath("//*[contains(@class, 'confirm-danger')]")[0].text_content()
    assert not Note.objects.exists()
    consent = tree.get_element_by_id("id_consent").get("value")
    assert "confirm-danger" in client.post(notes_of(record), data | {"consent": "x"}).content.decode()
    other = data | {"consent": consent, "text": "Another word."}
    assert "confirm-danger" in client.post(notes_of(record), other).content.decode()
    assert client.post(notes_of(record), data | {"consent": consent}).status_code == 302
    assert Note.objects.get().access == "public"


def test_hidden_organisation_cannot_write_public_notes(client: Client, record: Recommendation) -> None:
    hidden = make.make_stakeholder(published=False)
    client.force_login(make.make_user("reviewer", organisations=[hidden]))
    data = {"organisation": hidden.pk, "text": "A public word.", "access": "public"}
    assert "kept off public pages" in errors(page(client.post(notes_of(record), data)))[0]
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": " "}, "Note: Write the note first."),
        ({"text": "\x00"}, "Note: Null characters are not allowed."),
        (
            {"access": "planet"},
            "Who may see it: Select a valid choice. planet is not one of the available choices.",
        ),
        ({"organisation": "0"}, "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_invalid_note_is_refused_with_reason(
    desk: Client, record: Recommendation, ngo: Stakeholder, values: dict[str, str], sentence: str
) -> None:
    data = {"organisation": ngo.pk, "text": "Call again.", "access": "private"} | values
    assert errors(page(desk.post(notes_of(record), data))) == [sentence]
    assert not Note.objects.exists()


def test_only_own_organisation_deletes_a_note(
    client: Client, bob: User, alice: User, record: Recommendation, three: None
) -> None:
    note = Note.objects.get(access="public")
    address = f"/desk/notes/{note.pk}/delete/"
    client.force_login(bob)
    assert address not in client.get(notes_of(record)).content.decode()
    assert client.get(address).status_code == client.post(address).status_code == 404
    client.force_login(alice)
    assert address in client.get(notes_of(record)).content.decode()
    assert "Canary public" in client.get(address).content.decode()
    assert client.post(address)["Location"] == notes_of(record)
    assert seen(client, notes_of(record)) == {"private", "partners"}


def test_administrator_reads_but_cannot_write_notes(client: Client, record: Recommendation) -> None:
    client.force_login(make.make_user("administrator"))
    assert page(client.get(notes_of(record))).xpath("//textarea") == []
    data = {"text": "A word.", "access": "private"}
    assert client.post(notes_of(record), data).status_code == 403
    hidden = make.make_recommendation(published=False)
    assert client.get(notes_of(hidden)).status_code == 404
