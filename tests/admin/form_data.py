"""What the tests of the admin share: filling in its forms as a browser does, and choosing its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.forms import FileField

from recommendations.models import Stakeholder
from tests import make
from tests.pages import admin_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model
    from django.http import HttpResponse
    from django.test import Client

    from recommendations.models import Recommendation


def typed(client: Client, page: str) -> dict[str, Any]:
    """What a browser would send back from a form page, unchanged."""
    response = client.get(page)
    assert response.status_code == 200
    context = response.context
    forms = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", ()):
        forms.append(inline.formset.management_form)
        forms.extend(inline.formset.forms)
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or isinstance(bound.field, FileField):
                continue
            if isinstance(value, (list, tuple)):
                data[bound.html_name] = [str(getattr(v, "pk", v)) for v in value]
            else:
                data[bound.html_name] = str(bound.field.prepare_value(getattr(value, "pk", value)))
    return data


def evidence_data(kind: str, **values: Any) -> dict[str, Any]:
    """What a browser sends for one piece of evidence of a new entry."""
    piece = {"position": "1", "kind": kind, "stance": "supports"} | values
    return {"evidence-TOTAL_FORMS": "1"} | {f"evidence-0-{name}": value for name, value in piece.items()}


def text_of(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()


def post_action(client: Client, model: type[Model], action: str, rows: Iterable[Model], **extra: Any) -> Any:
    """Choose an action for some rows of a list."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0", **extra}
    return client.post(admin_address(model, "changelist"), data, follow=True)


def entry_data(client: Client, page: str, record: Recommendation, **values: Any) -> dict[str, Any]:
    """A filled form for a new entry by the tracker, for which the one who is signed in works."""
    assessor = Stakeholder.objects.filter(kind="tracker").first() or make.make_stakeholder(kind="tracker")
    user = get_user(client)
    assert isinstance(user, User)
    make.join(user, assessor)
    return (
        typed(client, page)
        | {
            "recommendation": record.pk,
            "role": "tracker",
            "assessor": assessor.pk,
            "status": "in_progress",
            "as_of": "2025-01-01",
            "summary": "A bill is before parliament.",
            "confidence": "medium",
        }
        | values
    )
