"""Checks a pack where there is Python, this checkout and nothing else: all but whether its texts follow from its captures.

python -m evidence PACK [DIGEST]
"""

from __future__ import annotations

import sys
from pathlib import Path

import evidence
from model import InputError
from text import printable


def main() -> int:
    for stream in (sys.stdout, sys.stderr):  # which a system may have given letters that cannot say what is in a pack
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    if not 2 <= len(sys.argv) <= 3:
        print("usage: python -m evidence PACK [DIGEST]", file=sys.stderr)
        return 2
    try:
        report = evidence.verify(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else None, reads=False)
    except InputError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    for line in evidence.words.lines(report):
        print(printable(line))
    return int(not report.is_good)


if __name__ == "__main__":
    sys.exit(main())
