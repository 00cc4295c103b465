"""Log lines that say what broke and where, and nothing of what somebody wrote."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

if TYPE_CHECKING:
    from types import TracebackType

    ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# Their messages speak of code and machines. Others repeat what they were given: PostgreSQL names the whole
# row that broke a constraint, a ValueError what could not be read.
SPEAKS_OF_CODE = (
    *(ArithmeticError, AttributeError, ImportError, NameError, NotImplementedError),
    *(OSError, RecursionError, TypeError),
    *(InterfaceError, OperationalError, TemplateDoesNotExist, TemplateSyntaxError),
)


class WithoutContent(logging.Formatter):
    """Tracebacks with every frame and the type of each exception; its message only where it is of code."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 (the name is Python's)
        """The exception and what caused it, the first cause first."""
        chain: list[BaseException] = []
        found = ei[1]
        while found is not None and found not in chain:
            chain.append(found)
            hidden = found.__suppress_context__
            found = found.__cause__ or (None if hidden else found.__context__)
        return "\n".join(_lines(each) for each in reversed(chain))


def _lines(exception: BaseException) -> str:
    kind = type(exception)
    message = f": {exception}" if isinstance(exception, SPEAKS_OF_CODE) else ""
    frames = "".join(traceback.format_tb(exception.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{kind.__module__}.{kind.__qualname__}{message}"
