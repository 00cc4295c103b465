"""Fields and errors as every form shows them: what a screen reader hears, and where the links lead."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from lxml.html import HtmlElement, document_fromstring

from recommendations.core.widgets import DefinedChoices
from recommendations.models import FollowUp
from recommendations.public.badges import status_badge

MEANINGS = {"implemented": "what was asked is done", "regressed": "measures go against it"}


class EntryForm(forms.Form):
    """One field of each shape."""

    summary = forms.CharField(help_text="One sentence <on> what changed.", widget=forms.Textarea)
    status = forms.ChoiceField(
        choices=[(value, FollowUp.Status(value).label) for value in MEANINGS],
        widget=DefinedChoices(MEANINGS, status_badge),
        help_text="See the methodology.",
    )
    groups = forms.MultipleChoiceField(
        choices=[("women", "Women"), ("children", "Children")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    when = forms.SplitDateTimeField()
    sure = forms.BooleanField(label="I have checked it")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("These do not go together.")


def shown(form: forms.Form) -> HtmlElement:
    fields = "".join(f"{{% form_field form.{name} %}}" for name in form.fields)
    return document_fromstring(
        Template("{% load forms %}<main>{% form_errors form %}" + fields + "</main>").render(
            Context({"form": form})
        )
    )


@pytest.fixture
def empty() -> HtmlElement:
    return shown(EntryForm())


@pytest.fixture
def wrong() -> HtmlElement:
    return shown(EntryForm({"status": "planet", "version": "x"}))


def label_of(page: HtmlElement, id: str) -> str:
    return page.xpath(f"//label[@for='{id}']")[0].text_content()


def described(page: HtmlElement, control: HtmlElement) -> str:
    """What is read after a control's name."""
    return " ".join(
        page.get_element_by_id(each).text_content() for each in control.get("aria-describedby", "").split()
    )


def test_every_control_has_label_and_help(empty: HtmlElement) -> None:
    for control in empty.xpath("//textarea | //input[@type != 'hidden' and not(starts-with(@name, 'when'))]"):
        assert label_of(empty, control.get("id")), control.get("name")
    assert "One sentence <on> what changed." in described(empty, empty.get_element_by_id("id_summary"))
    status = empty.xpath("//fieldset[.//input[@name='status']]")[0]
    assert status.find("legend").text_content().strip() == "Status"
    assert described(empty, status) == "See the methodology."
    first = empty.get_element_by_id("id_status_0")
    assert described(empty, first) == MEANINGS["implemented"]
    assert first.getparent().find_class("status-implemented")
    assert "(optional)" in empty.xpath("//fieldset[.//input[@name='groups']]/legend")[0].text_content()
    assert "(optional)" not in label_of(empty, "id_summary")
    assert len(empty.xpath("//input[@name='version']")) == 1
    assert empty.xpath("//*[@aria-invalid or @id='form-errors']") == []


def test_invalid_field_announces_its_error(wrong: HtmlElement) -> None:
    summary = wrong.get_element_by_id("id_summary")
    assert summary.get("aria-invalid") == "true"
    assert "Error: This field is required." in " ".join(described(wrong, summary).split())
    status = wrong.xpath("//fieldset[.//input[@name='status']]")[0]
    assert "planet is not one of the available choices" in described(wrong, status)


def test_error_summary_takes_focus_and_links_each_field(wrong: HtmlElement) -> None:
    box = wrong.get_element_by_id("form-errors")
    assert (box.get("tabindex"), "autofocus" in box.attrib) == ("-1", True)
    assert "6 things have to be corrected" in box.text_content()
    targets = [link.get("href")[1:] for link in box.iter("a")]
    assert targets == ["id_summary", "id_status_0", "id_when_0", "id_sure"]
    assert [wrong.get_element_by_id(target).tag for target in targets] == ["textarea", *["input"] * 3]
    # What belongs to no control that can be seen is said, and links nowhere.
    loose = [each.text_content().strip() for each in box.iter("li") if each.find("a") is None]
    assert loose == ["These do not go together.", "Enter a whole number."]


def test_error_summary_includes_formset_errors() -> None:
    class LinkForm(forms.Form):
        url = forms.URLField(assume_scheme="https")

    links = forms.formset_factory(LinkForm, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-url": "not an address"}
    html = Template("{% load forms %}{% form_errors links %}").render(Context({"links": links(data)}))
    assert "Please submit at least 2 forms." in html
    assert 'href="#id_form-0-url"' in html
    unbound = Template("{% load forms %}{% form_errors links %}").render(Context({"links": links()}))
    assert unbound.strip() == ""
