"""Reading settings from the environment strictly: a value that is not understood is named, never guessed."""

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
    """django-environ, which takes every unknown word for "off", without its guesses.

    Each reader raises ImproperlyConfigured, in one line: the variable, its value, and what is allowed.
    """

    def bool(self, var: str, default: builtins.bool) -> builtins.bool:
        """On or off; the default where the variable is not set."""
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
        """A whole number, zero or more; the default where the variable is not set."""
        if var not in self.ENVIRON:
            return default
        value = self.ENVIRON[var]
        if not re.fullmatch(r"[0-9]{1,9}", value.strip(), re.ASCII):
            raise ImproperlyConfigured(f"{var} is {value!r}: allowed is a whole number from 0 to 999999999.")
        return builtins.int(value)

    def languages(self, var: str, default: list[str]) -> list[tuple[str, str]]:
        """Languages by their codes, separated by commas, each with its name in itself."""
        codes = [code.strip().lower() for code in self.ENVIRON.get(var, ",".join(default)).split(",")]
        if unknown := [code for code in codes if "name_local" not in LANG_INFO.get(code, {})]:
            raise ImproperlyConfigured(
                f"{var} names {unknown[0]!r}: allowed are language codes that Django knows,"
                " separated by commas, such as en-gb,ru."
            )
        return [(code, LANG_INFO[code]["name_local"]) for code in dict.fromkeys(codes)]

    def choice(self, var: str, default: str, choices: tuple[str, ...]) -> str:
        """One of the words, written in upper or lower case; the default where the variable is not set."""
        value: str = self.ENVIRON.get(var, default)
        if value.strip().upper() not in choices:
            raise ImproperlyConfigured(f"{var} is {value!r}: allowed are {', '.join(choices)}.")
        return value.strip().upper()

    def database(self, var: str, default: str) -> dict[str, Any]:
        """Django's settings for the database at this address: PostgreSQL or SQLite.

        The address may hold a password, so it is not repeated.
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
        """Django's settings for sending mail; the address may hold a password, so it is not repeated."""
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
