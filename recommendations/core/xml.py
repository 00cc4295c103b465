"""What XML, and so neither a workbook nor a feed reader, can hold."""

from __future__ import annotations

import re

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """The text without the control characters that XML cannot hold."""
    return NOT_IN_XML.sub("", text)
