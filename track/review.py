"""What reading the archive again gives otherwise: a stream of captures, as they were read and as they are now, -> Review. Pure.

Counts are of everything, samples of a few: the first of each kind, and of texts those that differ most. So the stream may be as
long as it likes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

import text
from model import Article, Difference, Failure, Flag, Regrouped, Reread, Review, Sample, Tally
from track import diff

__all__ = ["build", "differs"]

SAMPLES = 5  # of each kind that are kept
_LONGEST = 300_000  # characters of a text whose sample has a diff
_REASONS = 3  # of a flag that a sample names
_SHARES = ((0.01, "under 1 %"), (0.1, "1 to 10 %"), (0.5, "10 to 50 %"))
_MOST = "over 50 %"
_FORM = "spaces and signs only"
_SHOWN = (
    *(Difference.TITLE, Difference.LEAD, Difference.TEXT, Difference.PUBLISHED, Difference.MODIFIED),
    *(Difference.AUTHORS, Difference.CREDIT, Difference.SECTION, Difference.URL),
)
# Fields of Article that are counted by their names alone. `blocks` where the text is the same: kinds, captions.
_OTHERS = (
    *("kicker", "byline", "breadcrumb", "images", "tags", "origin_url", "signature", "language", "site", "outlet"),
    *("notes", "reader", "container", "agreement"),
)


def build(found: Iterable[Reread | Regrouped], read: int) -> Review:
    """The review of these differences among so many captures that were read."""
    counts = _Counts()
    for one in found:
        if isinstance(one, Regrouped):
            counts.regroup(one)
        else:
            counts.take(one)
    return counts.review(read)


def differs(one: Reread) -> bool:
    """A person would call it another. That it fails as it did is no difference, nor that the same rules have another version."""
    if _kind(one.error_before) != _kind(one.error_after):
        return True
    return one.after is not None and (one.before != one.after or _unruled(one.flags_before) != _unruled(one.flags_after))


def _unruled(flags: Iterable[Flag]) -> list[Flag]:
    return sorted((replace(flag, rules="") for flag in flags), key=lambda flag: flag.topic)


def _kind(error: Failure | None) -> str | None:
    return error.kind if error else None


class _Counts:
    """What was counted so far."""

    def __init__(self) -> None:
        self._differing = 0
        self._fields: Counter[str] = Counter()
        self._bodies: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._flags: dict[Difference, Counter[str]] = {
            kind: Counter() for kind in (Difference.GAINED, Difference.LOST, Difference.MOVED)
        }
        self._like: Counter[str] = Counter()  # of what has no kinds: reasons, rules, errors_other, joined, left
        self._errors: dict[Difference, Counter[str]] = {kind: Counter() for kind in (Difference.ERROR_NEW, Difference.ERROR_GONE)}
        self._groups: Counter[Difference] = Counter()
        self._samples: dict[Difference, list[Sample]] = {kind: [] for kind in Difference}
        self._texts: list[tuple[float, int, Reread]] = []  # those that differ most: (minus share, number, it)
        self._numbers = count()

    # ------------------------------------------------------------ taking

    def take(self, one: Reread) -> None:
        self._differing += differs(one)
        if one.after is None or one.before is None:
            self._take_error(one)
        if one.before is not None and one.after is not None:
            self._take_fields(one, one.before, one.after)
        if one.after is not None:
            self._take_flags(one)

    def _take_error(self, one: Reread) -> None:
        if one.after is None and one.error_before is not None:
            self._like["errors_other"] += _kind(one.error_before) != _kind(one.error_after)
            return
        kind = Difference.ERROR_NEW if one.after is None else Difference.ERROR_GONE
        error = one.error_after if one.after is None else one.error_before
        if error is None:
            return
        self._errors[kind][error.kind] += 1
        said = f"{error.kind}: {error.message}"
        before, after = (None, said) if kind is Difference.ERROR_NEW else (said, None)
        self._sample(kind, one, before, after)

    def _take_fields(self, one: Reread, old: Article, new: Article) -> None:
        for kind in _SHOWN:
            before, after = _said(old, kind), _said(new, kind)
            if before == after:
                continue
            self._fields[kind] += 1
            if kind is Difference.TEXT:
                self._take_text(one, old, new)
            else:
                self._sample(kind, one, before, after)
        others = [name for name in _OTHERS if getattr(old, name) != getattr(new, name)]
        if old.blocks != new.blocks and old.text == new.text:
            others.append("blocks")
        if (old.published_claims, old.modified_claims) != (new.published_claims, new.modified_claims):
            others.append("claims")
        self._fields.update(others)

    def _take_text(self, one: Reread, old: Article, new: Article) -> None:
        before, after = Counter(text.words(old.text)), Counter(text.words(new.text))
        added, removed = (after - before).total(), (before - after).total()
        self._words.update(added=added, removed=removed)
        share = (added + removed) / max(1, before.total() + after.total())
        size = next((name for limit, name in _SHARES if share < limit), _MOST) if share else _FORM
        self._bodies[size] += 1
        self._texts = sorted([*self._texts, (-share, next(self._numbers), one)], key=lambda held: held[:2])[:SAMPLES]

    def _take_flags(self, one: Reread) -> None:
        old = {flag.topic: flag for flag in one.flags_before}
        new = {flag.topic: flag for flag in one.flags_after}
        for topic in sorted({*old, *new}):
            before, after = old.get(topic), new.get(topic)
            if before is not None and after is not None and before.level is after.level:
                if before != after:
                    self._like["rules" if replace(before, rules=after.rules) == after else "reasons"] += 1
                continue
            if before is None and after is not None:
                kind, name = Difference.GAINED, f"{topic} {after.level}"
            elif after is None and before is not None:
                kind, name = Difference.LOST, f"{topic} {before.level}"
            else:
                assert before is not None and after is not None  # noqa: S101, PT018 - for the type checker
                kind, name = Difference.MOVED, f"{topic} {before.level} → {after.level}"
            self._flags[kind][name] += 1
            self._sample(kind, one, _flag(before), _flag(after))

    def regroup(self, one: Regrouped) -> None:
        self._like.update(joined=int(one.joined), left=int(one.left))
        if one.before == one.after:
            return
        kind = Difference.OTHER_COPY
        if one.before is None or one.after is None:
            kind = Difference.MERGED if one.before is None else Difference.SPLIT
        self._groups[kind] += 1
        self._keep(
            Sample(
                kind=kind,
                article_id=one.article_id,
                title=one.title or "",
                subject=one.outlet,
                before=one.before,
                after=one.after,
            )
        )

    def _sample(self, kind: Difference, one: Reread, before: str | None, after: str | None) -> None:
        self._keep(_sample(kind, one, before, after))

    def _keep(self, sample: Sample) -> None:
        if len(self._samples[sample.kind]) < SAMPLES:
            self._samples[sample.kind].append(sample)

    # ------------------------------------------------------------ telling

    def review(self, read: int) -> Review:
        self._samples[Difference.TEXT] = list(self._text_samples())
        return Review(
            read=read,
            differing=self._differing,
            fields=_tally(self._fields, [*_SHOWN, "claims", "blocks", *_OTHERS]),
            bodies=_tally(self._bodies, [_FORM, *(name for _, name in _SHARES), _MOST]),
            words_added=self._words["added"],
            words_removed=self._words["removed"],
            gained=_tally(self._flags[Difference.GAINED]),
            lost=_tally(self._flags[Difference.LOST]),
            moved=_tally(self._flags[Difference.MOVED]),
            reasons=self._like["reasons"],
            rules=self._like["rules"],
            errors_new=_tally(self._errors[Difference.ERROR_NEW]),
            errors_gone=_tally(self._errors[Difference.ERROR_GONE]),
            errors_other=self._like["errors_other"],
            merged=self._groups[Difference.MERGED],
            split=self._groups[Difference.SPLIT],
            other_copies=self._groups[Difference.OTHER_COPY],
            joined=self._like["joined"],
            left=self._like["left"],
            samples=tuple(sample for kind in Difference for sample in self._samples[kind]),
        )

    def _text_samples(self) -> Iterator[Sample]:
        for _, _, one in self._texts:
            if one.before is None or one.after is None:
                continue
            sizes = [len(article.text.split()) for article in (one.before, one.after)]
            sample = _sample(Difference.TEXT, one, *(f"{size} words" for size in sizes))
            if max(len(one.before.text), len(one.after.text)) <= _LONGEST:
                sample = replace(sample, diff=diff.compare(one.before, one.after))
            yield sample


def _tally(counted: Counter[str], order: Sequence[str] = ()) -> Tally:
    """In the order given, then by name."""
    places = {str(name): place for place, name in enumerate(order)}
    names = sorted(counted, key=lambda name: (places.get(str(name), len(places)), str(name)))
    return Tally(counts=tuple((str(name), counted[name]) for name in names))


def _sample(kind: Difference, one: Reread, before: str | None, after: str | None) -> Sample:
    shown = one.after or one.before
    title = (shown.title if shown else None) or ""
    return Sample(kind=kind, article_id=one.article_id, title=title, subject=one.subject, before=before, after=after)


def _said(article: Article, kind: Difference) -> str | None:
    """A field of an article in words; None: it has none."""
    if kind is Difference.CREDIT:
        credit = article.credit
        return f"{credit.name} ({credit.domain})" if credit and credit.domain else credit.name if credit else None
    value = getattr(article, kind.value)
    if isinstance(value, datetime):
        return value.isoformat()
    return (", ".join(value) or None) if isinstance(value, tuple) else value


def _flag(flag: Flag | None) -> str | None:
    """`asean core, score 12.5: “ASEAN” in the title`."""
    if flag is None:
        return None
    reasons = dict.fromkeys(f"“{one.text}” in the {one.field}" for one in flag.evidence)
    shown = list(reasons)[:_REASONS]
    more = f" and {len(reasons) - len(shown)} more" if len(reasons) > len(shown) else ""
    return f"{flag.topic} {flag.level}, score {flag.score:g}: {', '.join(shown)}{more}"
