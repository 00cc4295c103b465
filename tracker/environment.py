"""Read settings from the environment strictly: an invalid value raises an error instead of being guessed."""

from __future__ import annotations

import builtins
import re
from typing import Any

import environ
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

TRUE = ("true", "on", "yes", "1")
FALSE = ("false", "off", "no", "0")


class Environment(environ.Env):  # type: ignore[misc]  # django-environ has no types
    """django-environ without its leniency, such as reading every unknown word as False.

    Each method raises ImproperlyConfigured with one line: the variable, its value, and what is allowed.
    """

    def bool(self, var: str, default: builtins.bool) -> builtins.bool:
        """Return a boolean, or the default if the variable is not set."""
        if var not in self.ENVIRON:
            return default
        value = self.ENVIRON[var]
        word = value.strip().lower()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise ImproperlyConfigured(f"{var} is {value!r}: allowed are {', '.join((*TRUE, *FALSE))}.")

    def int(self, var: str, default: builtins.int) -> builtins.int:
        """Return an integer of zero or more, or the default if the variable is not set."""
        if var not in self.ENVIRON:
            return default
        value = self.ENVIRON[var]
        if not re.fullmatch(r"[0-9]{1,9}", value.strip(), re.ASCII):
            raise ImproperlyConfigured(f"{var} is {value!r}: allowed is a whole number from 0 to 999999999.")
        return builtins.int(value)

    def languages(self, var: str, default: list[str]) -> list[tuple[str, str]]:
        """Return (code, native name) for each of the comma-separated language codes."""
        codes = [code.strip().lower() for code in self.ENVIRON.get(var, ",".join(default)).split(",")]
        if unknown := [code for code in codes if "name_local" not in LANG_INFO.get(code, {})]:
            raise ImproperlyConfigured(
                f"{var} names {unknown[0]!r}: allowed are language codes that Django knows,"
                " separated by commas, such as en-gb,ru."
            )
        return [(code, LANG_INFO[code]["name_local"]) for code in dict.fromkeys(codes)]

    def choice(self, var: str, default: str, choices: tuple[str, ...]) -> str:
        """Return one of `choices` in upper case, or the default if the variable is not set."""
        value: str = self.ENVIRON.get(var, default)
        if value.strip().upper() not in choices:
            raise ImproperlyConfigured(f"{var} is {value!r}: allowed are {', '.join(choices)}.")
        return value.strip().upper()

    def database(self, var: str, default: str) -> dict[str, Any]:
        """Return Django's settings for a PostgreSQL or SQLite database URL.

        The URL may contain a password, so error messages do not repeat it.
        """
        url = self.ENVIRON.get(var, default)
        if not re.match(r"(?:postgres|postgresql)://[^?]*/[^/?]|sqlite:///[^?]", url):
            raise ImproperlyConfigured(
                f"{var} must begin with postgres:// or sqlite:/// and name a database:"
                " allowed are postgres://user:password@host/name and sqlite:///path."
            )
        try:
            return dict(self.db_url_config(url))
        except (ValueError, KeyError):
            raise ImproperlyConfigured(
                f"{var} cannot be read: in a name or password, signs such as : / ? # @"
                " are written %3A and so on."
            ) from None

    def mail(self, var: str, default: str) -> dict[str, Any]:
        """Return Django's email settings for a URL, which errors do not repeat: it may contain a password."""
        url = self.ENVIRON.get(var, default)
        if not re.fullmatch(r"smtp(?:\+tls|\+ssl)?://\S*[^\s/:@]\S*|consolemail://", url):
            raise ImproperlyConfigured(
                f"{var} must begin with smtp://, smtp+tls:// or smtp+ssl:// and name a server, or be"
                " consolemail://: allowed are smtp+tls://user:password@host:587 and the like."
            )
        try:
            return dict(self.email_url_config(url))
        except ValueError:
            raise ImproperlyConfigured(
                f"{var} cannot be read: in a name or password, signs such as : / ? # @"
                " are written %3A and so on."
            ) from None
