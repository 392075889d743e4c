"""The form of a pack, which its maker and its checker share. docs/formats.md tells it to others. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = "diemtin evidence pack 1"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
INDEX = "index.html"
LEARNINGS = "learnings.json"
# What every pack has beside its records, versions and diffs, and the manifest.
ALWAYS = (SUMS, INDEX, LEARNINGS, "article.json", "flags.json", "events.json", "copies.json", "story.json")

MOST_FILES = 20_000
MOST_BYTES = 2_000_000_000  # of all files
LARGEST = 200_000_000  # of one
MANIFEST_BYTES = 8_000_000
RECORD_BYTES = 64_000_000  # of a record, unpacked
VERSION_BYTES = 20_000_000  # of a version's JSON

_NAME = re.compile(r"(?:[a-z]{1,20}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def is_name(name: str) -> bool:
    """A file may be called so in a pack: no way out of the folder that it is unpacked into, on any system."""
    return bool(_NAME.fullmatch(name)) and not name.endswith(".")


def record_name(capture_id: int) -> str:
    return f"captures/{capture_id:08}.warc.gz"


def version_name(number: int, suffix: str) -> str:
    return f"versions/{number:04}.{suffix}"


def diff_name(before: int, number: int) -> str:
    return f"diffs/{before:04}-{number:04}.json"


def plain(record: Mapping[str, Any]) -> str:
    """A version as a text file, from its JSON: kicker, title, then the blocks, one below another."""
    blocks = (block["text"] for block in record["blocks"])
    return "\n\n".join(said for said in (record["kicker"], record["title"], *blocks) if said) + "\n"


def sums(files: Iterable[tuple[str, str]]) -> str:
    """(name, SHA-256) as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {name}\n" for name, digest in files)
