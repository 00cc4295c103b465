"""The child process that reads a document for an import: prints it as JSON, or one line for why not."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from recommendations.core import sandbox
from recommendations.reading.document import DocumentError
from recommendations.reading.reader import read_recognised

# A PDF is opened in a child of its own, with narrower limits.
LIMITS = sandbox.Limits(seconds=60, memory=1_200 * 1024 * 1024)


def main(path: str, kind: str = "") -> int:
    """Print what was read and return 0, or one line of refusal."""
    LIMITS.impose()
    try:
        document, recognition = read_recognised(path, kind or None)
    except DocumentError as refusal:
        return sandbox.refuse(str(refusal))
    except MemoryError:
        return sandbox.refuse("the document needs more memory than is allowed")
    evidence = [asdict(each) for each in recognition.evidence] if recognition else []
    json.dump({"document": document.as_dict(), "evidence": evidence}, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
