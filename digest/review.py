"""What reading the archive again changes, or would change, told: as text, one HTML page, or JSON.

Safe to pass on, as a digest is: what comes from the web is clean text, escaped in the page, and links are http and https alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from markupsafe import Markup

import text
from digest import changes
from digest.pages import pages
from digest.view import Address, address_of
from model import Difference, Review, Sample, Tally
from text import clean, shorten

__all__ = ["FORMATS", "lines", "record", "render"]

FORMATS = ("text", "html", "json")
WIDTH = 96  # columns
_SAID = 300  # code points of each side of a sample
_INDENT = 10

_HEADS = {
    Difference.GAINED: "Flags gained",
    Difference.LOST: "Flags lost",
    Difference.MOVED: "Flags at another level",
    Difference.ERROR_NEW: "Errors that are new",
    Difference.ERROR_GONE: "Errors that are gone",
    Difference.TEXT: "Texts that differ most",
    Difference.TITLE: "Titles",
    Difference.LEAD: "Leads",
    Difference.PUBLISHED: "Dates of publication",
    Difference.MODIFIED: "Dates of change",
    Difference.AUTHORS: "Authors",
    Difference.CREDIT: "Credits",
    Difference.SECTION: "Sections",
    Difference.URL: "Addresses",
    Difference.MERGED: "Copies merged",
    Difference.SPLIT: "Copies split",
    Difference.OTHER_COPY: "Copies of another article",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One sample, in words."""

    title: str
    article_id: int | None
    subject: str
    address: Address | None
    before: str
    after: str
    diff: Markup


def render(review: Review, form: str, *, is_dry: bool, colour: bool = False) -> str:
    """The review in one of `FORMATS`; `is_dry`: nothing of it was stored. Raises ValueError for any other format."""
    if form == "json":
        return text.to_json(record(review, is_dry=is_dry), indent=2) + "\n"
    if form == "text":
        return "\n".join(lines(review, is_dry=is_dry, colour=colour)) + "\n"
    if form != "html":
        raise ValueError(f"no review format {form!r}; one of {', '.join(FORMATS)}")
    groups = [(head, [_row(one) for one in found]) for head, found in _groups(review)]
    return (
        pages()
        .get_template("review.html")
        .render(summary=_summary(review, is_dry=is_dry), counts=list(_counts(review)), groups=groups)
    )


def record(review: Review, *, is_dry: bool) -> dict[str, Any]:
    """The stable contract of docs/formats.md; fields are only ever added."""
    return {
        "dry_run": is_dry,
        "read": review.read,
        "differing": review.differing,
        "fields": dict(review.fields.counts),
        "bodies": dict(review.bodies.counts),
        "words": {"added": review.words_added, "removed": review.words_removed},
        "flags": {
            "gained": dict(review.gained.counts),
            "lost": dict(review.lost.counts),
            "moved": dict(review.moved.counts),
            "reasons": review.reasons,
            "rules": review.rules,
        },
        "errors": {
            "new": dict(review.errors_new.counts),
            "gone": dict(review.errors_gone.counts),
            "other": review.errors_other,
        },
        "copies": {"merged": review.merged, "split": review.split, "of_another": review.other_copies},
        "stories": {"joined": review.joined, "left": review.left},
        "samples": [
            {
                "kind": one.kind,
                "article_id": one.article_id,
                "title": one.title,
                "subject": one.subject,
                "before": one.before,
                "after": one.after,
                "diff": changes.record(one.diff) if one.diff else None,
            }
            for one in review.samples
        ],
    }


# ---------------------------------------------------------------- counts


def _summary(review: Review, *, is_dry: bool) -> str:
    """`5 pages of the archive were read again; 3 would be stored otherwise. Nothing was changed.`"""
    head = f"{review.read:,} {_plural('page', review.read)} of the archive {'was' if review.read == 1 else 'were'} read again; "
    if review.is_empty:
        return head + "nothing differs from what is stored."
    if is_dry:
        return head + f"{review.differing:,} would be stored otherwise. Nothing was changed."
    return head + f"{review.differing:,} {'is' if review.differing == 1 else 'are'} stored otherwise now."


def _counts(review: Review) -> Iterator[tuple[str, str]]:
    """(what, how many) of all that differs; what does not is left out."""
    shown = {str(kind) for kind in Difference}
    flags = [_many("gained", review.gained), _many("lost", review.lost), _many("at another level", review.moved)]
    flags.append(f"{review.reasons:,} for other reasons" if review.reasons else "")
    yield "flags", _joined(flags)
    bodies = [f"{count:,} {'' if size.startswith('spaces') else 'by '}{size}" for size, count in review.bodies.counts]
    if review.words_added or review.words_removed:
        bodies.append(f"{review.words_added:,} words more and {review.words_removed:,} fewer in all")
    yield "texts", _joined(bodies)
    for name, count in review.fields.counts:
        if name in shown and name != Difference.TEXT:
            yield name, f"{count:,}"
    yield "besides", _joined(f"{name.replace('_', ' ')} {count:,}" for name, count in review.fields.counts if name not in shown)
    other = f"{review.errors_other:,} of another kind than before" if review.errors_other else ""
    yield "errors", _joined([_many("new", review.errors_new), _many("gone", review.errors_gone), other])
    copies = ((review.merged, "merged"), (review.split, "split"), (review.other_copies, "of another article than before"))
    yield "copies", _joined(f"{count:,} {what}" for count, what in copies if count)
    stories = ((review.joined, "joined one"), (review.left, "left one"))
    yield "stories", _joined(f"{count:,} {_plural('article', count)} {what}" for count, what in stories if count)


def _many(what: str, tally: Tally) -> str:
    """`2 gained (asean core 1, asean mention 1)`."""
    parts = ", ".join(f"{clean(name)} {count:,}" for name, count in tally.counts)
    return f"{tally.total:,} {what} ({parts})" if tally.total else ""


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(part for part in parts if part)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _groups(review: Review) -> list[tuple[str, list[Sample]]]:
    found = ((head, [one for one in review.samples if one.kind is kind]) for kind, head in _HEADS.items())
    return [(head, samples) for head, samples in found if samples]


# ---------------------------------------------------------------- text


def lines(review: Review, *, is_dry: bool, colour: bool = False) -> list[str]:
    """The review for a terminal: counts, then samples with what they were and are."""
    said = [_summary(review, is_dry=is_dry)]
    counts = [(what, many) for what, many in _counts(review) if many]
    said += [""] if counts else []
    for what, many in counts:
        said += _wrapped(f"{what:<{_INDENT}} {many}", _INDENT + 1)
    for head, samples in _groups(review):
        said += ["", f"{head}:"]
        for one in samples:
            said += _sample_lines(one, colour)
    return said


def _sample_lines(one: Sample, colour: bool) -> Iterator[str]:
    row = _row(one)
    named = f"{row.title} (article {row.article_id})" if row.article_id is not None else row.title
    yield from _wrapped(f"  {named}", 4)
    if row.address or row.subject != row.title:
        yield f"    {text.printable(row.address.shown if row.address else row.subject)}"
    if one.diff is not None:
        yield f"    {row.before} → {row.after}"
        yield from (f"    {line}" for line in changes.to_text(one.diff, colour=colour, width=WIDTH - 4))
        return
    for sign, said in (("-", row.before), ("+", row.after)):
        if said:
            yield from _wrapped(f"    {sign} {said}", 6)


def _wrapped(line: str, rest: int) -> list[str]:
    safe = text.printable(line).replace("\n", " ")
    first = safe[: len(safe) - len(safe.lstrip())]
    return wrap(
        safe.strip(),
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _row(one: Sample) -> Row:
    subject = shorten(clean(one.subject), _SAID)
    return Row(
        title=shorten(clean(one.title), _SAID) or subject or "(no title)",
        article_id=one.article_id,
        subject=subject,
        address=address_of(one.subject) if one.subject.startswith(("http://", "https://")) else None,
        before=_short(one.before),
        after=_short(one.after),
        diff=changes.to_html(one.diff) if one.diff else Markup(),
    )


def _short(said: str | None) -> str:
    return shorten(clean(said), _SAID) if said else ""
