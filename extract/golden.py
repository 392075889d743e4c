"""Golden pages: what a page is expected to read as, and where what was read differs from it. Pure but for `cases`.

A case is a folder SITE/CASE with one page (page.html or page.txt), its sidecar, and either article.json, the fields that its
article must have, or error.json, the kind of error that it must give. Articles come as records of docs/formats.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARTICLE = "article.json"
ERROR = "error.json"

# What an expectation holds, in the order it is written. What the reader says of itself is no part of it, nor are flags: they
# change with every better reader or rule.
FIELDS = (
    *("url", "identity", "site", "outlet", "title", "kicker", "lead", "published", "modified", "byline", "authors", "signature"),
    *("credit", "origin_url", "section", "breadcrumb", "tags", "language", "images", "blocks"),
)
OPTIONAL = ("published_claims", "modified_claims")  # held only by pages that are about them

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}/[a-z0-9][a-z0-9._-]{0,80}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One golden page and what it must read as: fields of an article, or a kind of error."""

    folder: Path
    page: Path
    fields: Mapping[str, Any] | None
    error: str | None

    @property
    def name(self) -> str:
        """SITE/CASE."""
        return "/".join(self.folder.parts[-2:])


def is_name(name: str) -> bool:
    """SITE/CASE: lower-case words, as they may stand in any file system."""
    return bool(_NAME.fullmatch(name))


def page_name(file_name: str) -> str:
    """What a saved file is called as the page of a case; its letters and markup stay as they are."""
    return "page.txt" if file_name.lower().removesuffix(".gz").endswith(".txt") else "page.html"


def expectation(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is expected of a page that reads as this record."""
    return {name: record[name] for name in FIELDS}


def differences(expected: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """field: (expected, found), for each field that the expectation holds and the record has otherwise."""
    found = json.loads(json.dumps(dict(record)))  # as it is written: enumerations are text, tuples are lists
    return {name: (value, found.get(name)) for name, value in expected.items() if found.get(name) != value}


def cases(root: Path) -> list[Case]:
    """The golden pages below a folder, in order of their names. Raises ValueError, with the folder, for one that is not whole."""
    folders = {path.parent for name in (ARTICLE, ERROR, "page.*") for path in root.rglob(name)}
    return [_case(folder) for folder in sorted(folders)]


def _case(folder: Path) -> Case:
    pages = [path for path in sorted(folder.glob("page.*")) if path.suffix != ".json"]
    told = [path for path in (folder / ARTICLE, folder / ERROR) if path.exists()]
    if len(pages) != 1 or len(told) != 1:
        raise ValueError(f"{folder}: needs one page, and article.json or error.json")
    value = json.loads(told[0].read_text(encoding="utf-8"))
    if told[0].name == ERROR:
        return Case(folder=folder, page=pages[0], fields=None, error=str(value["kind"]))
    if (set(value) - set(OPTIONAL)) != set(FIELDS):
        odd = sorted(set(value) - set(OPTIONAL) ^ set(FIELDS))
        raise ValueError(f"{told[0]}: missing or unknown fields: {', '.join(odd)}")
    return Case(folder=folder, page=pages[0], fields=value, error=None)
