"""Characters that XML, and therefore workbooks and feeds, cannot contain."""

from __future__ import annotations

import re

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Return the text without the characters that XML cannot contain."""
    return NOT_IN_XML.sub("", text)
