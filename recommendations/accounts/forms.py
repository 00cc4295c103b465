"""allauth's forms as every form here looks: labels instead of placeholders, help where it is needed."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

# Seconds for which a one-time code is taken, one period early and late included.
CODE_LASTS = 30 * (1 + 2 * settings.MFA_TOTP_TOLERANCE)


PASSWORD_HELP = _("At least 12 characters: three or four words that do not belong together are good.")


class Plain(forms.Form):
    """Labels say what a field is; the first field has the focus."""

    first = ""
    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)
        if self.first and not self.is_bound:
            self.fields[self.first].widget.attrs["autofocus"] = True


class LoginForm(Plain, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address (or, for who was made on the server, name) and password."""

    first = "login"
    labels = {"login": _("E-mail address or user name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password again."""

    first = "password"


class ResetPasswordForm(Plain, account.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address to which the link for a new password goes."""

    first = "email"
    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A new password, twice."""

    first = "password1"
    labels = {"password1": _("New password"), "password2": _("The new password again")}
    helps = {"password1": PASSWORD_HELP}


class ChangePasswordForm(Plain, account.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The password that was, and a new one, twice."""

    first = "oldpassword"
    labels = {"oldpassword": _("Password until now"), **ResetPasswordKeyForm.labels}
    helps = {"password1": PASSWORD_HELP}


class OneTimeCode(Plain):
    """A code from an app, or a recovery code; none is taken twice while it lasts."""

    user: Any
    first = "code"
    helps = {"code": _("The six digits that your app shows now, or one of your recovery codes.")}

    def clean_code(self) -> str:
        """The code; the same one a second time is as wrong as any."""
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form, which this is mixed into, has it
        plain = "".join(sign for sign in code.lower() if sign.isalnum())
        if not cache.add(f"one-time-code:{self.user.pk}:{plain}", True, timeout=CODE_LASTS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OneTimeCode, mfa.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """At the door."""


class ReauthenticateByCodeForm(OneTimeCode, mfa.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Before something that matters."""


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of a new app."""

    labels = {"code": _("Code")}
    helps = {"code": _("The six digits that the app shows now.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddWebAuthnForm(Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key, and how its owner calls it."""

    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone")}
    helps = {
        "name": _("So that you know which one it is: “my telephone”, “the blue key”."),
        "passwordless": _("Then it asks for a fingerprint, a face or a PIN, and no password is needed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = ""


class EditWebAuthnForm(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """How its owner calls a key."""

    labels = {"name": _("Name of the key")}
