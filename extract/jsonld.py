"""What a page says of itself in JSON-LD: the node of the article, as a flat value. A witness, never the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import text
from extract import dates

_ARTICLES = (
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "BlogPosting",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "Report",
)
_DEPTH = 6  # levels of nesting looked into; real pages have three


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """The fields of the article's node, cleaned; None or empty where it says nothing usable."""

    headline: str | None = None
    section: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


# Older pages hide the script from older browsers: a comment or a CDATA section around it, itself commented out or not.
_OPEN = re.compile(r"(?:(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)(?:\s*\*/)?\s*)+")
_CLOSE = re.compile(r"(?:(?://|/\*)?\s*(?:-->|\]\]>)(?:\s*\*/)?\s*)+\Z")
_TAIL = 60  # characters at the end in which the closing marks are looked for


def claims(scripts: Iterable[str], named: Sequence[str] = ()) -> Claims:
    """The claims of a page's JSON-LD scripts: of the article whose headline is most like one of the names that the page has.

    A page may describe other articles too, before its own. Broken JSON is skipped; the first node wins where none is more alike.
    """
    nodes = [node for script in scripts for node in _articles(_loaded(script), _DEPTH)]
    read = [_read(node) for node in nodes]
    return max(read, key=lambda c: max((alike(c.headline or "", name) for name in named), default=0.0), default=Claims())


def alike(one: str, other: str) -> float:
    """The share of the words of both that both have."""
    mine, theirs = set(text.words(one)), set(text.words(other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _loaded(script: str) -> Any:
    script = script.strip()
    script = script[found.end() :] if (found := _OPEN.match(script)) else script
    script = script[:-_TAIL] + _CLOSE.sub("", script[-_TAIL:])
    try:
        return json.loads(script.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(node, list):
        for child in node:
            yield from _articles(child, depth - 1)
    elif depth and isinstance(node, dict):
        kinds = node.get("@type")
        if any(kind in _ARTICLES for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield node
        for key in ("@graph", "mainEntity"):
            yield from _articles(node.get(key), depth - 1)


def _read(node: dict[str, Any]) -> Claims:
    return Claims(
        headline=_line(node.get("headline")),
        section=_line(_first(node.get("articleSection"))),
        published=_date(node.get("datePublished")),
        modified=_date(node.get("dateModified")),
        authors=_authors(node.get("author")),
        keywords=_keywords(node.get("keywords")),
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _line(value: Any) -> str | None:
    return (text.clean(text.unescape(value)) or None) if isinstance(value, str) else None


def _date(value: Any) -> datetime | None:
    return dates.parse(text.unescape(value)[:60]) if isinstance(value, str) else None


def _authors(value: Any) -> tuple[str, ...]:
    """People only: on Vietnamese pages an Organization here is the paper itself."""
    nodes = value if isinstance(value, list) else [value]
    names = (_line(n.get("name")) for n in nodes if isinstance(n, dict) and n.get("@type") == "Person")
    return tuple(dict.fromkeys(name for name in names if name and len(name) < 80))


def _keywords(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(k for k in (_line(p) for p in parts) if k and len(k) < 80))
