"""Values to JSON and back, for columns that hold a whole value. Times are UTC ISO 8601; missing fields take their defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from model import Article, Block, BlockKind, Credit, Evidence, Field, Flag, Level, Tally


def moment(value: datetime) -> str:
    """Fixed width, so that text order is time order."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_article(article: Article) -> str:
    """An article as JSON. Its dates keep the publisher's zone, which is part of what the page said."""
    fields = {name: value for name in Article.__dataclass_fields__ if (value := getattr(article, name)) not in (None, ())}
    fields["blocks"] = [[block.kind, block.text] for block in article.blocks]
    for name in ("published", "modified"):
        if name in fields:
            fields[name] = fields[name].isoformat()
    if article.credit:
        fields["credit"] = [article.credit.name, article.credit.domain]
    return dump(fields)


def to_article(raw: str) -> Article:
    fields: dict[str, Any] = json.loads(raw)
    for name in ("url", "site", "outlet", "title"):
        fields.setdefault(name, None)
    fields["blocks"] = tuple(Block(kind=BlockKind(kind), text=said) for kind, said in fields["blocks"])
    for name in ("published", "modified"):
        if name in fields:
            fields[name] = datetime.fromisoformat(fields[name])
    for name in ("authors", "tags", "notes"):
        fields[name] = tuple(fields.get(name, ()))
    if "credit" in fields:
        fields["credit"] = Credit(name=fields["credit"][0], domain=fields["credit"][1])
    return Article(**fields)


def from_evidence(flag: Flag) -> str:
    return dump([list(asdict(evidence).values()) for evidence in flag.evidence])


def to_flag(row: Mapping[str, Any]) -> Flag:
    return Flag(
        topic=row["topic"],
        level=Level(row["level"]),
        score=row["score"],
        rules=row["rules"],
        evidence=tuple(
            Evidence(rule=rule, text=said, field=Field(field), start=start, end=end)
            for rule, said, field, start, end in json.loads(row["evidence"])
        ),
    )


def to_tally(raw: str) -> Tally:
    return Tally(counts=tuple((state, count) for state, count in json.loads(raw)))
