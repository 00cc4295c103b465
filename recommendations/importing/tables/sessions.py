"""The months of the sessions of the UPR working group (ohchr.org, calendars of the four cycles)."""

from __future__ import annotations

import datetime

_MONTHS = """
2008-04 2008-05 2008-12 2009-02 2009-05 2009-11 2010-02 2010-05 2010-11 2011-01
2011-05 2011-10 2012-05 2012-10 2013-01 2013-04 2013-10 2014-01 2014-04 2014-10
2015-01 2015-05 2015-11 2016-01 2016-05 2016-10 2017-05 2017-11 2018-01 2018-05
2018-11 2019-01 2019-05 2019-11 2020-01 2020-11 2021-01 2021-05 2021-11 2022-01
2022-11 2023-01 2023-05 2023-11 2024-01 2024-04 2024-11 2025-01 2025-04 2025-11
"""
# The first month of each session.
SESSIONS = {
    number: datetime.date.fromisoformat(f"{month}-01")
    for number, month in enumerate(_MONTHS.split(), start=1)
}
# The last session of each cycle.
_LAST = (12, 26, 40, 54)


def cycle_of(session: int) -> str:
    """Return the cycle that a session belongs to; empty after the fourth."""
    return next((str(cycle) for cycle, last in enumerate(_LAST, start=1) if session <= last), "")
