"""Values to JSON and back, for columns that hold a whole value. Times are UTC ISO 8601; missing fields take their defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from model import (
    Article,
    Block,
    BlockKind,
    Certainty,
    Credit,
    DateClaim,
    DateSource,
    Edit,
    EditKind,
    EditProof,
    Evidence,
    Field,
    Flag,
    Image,
    Learned,
    Learning,
    Level,
    Tally,
)


def moment(value: datetime) -> str:
    """Fixed width, so that text order is time order."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_CLAIMS = ("published_claims", "modified_claims")


def from_article(article: Article) -> str:
    """An article as JSON. Its dates keep the publisher's zone, which is part of what the page said."""
    fields = {name: value for name in Article.__dataclass_fields__ if (value := getattr(article, name)) not in (None, ())}
    fields["blocks"] = [[block.kind, block.text] for block in article.blocks]
    for name in _CLAIMS:
        if name in fields:
            fields[name] = [[claim.moment.isoformat(), claim.source, claim.certainty] for claim in fields[name]]
    if article.images:
        fields["images"] = [[image.url, image.caption] for image in article.images]
    if article.credit:
        fields["credit"] = [article.credit.name, article.credit.domain]
    return dump(fields)


def to_article(raw: str) -> Article:
    fields: dict[str, Any] = json.loads(raw)
    for name in ("url", "site", "outlet", "title"):
        fields.setdefault(name, None)
    fields["blocks"] = tuple(Block(kind=BlockKind(kind), text=said) for kind, said in fields["blocks"])
    for name in _CLAIMS:
        if (told := fields.pop(name.removesuffix("_claims"), None)) is not None:  # stored before sources were kept
            fields[name] = [[told, DateSource.SITE, Certainty.LIKELY]]
        fields[name] = tuple(
            DateClaim(moment=datetime.fromisoformat(told), source=DateSource(source), certainty=Certainty(certainty))
            for told, source, certainty in fields.get(name, ())
        )
    fields["images"] = tuple(Image(url=url, caption=caption) for url, caption in fields.get("images", ()))
    for name in ("authors", "breadcrumb", "tags", "notes"):
        fields[name] = tuple(fields.get(name, ()))
    if "credit" in fields:
        fields["credit"] = Credit(name=fields["credit"][0], domain=fields["credit"][1])
    return Article(**fields)


def from_learning(learning: Learning) -> str:
    paths = [[p.path, moment(p.since), p.until and moment(p.until)] for p in learning.paths]
    fields = {"paths": paths, "candidate": learning.candidate, "times": learning.times, "misses": learning.misses}
    return dump({**fields, "repeated": dict(sorted(learning.repeated.items()))})


def to_learning(site: str, raw: str) -> Learning:
    fields = json.loads(raw)
    fields["paths"] = tuple(
        Learned(path=path, since=from_moment(since), until=until and from_moment(until)) for path, since, until in fields["paths"]
    )
    repeated = fields.get("repeated", {})
    if isinstance(repeated, list):  # as it was once: they held for all captures
        repeated = dict.fromkeys(repeated, 0)
    fields["repeated"] = {key: int(last) for key, last in repeated.items()}
    return Learning(site=site, **fields)


def from_evidence(flag: Flag) -> str:
    return dump([list(asdict(evidence).values()) for evidence in flag.evidence])


def from_reasons(flag: Flag) -> str | None:
    return dump({"why": flag.why, "near": flag.near}) if flag.why or flag.near else None


def from_edit(edit: Edit | None) -> str | None:
    if edit is None:
        return None
    proofs = [[proof.kind, proof.before, proof.after] for proof in edit.proofs]
    return dump({"kinds": edit.kinds, "score": edit.score, "material": edit.material, "changed": edit.changed, "proofs": proofs})


def to_edit(raw: str | None) -> Edit | None:
    if raw is None:
        return None
    fields = json.loads(raw)
    fields["kinds"] = tuple(EditKind(kind) for kind in fields["kinds"])
    fields["proofs"] = tuple(EditProof(kind=EditKind(k), before=before, after=after) for k, before, after in fields["proofs"])
    return Edit(**fields)


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
        **{name: tuple(lines) for name, lines in json.loads(row["reasons"] or "{}").items()},
    )


def to_tally(raw: str) -> Tally:
    return Tally(counts=tuple((state, count) for state, count in json.loads(raw)))
