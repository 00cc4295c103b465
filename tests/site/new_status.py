"""What `test_extending_status.py` runs in a copy of the project to which a status was added.

Not found by pytest itself: the status, `NEW_STATUS`, is in the copy only.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from recommendations.models import FollowUp
from recommendations.models.statuses import STATUSES
from tests import make
from tests.desk.entries.form_pages import complete, opened, page

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from recommendations.models import Recommendation, Stakeholder

pytestmark = pytest.mark.django_db
VALUE = os.environ["NEW_STATUS"]
NEW = STATUSES[VALUE]


@pytest.fixture
def logged(desk: Client, record: Recommendation, ngo: Stakeholder) -> Recommendation:
    """A record to which an assessor has given the new status, in the form, and which a reviewer approved."""
    record.tags.create(issue=make.make_issue())
    form = opened(desk, record)
    assert f"{NEW.meaning}" in form.text_content()
    answer = desk.post("/desk/log/", complete(record, ngo, status=VALUE, do="submit"))
    assert answer.status_code == 302
    FollowUp.objects.get(status=VALUE).publish()
    desk.logout()
    return record


def test_new_status_reaches_pages_data_and_charts(client: Client, logged: Recommendation) -> None:
    shown = page(client.get(logged.get_absolute_url()))
    badge = shown.find_class(f"status-{VALUE}")[0]
    assert str(NEW.label) in badge.text_content()
    assert badge.xpath(".//path/@d")[0] == NEW.shape
    assert f"{NEW.meaning}." in page(client.get("/methodology/")).text_content()

    (row,) = client.get(f"/recommendations.json?status={VALUE}").json()["results"]
    assert (row["reference"], row["status"]) == (logged.reference, VALUE)
    (row,) = client.get(f"/api/v1/recommendations/?status={VALUE}").json()["results"]
    assert row["status"] == VALUE
    assert f'"{VALUE}"' in client.get("/api/v1/schema/").text

    answer = client.get(f"/recommendations.xlsx?status={VALUE}")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # the test client's answers have it
    book = load_workbook(io.BytesIO(content))
    heads, values = book.worksheets[0].iter_rows(values_only=True)
    assert VALUE in dict(zip(heads, values, strict=True)).values()

    for name in ("roles", "issues", "state-and-others"):
        chart = client.get(f"/pictures/{name}.svg").text
        assert str(NEW.label) in chart
        assert NEW.light in chart
        assert client.get(f"/pictures/{name}.png").content.startswith(b"\x89PNG")


def test_new_status_reaches_the_admin(client: Client, chief: User, logged: Recommendation) -> None:
    client.force_login(chief)
    (mark,) = page(client.get("/admin/recommendations/recommendation/")).find_class(f"mark-{NEW.admin_tone}")
    assert mark.text_content().split() == [NEW.symbol, str(NEW.label)]


def test_whole_of_parts_that_differ_within_a_degree_has_a_status(client: Client) -> None:
    whole = make.make_recommendation()
    other = next(each for value, each in STATUSES.items() if each.degree is NEW.degree and value != VALUE)
    for status in (VALUE, other.value):
        make.make_follow_up(make.make_recommendation(parent=whole, document=whole.document), status=status)
    (row,) = client.get(f"/recommendations.json?reference={whole.reference}").json()["results"]
    assert row["status_from_parts"]
    assert STATUSES[row["status"]].degree is NEW.degree
