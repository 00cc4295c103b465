"""Process untrusted files in a child process that cannot take the server down.

A broken or hostile file can make a library loop, crash or exhaust memory. The module that opens it therefore
runs in its own process, with limits on time, memory and file size, and without the server's environment
variables, which hold secrets. Nothing is written to disk: the child reads standard input and writes to
standard output.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_REFUSED = 3
# Environment variables passed to the child; never settings.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL")


class RefusedError(Exception):
    """The child refused the file; the message is its one-line reason."""


class OverrunError(Exception):
    """The child exceeded its time limit."""


class CrashedError(Exception):
    """The child ended without a result: it crashed or exceeded its limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a child: seconds (of wall clock and of CPU time) and bytes of memory; no file writes."""

    seconds: float
    memory: int

    def impose(self) -> None:
        """Apply the limits to the current process."""
        resource.setrlimit(resource.RLIMIT_AS, (self.memory, self.memory))
        seconds = math.ceil(self.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(module: str, *arguments: str, limits: Limits, data: bytes = b"") -> bytes:
    """Run the module with these arguments and `data` as standard input; return its standard output.

    Raises RefusedError, OverrunError or CrashedError.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-m", module, *arguments],
            input=data,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            cwd=Path(__file__).resolve().parents[2],
            env={**environment, "PYTHONIOENCODING": "utf-8"},
        )
    except subprocess.TimeoutExpired:
        raise OverrunError from None
    if child.returncode == _REFUSED:
        raise RefusedError((child.stdout.decode("utf-8", "replace").strip().splitlines() or [""])[0])
    if child.returncode != 0:
        raise CrashedError
    return child.stdout


def refuse(reason: str) -> int:
    """Print the reason for refusing the file, in the child; returns the exit status."""
    print(reason)  # noqa: T201
    return _REFUSED
