"""allauth's forms in the style of this site: labels instead of placeholders, and help texts."""

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

# Seconds for which a one-time code is valid, including the tolerance before and after its period.
CODE_LASTS = 30 * (1 + 2 * settings.MFA_TOTP_TOLERANCE)


PASSWORD_HELP = _("At least 12 characters: three or four words that do not belong together are good.")


class AccountFormMixin(forms.Form):
    """Remove placeholders, set labels and help texts, and focus the field named by `first`."""

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


class LoginForm(AccountFormMixin, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Password and email address, or user name for accounts created on the server."""

    first = "login"
    labels = {"login": _("E-mail address or user name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(AccountFormMixin, account.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Ask for the password again before a sensitive action."""

    first = "password"


class ResetPasswordForm(AccountFormMixin, account.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Ask for the address that receives the link for setting a new password."""

    first = "email"
    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(AccountFormMixin, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """Set a new password, entered twice."""

    first = "password1"
    labels = {"password1": _("New password"), "password2": _("The new password again")}
    helps = {"password1": PASSWORD_HELP}


class ChangePasswordForm(AccountFormMixin, account.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """Change the password: the current one, and the new one twice."""

    first = "oldpassword"
    labels = {"oldpassword": _("Password until now"), **ResetPasswordKeyForm.labels}
    helps = {"password1": PASSWORD_HELP}


class OneTimeCodeMixin(AccountFormMixin):
    """A code from an authenticator app or a recovery code; each is accepted only once."""

    user: Any
    first = "code"
    helps = {"code": _("The six digits that your app shows now, or one of your recovery codes.")}

    def clean_code(self) -> str:
        """Return the code. Raise the error of a wrong code if it was used before."""
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form, which this is mixed into, has it
        plain = "".join(sign for sign in code.lower() if sign.isalnum())
        if not cache.add(f"one-time-code:{self.user.pk}:{plain}", True, timeout=CODE_LASTS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OneTimeCodeMixin, mfa.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Ask for the second factor at sign-in."""


class ReauthenticateByCodeForm(OneTimeCodeMixin, mfa.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Ask for a code before a sensitive action."""


class ActivateTOTPForm(AccountFormMixin, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """Ask for the first code of a new authenticator app."""

    labels = {"code": _("Code")}
    helps = {"code": _("The six digits that the app shows now.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddWebAuthnForm(AccountFormMixin, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Add a security key and name it."""

    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone")}
    helps = {
        "name": _("So that you know which one it is: “my telephone”, “the blue key”."),
        "passwordless": _("Then it asks for a fingerprint, a face or a PIN, and no password is needed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = ""


class EditWebAuthnForm(AccountFormMixin, webauthn.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Rename a security key."""

    labels = {"name": _("Name of the key")}
