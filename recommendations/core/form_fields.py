"""Form fields that Django has not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TextField(forms.CharField):
    """Several lines, whose ends are those of the database and not of the browser."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Django's, with plain line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class DayField(forms.DateField):
    """A day, typed or picked."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Write the day like 2026-03-31.")}
