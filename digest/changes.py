"""What changed between two versions of an article, told: as lines for a terminal, and as HTML.

Both show the sentences that changed with `context` unchanged ones beside them, and say how many others there are. What is shown
is safe to pass on: no control characters reach a terminal but our own colours, and no text becomes markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

import text
from digest.pages import pages
from model import Diff, DiffLine, LineKind, Op, Piece

__all__ = ["counted", "page", "record", "to_html", "to_text"]

WIDTH = 96  # columns
_FEWEST = 2  # unchanged sentences that are folded: to say that there is one takes as much room as it does


def to_text(diff: Diff, *, colour: bool, width: int = WIDTH, context: int = 1) -> list[str]:
    """Lines of at most `width` columns, if no word is longer; no line where nothing changed.

    Without colour `[-deleted-]` and `{+inserted+}`, with it red and struck through, and green.
    """
    lines = _wrapped("title: ", diff.title, colour, width) if _differs(diff.title) else []
    for part in _parts(diff.lines, context):
        if part.line is None:
            lines.append(f"  … {part.count} sentences unchanged")
        else:
            lines += _text_line(part.start, part.line, colour, width)
    return lines


def to_html(diff: Diff, *, context: int = 1) -> Markup:
    """One `<div class="diff">` with `<ins>` and `<del>`, and an arrow before what moved; empty where nothing changed.

    Sentences are `<span>` with the kind of their line as class (`same`, `changed`, `added`, `removed`, `moved-from`, `moved-to`).
    """
    blocks = [Markup("<h3>{}</h3>").format(_html_pieces(diff.title))] if _differs(diff.title) else []
    sentences: list[Markup] = []

    def close() -> None:
        if sentences:
            blocks.append(Markup("<p>{}</p>").format(Markup(" ").join(sentences)))
            sentences.clear()

    for part in _parts(diff.lines, context):
        if part.line is None or part.line.starts:
            close()
        if part.line is None:
            blocks.append(Markup('<p class="folded">… {} sentences unchanged</p>').format(part.count))
        else:
            sentences.append(_html_line(part.start, part.line))
    close()
    return Markup('<div class="diff">\n{}\n</div>').format(Markup("\n").join(blocks)) if blocks else Markup()


def _differs(pieces: Sequence[Piece]) -> bool:
    return any(piece.op is not Op.SAME for piece in pieces)


@dataclass(frozen=True, slots=True)
class _Part:
    """A line that is shown, or so many that are not."""

    start: int
    line: DiffLine | None
    count: int = 1


def _parts(lines: Sequence[DiffLine], context: int) -> Iterator[_Part]:
    """The lines in order, those far from any change as one; nothing where there is no change."""
    changed = [number for number, line in enumerate(lines) if line.kind is not LineKind.SAME]
    shown = {near for number in changed for near in range(number - context, number + context + 1)}
    start = 0
    for number, line in enumerate(lines if changed else ()):
        if number in shown:
            yield from _hidden(lines, start, number)
            yield _Part(number, line)
            start = number + 1
    if changed:
        yield from _hidden(lines, start, len(lines))


def _hidden(lines: Sequence[DiffLine], start: int, end: int) -> Iterator[_Part]:
    if end - start >= _FEWEST:
        yield _Part(start, None, end - start)
    else:
        yield from (_Part(number, lines[number]) for number in range(start, end))


def _arrow(number: int, line: DiffLine) -> str:
    """Whether a sentence moved up or down; the same for both of its lines, and nothing for one that did not."""
    if line.pair is None:
        return ""
    return "↑" if (line.pair < number) is (line.kind is LineKind.MOVED_FROM) else "↓"


def _safe(said: str) -> str:
    return text.printable(said).replace("\n", " ")


# ---------------------------------------------------------------- text

_SIGNS = {LineKind.SAME: " ", LineKind.CHANGED: "~", LineKind.ADDED: "+", LineKind.REMOVED: "-"}
_COLOURS = {Op.SAME: "", Op.DELETE: "\x1b[31;9m", Op.INSERT: "\x1b[32m"}
_PLAIN = "\x1b[0m"
_MARKS = {Op.SAME: ("", ""), Op.DELETE: ("[-", "-]"), Op.INSERT: ("{+", "+}")}

_AWAY, _HERE = "moved away: ", "moved here: "

_Run = tuple[Op, str]  # letters of one colour, without a blank in them
_Word = list[_Run]


def _text_line(number: int, line: DiffLine, colour: bool, width: int) -> list[str]:
    if line.kind is LineKind.MOVED_FROM:  # what of it changed is told where it stands now
        said = text.shorten(_safe(line.old or ""), max(2, width - len(_AWAY) - 2))
        return [f"{_arrow(number, line)} {_AWAY}{said}"]
    sign = f"{_arrow(number, line)} {_HERE}" if line.kind is LineKind.MOVED_TO else f"{_SIGNS[line.kind]} "
    return _wrapped(sign, line.pieces, colour, width)


def _wrapped(first: str, pieces: Iterable[Piece], colour: bool, width: int) -> list[str]:
    """Pieces as lines, the first behind a sign and the others below its text."""
    lines: list[list[_Word]] = [[]]
    room = width - len(first)
    for word in _words(pieces, colour):
        length = sum(len(said) for _, said in word)
        if lines[-1] and length + 1 > room:
            lines.append([])
            room = width - 2
        room -= length + bool(lines[-1])
        lines[-1].append(word)
    return [(first if not number else "  ") + _coloured(line, colour) for number, line in enumerate(lines)]


def _words(pieces: Iterable[Piece], colour: bool) -> list[_Word]:
    """The words of a line; one may have parts of several colours. Blanks at the ends of a change are left out of it."""
    words: list[_Word] = []
    glued = False
    for piece in pieces:
        said = _safe(piece.text)
        inner = said.split()
        if not inner:
            glued = glued and not said
            continue
        if not colour:
            before, after = _MARKS[piece.op]
            inner[0], inner[-1] = before + inner[0], inner[-1] + after if len(inner) > 1 else before + inner[0] + after
        if glued and not said[0].isspace():
            words[-1].append((piece.op, inner.pop(0)))
        words += [[(piece.op, word)] for word in inner]
        glued = not said[-1].isspace()
    return words


def _coloured(line: Iterable[_Word], colour: bool) -> str:
    """One line; a change of several words is coloured as one."""
    said, now = "", Op.SAME
    for number, word in enumerate(line):
        blank = " " if number else ""
        for op, letters in word:
            if op is not now and colour:
                said, blank = said + (_PLAIN if now is not Op.SAME else "") + blank + _COLOURS[op], ""
            said, blank, now = said + blank + letters, "", op
    return said + _PLAIN if colour and now is not Op.SAME else said


# ---------------------------------------------------------------- HTML

_TAGS = {Op.SAME: Markup("{}"), Op.DELETE: Markup("<del>{}</del>"), Op.INSERT: Markup("<ins>{}</ins>")}


def _html_line(number: int, line: DiffLine) -> Markup:
    said = _html_pieces(line.pieces)
    if arrow := _arrow(number, line):
        said = Markup("{} {}").format(arrow, said)
    return Markup('<span class="{}">{}</span>').format(line.kind.replace("_", "-"), said)


def _html_pieces(pieces: Iterable[Piece]) -> Markup:
    return Markup().join(_TAGS[piece.op].format(_safe(piece.text)) for piece in pieces)


def page(diff: Diff, title: str, about: str) -> str:
    """One self-contained page; `about` says which versions of what these are."""
    changes = to_html(diff)
    return pages().get_template("diff.html").render(title=text.clean(title), about=text.clean(about), changes=changes)


def counted(diff: Diff) -> str:
    """`12 words changed, 1 sentence moved`."""
    moved = f", {diff.moved} sentence{'' if diff.moved == 1 else 's'} moved" if diff.moved else ""
    return f"{diff.changed} word{'' if diff.changed == 1 else 's'} changed{moved}"


def record(diff: Diff) -> dict[str, Any]:
    """As JSON outputs have it (docs/formats.md): what changed, without the sentences that did not."""
    lines = [
        {"kind": line.kind, "old": line.old, "new": line.new, "pieces": _record(line.pieces)}
        for line in diff.lines
        if line.kind is not LineKind.SAME
    ]
    return {"words": diff.changed, "moved": diff.moved, "title": _record(diff.title), "lines": lines}


def _record(pieces: Iterable[Piece]) -> list[dict[str, str]]:
    return [{"op": piece.op, "text": piece.text} for piece in pieces]
