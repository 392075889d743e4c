"""Flags, told: how a topic judged an article, and what other rules would make of the store. As lines and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import zip_longest
from typing import Any

import text
from digest.article import nearly
from model import Adoption, Evidence, Flag, Kept, Matched, Move, Reasoning, Unmatched

__all__ = ["Trial", "explained", "listed", "record"]

_TERMS = 8  # rules that a line names before it says how many more there are
_LONGEST = 160  # code points of a line that says why


def listed(topic: str, file: str, rules: str, terms: int, phrases: int, last: Adoption | None, zone: tzinfo) -> Iterator[str]:
    """A topic in force."""
    yield text.printable(f"{topic}: {terms} terms, {phrases} phrases and abbreviations; rules {rules} of {file}")
    if last:
        moved = ", ".join(f"{count} {what}" for what, count in last.moved.counts)
        when = last.at.astimezone(zone)
        yield f"  rules {last.rules} adopted {when:%d/%m/%Y %H:%M}: {last.articles} articles, {moved or 'none moved'}"


# ---------------------------------------------------------------- one article


def explained(kept: Kept, found: Sequence[Reasoning]) -> Iterator[str]:
    """How each topic judges an article."""
    yield _line(kept.article.title or "(no title)")
    yield f"article {kept.article_id}, version {kept.shown + 1} of {len(kept.versions)}"
    for one in found:
        yield ""
        yield from _judged(one)
        stored = next((flag for flag in kept.flags if flag.topic == one.topic), None)
        by = "by the same rules" if stored and stored.rules == one.rules else f"by rules {stored.rules}" if stored else ""
        yield f"  stored     {stored.level} {stored.score:g}, {by}" if stored else "  stored     no flag"


def _judged(one: Reasoning) -> Iterator[str]:
    limits = dict(one.thresholds)
    yield _line(f"{one.topic}: {one.verdict}, by rules {one.rules}")
    froms = ", ".join(f"{level} from {limits[level]:g}" for level in ("core", "related", "mention"))
    yield f"  score      {one.score:g} ({froms})"
    yield (
        f"  density    {one.density:g} strong terms in 1,000 of its {one.words} words (core from {limits['core_density']:g},"
        f" related from {limits['related_density']:g})"
    )
    yield from (_line(f"  because    {line}") for line in one.why)
    yield from (_line(f"  not {nearly(one.verdict):<8}{line}") for line in one.near)
    for rule, matches in _by_rule(one.matched):
        best = max(matches, key=lambda match: match.worth)
        worth = f"{best.weight:g} × {best.place} = {best.worth:g}"
        passing = f", behind “{best.passing}”" if best.passing else ""
        yield _line(f"  + {worth:<18} {rule}: {_places(match.evidence for match in matches)}{passing}")
    for (rule, why), found in _not_counted(one.unmatched).items():
        first = f"“{found[0].text}” in {found[0].field} at {found[0].start}"
        yield _line(f"  - {rule}: {first}{f' and {len(found) - 1} more' if len(found) > 1 else ''}: {why}")


def _not_counted(unmatched: Iterable[Unmatched]) -> dict[tuple[str, str], list[Evidence]]:
    """What does not count, by rule and reason."""
    found: dict[tuple[str, str], list[Evidence]] = {}
    for one in unmatched:
        found.setdefault((one.evidence.rule, one.why), []).append(one.evidence)
    return found


def _by_rule(matched: Iterable[Matched]) -> list[tuple[str, list[Matched]]]:
    """What counts, by rule, the most valuable first."""
    found: dict[str, list[Matched]] = {}
    for match in matched:
        found.setdefault(match.evidence.rule, []).append(match)
    return sorted(found.items(), key=lambda one: -max(match.worth for match in one[1]))


def _places(found: Iterable[Evidence]) -> str:
    """`“ASEAN” in title at 6, in text at 120, 380`."""
    words: dict[str, dict[str, list[int]]] = {}
    for one in found:
        words.setdefault(one.text, {}).setdefault(one.field, []).append(one.start)
    return "; ".join(
        f"“{said}” " + ", ".join(f"in {field} at {', '.join(map(str, starts))}" for field, starts in fields.items())
        for said, fields in words.items()
    )


def record(kept: Kept, found: Sequence[Reasoning]) -> dict[str, Any]:
    """As JSON outputs have it (docs/formats.md)."""
    stored = [{"topic": flag.topic, "level": flag.level, "score": flag.score, "rules": flag.rules} for flag in kept.flags]
    head = {"article_id": kept.article_id, "title": kept.article.title, "version": kept.shown + 1, "stored": stored}
    return {**head, "topics": [_reasoning(one) for one in found]}


def _reasoning(one: Reasoning) -> dict[str, Any]:
    return {
        "topic": one.topic,
        "rules": one.rules,
        "level": one.verdict,
        "score": one.score,
        "words": one.words,
        "density": one.density,
        "thresholds": dict(one.thresholds),
        "why": list(one.why),
        "near": list(one.near),
        "matched": [
            {
                **_evidence(match.evidence),
                "place": match.place,
                "weight": match.weight,
                "worth": match.worth,
                "passing": match.passing,
            }
            for match in one.matched
        ],
        "unmatched": [{**_evidence(no.evidence), "why": no.why} for no in one.unmatched],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"rule": one.rule, "text": one.text, "field": one.field, "start": one.start, "end": one.end}


# ---------------------------------------------------------------- many articles


class Trial:
    """What other rules would move, told as it is found: nothing of it is held."""

    def __init__(self, topic: str, before: str | None, after: str, *, as_json: bool) -> None:
        self._topic, self._before, self._after, self._as_json = topic, before, after, as_json
        self._articles = 0
        self._moved: Counter[str] = Counter()

    def lines(self, move: Move | None) -> Iterator[str]:
        """What to print of an article; nothing, where it stays (None)."""
        self._articles += 1
        if move is None:
            return
        first = not self._moved
        before, after = move.levels
        self._moved[f"{before} → {after}"] += 1
        if self._as_json:
            head = f'{{"topic": {text.to_json(self._topic)}, "moves": [' if first else ","
            yield head + "\n" + text.to_json(_move(move))
            return
        yield _line(
            f"article {move.article_id}: {before} → {after} · {move.title or '(no title)'} · {move.outlet or 'saved file'}"
        )
        yield from _beside(_side(move.kept, move.before), _side(move.after.flag, move.after))
        yield ""

    def end(self) -> Iterator[str]:
        """What to print when all were looked at."""
        moved = dict(sorted(self._moved.items()))
        if self._as_json:
            head = "" if self._moved else f'{{"topic": {text.to_json(self._topic)}, "moves": [\n'
            counts = {"articles": self._articles, "moved": moved, "rules": {"before": self._before, "after": self._after}}
            yield f"{head}], {text.to_json(counts)[1:]}"
            return
        said = ", ".join(f"{count} {what}" for what, count in moved.items())
        rules = f"{self._topic}, rules {self._before or 'none'} → {self._after}"
        yield f"{rules}: of {self._articles} articles {sum(moved.values())} would move" + (f": {said}" if said else "")


_COLUMN = 56  # code points of each of the two columns


def _beside(now: dict[str, list[str]], then: dict[str, list[str]]) -> Iterator[str]:
    """Two sides of a move in two columns, a row for each kind of reason; long ones are wrapped, and none is cut."""
    yield f"  {'':<11}  {'now':<{_COLUMN}} │ then"
    for kind in dict.fromkeys((*now, *then)):
        columns = [[part for said in side.get(kind, ()) for part in _wrapped(said)] for side in (now, then)]
        for number, (left, right) in enumerate(zip_longest(*columns, fillvalue="")):
            yield f"  {'' if number else kind:<11}  {left:<{_COLUMN}} │ {right}".rstrip()


def _wrapped(said: str) -> list[str]:
    return textwrap.wrap(text.printable(said).replace("\n", " "), _COLUMN, subsequent_indent="  ")


def _side(flag: Flag | None, by: Reasoning | None) -> dict[str, list[str]]:
    """One side of a move, as it is stored or as it would be: what it says of each kind."""
    if flag is None:
        why = by.why if by else ("there are no such rules",)
        terms, near = [match.evidence for match in by.matched] if by else [], by.near if by else ()
    else:
        why, terms, near = flag.why, list(flag.evidence), flag.near
    found = {
        "level": [f"{flag.level} {flag.score:g}" if flag else "no flag"],
        "because": list(why),
        "terms": [_counted(terms)] if terms else [],
        "missing": [f"not {nearly(flag.level if flag else 'none')}: {line}" for line in near],
    }
    unmatched = list(_not_counted(by.unmatched).items())[:3] if by and flag is None else ()
    found["not counted"] = [f"{rule} “{said[0].text}”: {why}" for (rule, why), said in unmatched]
    return found


def _counted(terms: Iterable[Evidence]) -> str:
    """`“Hội nghị Cấp cao ASEAN” (summit, title) ×2, …`."""
    firsts: dict[str, Evidence] = {}
    counts: Counter[str] = Counter()
    for one in terms:
        firsts.setdefault(one.rule, one)
        counts[one.rule] += 1
    said = [
        f"“{one.text}” ({rule}, {one.field})" + (f" ×{counts[rule]}" if counts[rule] > 1 else "") for rule, one in firsts.items()
    ]
    return ", ".join(said[:_TERMS] + ([f"+{len(said) - _TERMS} more"] if len(said) > _TERMS else []))


def _move(move: Move) -> dict[str, Any]:
    before, after = move.levels
    kept = move.kept and {
        "level": move.kept.level,
        "score": move.kept.score,
        "rules": move.kept.rules,
        "why": list(move.kept.why),
        "near": list(move.kept.near),
        "evidence": [_evidence(one) for one in move.kept.evidence],
    }
    return {
        "article_id": move.article_id,
        "title": move.title,
        "outlet": move.outlet,
        "url": move.url,
        "before": before,
        "after": after,
        "stored": kept,
        "now": _reasoning(move.before) if move.before else None,
        "then": _reasoning(move.after),
    }


def _line(said: str) -> str:
    return text.shorten(text.printable(said).replace("\n", " "), _LONGEST)
