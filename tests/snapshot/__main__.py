"""Record what the site answers and how it looks, and compare, to see what a large change of the code changed.

python -m tests.snapshot record DIR --screenshots   before the change
python -m tests.snapshot compare DIR                after it: asks the same addresses, prints what differs
python -m tests.snapshot compare DIR OTHER          compares two records
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.snapshot import addresses, answers, looks, world
from tests.snapshot.compare import compare


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 if anything differs, or if the site failed at an address."""
    parser = argparse.ArgumentParser(
        "python -m tests.snapshot", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="record|compare")
    one = commands.add_parser("record", help="record the present code into an empty folder")
    one.add_argument("folder", type=Path, metavar="DIR")
    one.add_argument("--screenshots", action="store_true", help="take the screenshots too")
    one.add_argument("--like", type=Path, metavar="OTHER", help="ask exactly what an earlier record asked")
    two = commands.add_parser(
        "compare", help="compare a record with the present code, or with another record"
    )
    two.add_argument("before", type=Path, metavar="DIR")
    two.add_argument("after", type=Path, nargs="?", metavar="OTHER")
    two.add_argument("--lines", type=int, default=30, help="lines shown of each difference (default: 30)")
    two.add_argument(
        "--pixels", type=int, default=0, help="pixels in which a screenshot may differ (default: 0)"
    )
    two.add_argument("--no-screenshots", action="store_true", help="compare answers only")
    given = parser.parse_args(arguments)
    if given.command == "record":
        return record(given.folder, given.like, given.screenshots)
    after, failed = given.after, 0
    if after is None:
        after = Path(tempfile.mkdtemp(prefix="snapshot-"))
        with_looks = (given.before / looks.LIST).exists() and not given.no_screenshots
        failed = record(after, given.before, with_looks)
    said, number = compare(given.before, after, given.lines, given.pixels)
    print("\n".join(said))
    return 1 if number or failed else 0


def record(folder: Path, like: Path | None, screenshots: bool) -> int:
    """Record the present code, with the lists of an earlier record or new ones; 1 if the site failed."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty: record into a new folder.")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="snapshot-site-") as scratch:
        world.prepare(Path(scratch))
        world.fill()
        lines = (like / answers.LIST).read_text().splitlines() if like else addresses.choose()
        failed = answers.record(folder, lines)
        shots: list[str] = []
        if screenshots:
            known = like and (like / looks.LIST).exists()
            shots = ((like / looks.LIST).read_text() if like and known else looks.SHOTS).split("\n")
            shots = [line for line in shots if line]
            looks.record(folder, shots)
    print("".join(f"The site failed: {line}\n" for line in failed), end="")
    seconds = time.monotonic() - began
    print(f"{len(lines)} addresses and {len(shots)} screenshots are in {folder} ({seconds:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
