"""How many examples property tests try, and how often processes are killed.

Few in a usual run; `make fuzz` and `make crash` ask for more.
"""

from __future__ import annotations

import os

# How many times as many examples each property test tries.
FUZZ = int(os.environ.get("TRACKER_FUZZ", "1"))
# How often each test that kills a process does so.
KILLS = int(os.environ.get("TRACKER_KILLS", "1"))


def examples(number: int) -> int:
    """The number of examples of a property test, `number` in a usual run."""
    return number * FUZZ
