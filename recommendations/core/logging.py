"""Log formatting that shows what failed and where, without any content that people wrote."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

if TYPE_CHECKING:
    from types import TracebackType

    ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# Exceptions whose messages mention only code and machines. Others quote their input: PostgreSQL prints the
# whole row that violated a constraint, a ValueError the text that could not be parsed.
SAFE_EXCEPTIONS = (
    *(ArithmeticError, AttributeError, ImportError, NameError, NotImplementedError),
    *(OSError, RecursionError, TypeError),
    *(InterfaceError, OperationalError, TemplateDoesNotExist, TemplateSyntaxError),
)


class ContentFreeFormatter(logging.Formatter):
    """Format tracebacks with all frames and exception types, but only messages of SAFE_EXCEPTIONS."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 (the name is Python's)
        """Return the tracebacks of the exception and its causes, the root cause first."""
        chain: list[BaseException] = []
        found = ei[1]
        while found is not None and found not in chain:
            chain.append(found)
            hidden = found.__suppress_context__
            found = found.__cause__ or (None if hidden else found.__context__)
        return "\n".join(_lines(each) for each in reversed(chain))


def _lines(exception: BaseException) -> str:
    kind = type(exception)
    message = f": {exception}" if isinstance(exception, SAFE_EXCEPTIONS) else ""
    frames = "".join(traceback.format_tb(exception.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{kind.__module__}.{kind.__qualname__}{message}"
