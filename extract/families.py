"""The table of templates (families.toml), checked, and which of its rows reads a page."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from extract.page import Page, selector

__all__ = ["Family", "Table", "load", "parse"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One template: selectors of its parts, best first. The meaning of each field stands at the head of families.toml."""

    name: str
    sites: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    whole: bool = False
    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    figure: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def in_force(self, day: datetime.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def fits(self, page: Page, site: str | None) -> bool:
        """The page is of this template: by its site, else by a sign on it."""
        return (site is not None and site in self.sites) or page.has(self.signs)


_SELECTORS = tuple(f.name for f in fields(Family) if f.name not in ("name", "sites", "since", "until", "whole"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """All templates, and what any page may use."""

    families: tuple[Family, ...]
    any: Family
    never: re.Pattern[str]  # find words that name a part of a page which is no article, in names parted by blanks
    no_article: re.Pattern[str]

    def of(self, page: Page, site: str | None, day: datetime.date) -> Family:
        """What reads this page of a site, captured on this day: the first template in force that fits, joined with `any`.

        A template of the site itself goes before one that is only known by a sign, and one whose body stands on the page before
        one whose body does not. Its name is `any` where none fits.
        """
        found = [family for family in self.families if family.in_force(day) and family.fits(page, site)]
        found.sort(key=lambda family: site not in family.sites)
        holding = next((family for family in found if page.has(family.body)), found[0] if found else self.any)
        return _joined(holding, self)


@cache
def _joined(family: Family, table: Table) -> Family:
    """A template with what any page may use behind its own. The boxes of all templates are dropped: their class names are their
    own (what is named by an attribute means something only in its template)."""
    joined: dict[str, Any] = {name: (*getattr(family, name), *getattr(table.any, name)) for name in _SELECTORS}
    joined["body"] = family.body
    for name in ("drop", "figure", "caption"):
        others = (box for row in table.families for box in getattr(row, name) if "." in box)
        joined[name] = tuple(dict.fromkeys((*getattr(family, name), *others, *getattr(table.any, name))))
    return Family(name=family.name, whole=family.whole, **joined)


@cache
def load() -> Table:
    """The table that ships with the reader."""
    return parse((Path(__file__).parent / "families.toml").read_text(encoding="utf-8"))


def parse(source: str) -> Table:
    """A table from its text. Raises ValueError, naming the row and the field, where it is not what its head says."""
    raw = tomllib.loads(source)
    families = tuple(_family(row) for row in raw.get("family", ()))
    names = raw.get("names", {})
    return Table(
        families=families,
        any=_family({"name": "any", **raw.get("any", {})}),
        never=_one_of(names.get("never", ())),
        no_article=_one_of(names.get("no_article", ())),
    )


def _one_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds one of these names; `has-ads`, `no-sidebar` and `with-menu` name something else."""
    words = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<! has)(?<! no)(?<! with)(?<! without) (?:{words})(?= )" if words else r"(?!)")


def _family(row: dict[str, Any]) -> Family:
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise ValueError(f"families.toml: a family has no name: {row!r}")
    if unknown := row.keys() - {f.name for f in fields(Family)}:
        raise ValueError(f"families.toml: family {name}: no such field: {', '.join(sorted(unknown))}")
    for day in ("since", "until"):
        if day in row and type(row[day]) is not datetime.date:
            raise ValueError(f"families.toml: family {name}: {day} is no date such as 2019-12-31")
    lists = {key: value for key, value in row.items() if key not in ("name", "since", "until", "whole")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise ValueError(f"families.toml: family {name}: {key} is no list of text")
        if key != "sites":
            for one in value:
                try:
                    selector(one)
                except ValueError as error:
                    raise ValueError(f"families.toml: family {name}: {key}: {error}") from None
    return Family(
        name=name,
        since=row.get("since"),
        until=row.get("until"),
        whole=row.get("whole", False),
        **{k: tuple(v) for k, v in lists.items()},
    )
