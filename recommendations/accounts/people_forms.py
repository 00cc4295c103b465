"""Forms for inviting people, joining, and editing a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from recommendations.accounts import services
from recommendations.accounts.forms import PASSWORD_HELP
from recommendations.core.roles import MEANINGS, Role
from recommendations.core.widgets import DefinedBoxes, DefinedChoices
from recommendations.models import Invitation, Stakeholder

if TYPE_CHECKING:
    from django.db.models import QuerySet


def organisations() -> QuerySet[Stakeholder]:
    """Return the stakeholders that people may work for, those with the most members first."""
    everyone: QuerySet[Stakeholder] = Stakeholder.objects.all()
    return everyone.annotate(people=Count("memberships")).order_by("-people", "name", "slug")


class OrganisationsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """Any number of organisations, from a list that a script lets users filter."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "narrowed"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Stakeholder.objects.none(),
            to_field_name="slug",
            required=False,
            label=_("Organisations"),
            help_text=_("Entries are made in the name of one of these, and what is private to them is seen."),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Reject values that are no valid slugs before querying the database."""
        for each in value or []:
            if not slug_re.fullmatch(str(each)):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": each}
                )
        return super().clean(value)


class InviteForm(forms.Form):
    """Email address, role and organisations of the person to invite."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("An address of the person's own, not one that several read."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=DefinedChoices(MEANINGS))
    organisations = OrganisationsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations()  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_email(self) -> str:
        """Return the address in lower case. Raise ValidationError if it has an account or open invitation."""
        email: str = self.cleaned_data["email"].lower()
        if services.has_account(email):
            raise ValidationError(_("Somebody with this address has an account already."))
        if Invitation.objects.open().filter(email=email).exists():
            raise ValidationError(
                _("This address is invited already: in the list of people the invitation can be sent again.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        """Require an organisation for contributors, because entries are made in an organisation's name."""
        cleaned = super().clean() or {}
        if cleaned.get("role") == Role.CONTRIBUTOR and not cleaned.get("organisations"):
            self.add_error(
                "organisations", _("A contributor logs in the name of an organisation: choose at least one.")
            )
        return cleaned


class JoinForm(forms.Form):
    """Name and password that an invited person sets."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=PASSWORD_HELP,
    )
    again = forms.CharField(
        label=_("The password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Check that the two passwords match and pass the password validators."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            person = User(email=self.email, username=self.email, first_name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
            if "again" in cleaned and cleaned["again"] != password:
                self.add_error("again", _("This is not the same password."))
        return cleaned


class PersonForm(forms.Form):
    """Name, email address, roles and organisations of a person, for administrators."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=DefinedBoxes(MEANINGS)
    )
    organisations = OrganisationsField()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["organisations"].queryset = organisations()  # type: ignore[attr-defined]  # a ModelChoiceField
        # Only accounts created on the server may lack an address; others cannot remove theirs.
        self.fields["email"].required = bool(person.email)

    def clean_email(self) -> str:
        """Return the address in lower case. Raise ValidationError if another account has it."""
        email: str = self.cleaned_data["email"].lower()
        if email and email != self.person.email.lower() and services.has_account(email):
            raise ValidationError(_("Somebody with this address has an account already."))
        return email
