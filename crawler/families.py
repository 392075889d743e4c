"""The table of how section pages are laid out (families.toml), checked, and which of its rows is a site's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from cssselect import SelectorError
from cssselect.xpath import ExpressionError
from parsel.csstranslator import HTMLTranslator

import urls

__all__ = ["Family", "load", "of", "parse", "selector_error"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One row; what its fields mean stands at the head of families.toml."""

    name: str
    sites: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    paging: str | None = None


def of(url: str, families: tuple[Family, ...] | None = None) -> Family | None:
    """The row of the site of an address: that of the longest host it stands below."""
    site = urls.site(url)
    known = ((host, family) for family in (load() if families is None else families) for host in family.sites)
    fitting = [(host, family) for host, family in known if site == host or site.endswith(f".{host}")]
    return max(fitting, key=lambda one: len(one[0]))[1] if fitting else None


@cache
def load() -> tuple[Family, ...]:
    """The table that ships with the crawler."""
    return parse((Path(__file__).parent / "families.toml").read_text(encoding="utf-8"))


def parse(source: str) -> tuple[Family, ...]:
    """A table from its text. Raises ValueError, naming the row and the field, where it is not what its head says."""
    families = tuple(_family(row) for row in tomllib.loads(source).get("family", ()))
    sites = [site for family in families for site in family.sites]
    if twice := sorted({site for site in sites if sites.count(site) > 1}):
        raise ValueError(f"families.toml: {twice[0]} stands in two families")
    return families


def selector_error(selector: str) -> str | None:
    """What is wrong with a CSS selector, in a line; None: nothing."""
    try:
        HTMLTranslator().css_to_xpath(selector)
    except (SelectorError, ExpressionError) as error:
        return str(error)
    return None


def _family(row: dict[str, Any]) -> Family:
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise ValueError(f"families.toml: a family has no name: {row!r}")
    if unknown := row.keys() - {f.name for f in fields(Family)}:
        raise ValueError(f"families.toml: family {name}: no such field: {', '.join(sorted(unknown))}")
    for key in ("sites", "links"):
        if not all(isinstance(v, str) for v in row.get(key, [])) or not isinstance(row.get(key, []), list):
            raise ValueError(f"families.toml: family {name}: {key} is no list of text")
    for selector in row.get("links", ()):
        if wrong := selector_error(selector):
            raise ValueError(f"families.toml: family {name}: links: {wrong}")
    paging = row.get("paging")
    if paging is not None and not (isinstance(paging, str) and paging.startswith("{section}")):
        raise ValueError(f"families.toml: family {name}: paging does not begin with {{section}}")
    return Family(name=name, sites=tuple(row.get("sites", ())), links=tuple(row.get("links", ())), paging=paging)
