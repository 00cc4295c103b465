"""What the tests of the entry form share: reading it as a browser does, and pressing its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import html

if TYPE_CHECKING:
    from django.test import Client
    from lxml.html import HtmlElement

    from recommendations.models import Recommendation, Stakeholder

LOG = "/desk/log/"
WHY = "The bill was adopted in the first reading."


def page(response: Any, status: int = 200) -> HtmlElement:
    """The page, which must have answered so."""
    assert response.status_code == status, response.content.decode()[:2000]
    return html.document_fromstring(response.content.decode())


def form_of(tree: HtmlElement) -> dict[str, Any]:
    """What a browser would send of the form, without a button."""
    form = tree.get_element_by_id("entry-form")
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        # Browsers drop the first line end of a text area.
        data.setdefault(name, []).append(value.removeprefix("\n"))
    return data


def press(client: Client, tree: HtmlElement, button: str, **values: Any) -> Any:
    """Type into the form and press a button of it, as a browser without JavaScript does."""
    action = tree.get_element_by_id("entry-form").get("action")
    return client.post(action, form_of(tree) | values | {"do": button})


def opened(client: Client, record: Recommendation, **query: Any) -> HtmlElement:
    """A new entry for a record."""
    return page(client.get(LOG, {"record": record.reference} | query))


def complete(about: Recommendation, ngo: Stakeholder, **values: Any) -> dict[str, Any]:
    """All that must be typed before an entry can be submitted."""
    return {
        "record": about.reference,
        "assessor": ngo.pk,
        "status": "in_progress",
        "as_of": "2026-01-31",
        "summary": WHY,
        "confidence": "high",
        "key": f"{about.pk:032x}",
        **forms(0),
    } | values


def forms(number: int) -> dict[str, int]:
    """What Django's formset is told of the evidence that is sent: its last position."""
    return {"evidence-TOTAL_FORMS": number, "evidence-INITIAL_FORMS": 0}


def positions(tree: HtmlElement) -> list[int]:
    """Where evidence stands in the form."""
    kinds = [name for name in form_of(tree) if name.startswith("evidence-") and name.endswith("-kind")]
    return [int(name.split("-")[1]) for name in kinds]


def errors(tree: HtmlElement) -> list[str]:
    """The lines of the list of what has to be corrected."""
    return [each.text_content().strip() for each in tree.xpath("//*[@id='form-errors']//li")]
