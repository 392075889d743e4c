"""What a page says of itself in JSON-LD: the node of the article, as a flat value. A witness, never the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import text
from extract import dates

ARTICLES = frozenset(
    (
        "NewsArticle",
        "Article",
        "ReportageNewsArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "OpinionNewsArticle",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "Report",
    )
)
# A script that holds none of these says nothing that is read here: a shop's products, the site's search box.
_TOLD = ("Article", "Posting", "Report", "BreadcrumbList", "VideoObject", "ImageGallery", "ItemList", "CollectionPage", "FAQPage")
_DEPTH = 6  # levels of nesting looked into; real pages have three
_NODES = 400  # nodes looked at on a page; real pages have ten
_SCRIPTS = 30
_LONGEST_SCRIPT = 2_000_000  # characters
_LONGEST_BODY = 200_000
_LONGEST_LINE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """The fields of the article's node, cleaned; None or empty where it says nothing usable."""

    headline: str | None = None
    section: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    authors: tuple[str, ...] = ()  # as they stand; papers that call themselves persons are among them
    keywords: tuple[str, ...] = ()
    summary: str | None = None
    body: str | None = None
    address: str | None = None
    breadcrumb: tuple[tuple[str, str], ...] = ()  # (name, address), from the front page down
    kinds: frozenset[str] = frozenset()  # the types of all nodes at the top of the page's scripts


def claims(scripts: Iterable[str], named: Sequence[str] = ()) -> Claims:
    """The claims of a page's JSON-LD scripts: of the article whose headline is most like one of the names that the page has.

    A page may describe other articles too, before its own. Broken JSON is skipped; the first node wins where none is more alike.
    """
    nodes = _nodes(loaded for script in _first_scripts(scripts) if (loaded := _loaded(script)) is not None)
    articles = [node for node in nodes if not ARTICLES.isdisjoint(_kinds(node))]
    names = [set(text.words(name)) for name in named] if len(articles) > 1 else []
    node = max(articles, key=lambda article: _likeness(article, names), default=None)
    trails = (_trail(node) for node in nodes if "BreadcrumbList" in _kinds(node))
    return replace(
        _read(node) if node else Claims(),
        breadcrumb=next(filter(None, trails), ()),
        kinds=frozenset(kind for node in nodes for kind in _kinds(node)),
    )


def alike(one: set[str], other: set[str]) -> float:
    """The share of the words of both that both have."""
    return len(one & other) / max(1, len(one | other))


def _likeness(node: dict[str, Any], names: list[set[str]]) -> float:
    headline = set(text.words(_line(node.get("headline")) or "")) if names else set()
    return max((alike(headline, name) for name in names), default=0.0)


# ---------------------------------------------------------------- scripts


def _first_scripts(scripts: Iterable[str]) -> Iterator[str]:
    for number, script in enumerate(scripts):
        if number == _SCRIPTS:
            return
        if len(script) <= _LONGEST_SCRIPT and any(word in script for word in _TOLD):
            yield script


# Older pages hide the script from older browsers: a comment or a CDATA section around it, itself commented out or not.
_OPEN = re.compile(r"(?:(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)(?:\s*\*/)?\s*)+")
_CLOSE = re.compile(r"(?:\s*+(?://|/\*)?\s*+(?:-->|\]\]>)(?:\s*+\*/)?)++\s*+\Z")
_TAIL = 60  # characters at the end in which the closing marks are looked for
_DECODER = json.JSONDecoder(strict=False)  # raw line ends inside strings are common
_COMMA_TOO_MANY = re.compile(r",(?=\s{0,200}[}\]])")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMENT_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)


def _loaded(script: str) -> Any:
    """The value of a script; None where it is none even after simple mistakes are mended."""
    script = script.strip()
    script = script[found.end() :] if (found := _OPEN.match(script[:200])) else script
    script = script[:-_TAIL] + _CLOSE.sub("", script[-_TAIL:])
    if (value := _decoded(script)) is None:
        value = _decoded(_mended(script))
    return value


def _decoded(script: str) -> Any:
    try:
        return _DECODER.raw_decode(script.lstrip())[0]  # what follows the value, a semicolon or a second value, is left
    except (ValueError, RecursionError):
        return None


def _mended(script: str) -> str:
    """Without comments and trailing commas, and without escapes that JSON does not know."""
    script = _COMMA_TOO_MANY.sub("", _COMMENT_LINE.sub("", script))
    return _ESCAPE.sub(lambda m: m[0] if m[1] in '"\\/bfnrtu' else m[1], script)


# ---------------------------------------------------------------- nodes


def _nodes(values: Iterable[Any]) -> list[dict[str, Any]]:
    """The nodes that describe the page: at the top of the scripts, in lists, in a graph, and what a page says it is about."""
    found: list[dict[str, Any]] = []
    for value in values:
        _gather(value, _DEPTH, found)
    return found


def _gather(value: Any, depth: int, found: list[dict[str, Any]]) -> None:
    if not depth or len(found) >= _NODES:
        return
    if isinstance(value, list):
        for child in value[:_NODES]:
            _gather(child, depth - 1, found)
    elif isinstance(value, dict):
        found.append(value)
        for key in ("@graph", "mainEntity", "breadcrumb"):
            if key in value:
                _gather(value[key], depth - 1, found)


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind[:60] for kind in (kinds[:10] if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _read(node: dict[str, Any]) -> Claims:
    return Claims(
        headline=_line(node.get("headline")) or _line(node.get("name")),
        section=_line(_first(node.get("articleSection"))),
        published=_date(node.get("datePublished")) or _date(node.get("dateCreated")),
        modified=_date(node.get("dateModified")),
        authors=_authors(node.get("author")),
        keywords=_keywords(node.get("keywords")),
        summary=_line(node.get("description")),
        body=_body(node.get("articleBody")),
        address=_address(node),
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _line(value: Any) -> str | None:
    return (text.clean(text.unescape(value[:_LONGEST_LINE])) or None) if isinstance(value, str) else None


def _date(value: Any) -> datetime | None:
    value = _first(value)
    return dates.of_machine(value[:60]) if isinstance(value, str) else None


_TAGS = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")


def _body(value: Any) -> str | None:
    """The text of the article, in lines, without tags and entities."""
    if not isinstance(value, str):
        return None
    said = text.unescape(value[:_LONGEST_BODY])
    return text.clean_lines(_TAGS.sub("\n", said) if "<" in said else said).strip() or None


def _address(node: dict[str, Any]) -> str | None:
    page = _first(node.get("mainEntityOfPage"))
    told = (page.get("@id"), page.get("url")) if isinstance(page, dict) else (page,)
    return next((said.strip() for said in (*told, node.get("url")) if isinstance(said, str) and "://" in said[:10]), None)


def _authors(value: Any) -> tuple[str, ...]:
    """Persons, and names without a type: on Vietnamese pages an Organization here is the paper itself."""
    names = []
    for one in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(one, str):
            names.append(_line(one))
        elif isinstance(one, dict) and (not (kinds := _kinds(one)) or "Person" in kinds):
            names.append(_line(_first(one.get("name"))))
    return tuple(dict.fromkeys(name for name in names if name and len(name) < 200))


def _keywords(value: Any) -> tuple[str, ...]:
    parts = value.split(",", 60) if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(k for k in (_line(p) for p in parts[:60]) if k and len(k) < 80))


def _trail(node: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The steps of a BreadcrumbList, in their order."""
    items = node.get("itemListElement")
    steps = [step for step in (items if isinstance(items, list) else [items])[:12] if isinstance(step, dict)]
    if all(isinstance(step.get("position"), int) for step in steps):
        steps.sort(key=lambda step: int(step["position"]))
    return tuple(read for step in steps if (read := _step(step))[0])


def _step(step: dict[str, Any]) -> tuple[str, str]:
    item = step.get("item")
    inner = item if isinstance(item, dict) else {}
    address = next((a for a in (item, inner.get("@id"), inner.get("url"), step.get("url")) if isinstance(a, str)), "")
    return _line(step.get("name")) or _line(inner.get("name")) or "", address.strip()
