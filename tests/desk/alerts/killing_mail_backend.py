"""A mail server that takes each mail as a file, slowly, and may kill the process that sends.

`MAIL_KILLS`: `before 2` kills before the second mail is taken, `after 2` when it has just been taken.
`MAIL_TAKES`: the seconds that it takes over each mail.
"""

from __future__ import annotations

import os
import signal
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class EmailBackend(BaseEmailBackend):
    """One file for each mail that was taken."""

    taken = 0

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            self.die("before")
            time.sleep(float(os.environ.get("MAIL_TAKES", "0")))
            folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # set by Django, where the plugin does not look
            made = folder / f"{uuid.uuid4()}.eml"
            made.write_bytes(message.message().as_bytes())
            self.die("after")
            self.taken += 1
        return len(messages)

    def die(self, when: str) -> None:
        """As with `kill -9`, if it is time."""
        if os.environ.get("MAIL_KILLS") == f"{when} {self.taken + 1}":
            os.kill(os.getpid(), signal.SIGKILL)
