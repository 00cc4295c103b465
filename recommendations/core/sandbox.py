"""Work on files from others, in a child process that cannot take the server with it.

A broken or hostile file can make a library loop, crash or fill the memory. So the module that opens it runs
as a process of its own, with limits on time, memory and what it writes, and without the server's
environment, which holds its keys. Nothing is left on the disk: the child reads what it is given and
writes to its standard output.
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
# What a child needs of the environment; never the settings.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL")


class RefusedError(Exception):
    """The child says in one line why it does not take the file."""


class OverrunError(Exception):
    """The child took too long."""


class CrashedError(Exception):
    """The child ended without an answer: it crashed, or needed more than it may have."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds (of the clock and of computing) and bytes of memory; it may write no file at all."""

    seconds: float
    memory: int

    def impose(self) -> None:
        """Hold this process to them."""
        resource.setrlimit(resource.RLIMIT_AS, (self.memory, self.memory))
        seconds = math.ceil(self.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(module: str, *arguments: str, limits: Limits, data: bytes = b"") -> bytes:
    """What the module prints when it is run with these arguments and given `data`.

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
    """For a child: print why the file is not taken; returns the status to end with."""
    print(reason)  # noqa: T201
    return _REFUSED
