"""The style guide, and what keeps the styles of one family."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

from tests import make

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

STYLES = sorted((settings.BASE_DIR / "recommendations" / "static" / "recommendations" / "css").glob("*.css"))
TEMPLATES = settings.BASE_DIR / "templates"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("debug", "demo", "status"), [(True, False, 200), (False, True, 200), (False, False, 404)]
)
def test_styleguide_is_not_public(settings: SettingsWrapper, debug: bool, demo: bool, status: int) -> None:
    settings.DEBUG, settings.DEMO = debug, demo
    assert Client().get("/styleguide/").status_code == status


@pytest.mark.django_db
def test_styleguide_shows_real_records() -> None:
    record = make.make_recommendation()
    make.make_follow_up(record, status="regressed")
    page = Client().get("/styleguide/").content.decode()
    assert record.reference in page
    assert 'class="role-status status-regressed"' in page


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_styles_use_named_colours_and_type_sizes(style) -> None:
    """Colours stand in two files; sizes of type in variables.css, but for what is relative, and paper."""
    text = style.read_text(encoding="utf-8")
    if style.name in {"variables.css", "statuses.css"}:
        return
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", text) == []
    screen = re.sub(r"@media print \{.*?\n\}", "", text, flags=re.DOTALL)
    sizes = re.findall(r"font-size: ([^;]+);", screen)
    assert [
        size for size in sizes if not re.fullmatch(r"var\(--text-\w+\)|[\d.]+(em|%)|0|inherit", size)
    ] == []


def test_css_variables_are_set_and_styles_loaded() -> None:
    text = "".join(style.read_text(encoding="utf-8") for style in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used - set(re.findall(r"(--[\w-]+):", text)) == set()
    templates = "".join(each.read_text(encoding="utf-8") for each in TEMPLATES.rglob("*.html"))
    assert [style.name for style in STYLES if f"css/{style.name}'" not in templates] == []
