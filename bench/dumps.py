"""How well text dumps are read: whole pages turned into plain lines, and the articles found among them.

    python bench/dumps.py FOLDER TRUTH [--kind plain|markdown|links]... [--half first|second] [--worst 10] [--write FOLDER]

FOLDER holds pages (NAME.html or NAME.html.gz), TRUTH is a JSON file `{NAME: {"articleBody": …}}`. Every page is converted whole,
one block a line, nothing cut out but what is never shown (scripts, styles, templates), in three kinds:

    plain     the text alone
    links     the text, each link as `[text](address)`
    markdown  links, `![alt](address)`, `#` headings, `*` items, `>` quotes, `|` rows, emphasis

Each dump is read from its bytes as a .txt file would be. Printed for each kind: F1, precision and recall of the dump as it stands
and of the article found in it, over 4-grams of words (F1 of the mean precision and the mean recall, each page weighing the same),
and the time that a dump took. `--half` takes one half of the pages, drawn by a fixed seed: what is tuned on one half is believed
on the other. `--write` keeps the dumps and, beside them, what was read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from lxml import etree, html

sys.path.insert(0, str(Path(__file__).parents[1]))

import extract
from extract.decode import decode
from model import Capture, ExtractError

KINDS = ("plain", "links", "markdown")
NOW = datetime(2026, 1, 1, tzinfo=UTC)

# ---------------------------------------------------------------- a page as lines

_NAMES = """address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hr html iframe legend li main menu nav ol optgroup option p pre section select
summary table tbody td textarea tfoot th thead tr ul video audio object"""
_BLOCKS = frozenset(_NAMES.split())
_UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "svg", "math", "input"))
_OPENS = {f"h{n}": "#" * n + " " for n in range(1, 7)} | {"li": "* ", "blockquote": "> "}
_EMPHASIS = {"b": "**", "strong": "**", "em": "_", "i": "_"}


def dump(tree: html.HtmlElement, kind: str) -> str:
    """All that a page shows, one block a line. Cells of a row are lines, but in `markdown` a row is one line."""
    parts: list[str] = []
    _flow(tree, kind, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    empty = {mark.strip() for mark in _OPENS.values()} | {"|", ""}
    return "\n".join(line for line in lines if line not in empty)


def _flow(root: html.HtmlElement, kind: str, parts: list[str]) -> None:
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _UNSEEN:
                walk.skip_subtree()
                continue
            parts += [_before(element, tag, kind), _flat(element.text)]
        else:
            if tag and tag not in _UNSEEN:
                parts.append(_after(element, tag, kind))
            if element is not root:
                parts.append(_flat(element.tail))


def _flat(said: str | None) -> str:
    return re.sub(r"\s+", " ", said or "")


def _before(element: html.HtmlElement, tag: str, kind: str) -> str:
    mark = "[" if tag == "a" and kind != "plain" and element.get("href") else ""
    if kind == "markdown":
        if tag in ("td", "th"):
            return ""
        mark += _OPENS.get(tag, "") + _EMPHASIS.get(tag, "")
        mark += "| " if tag == "tr" else ""
        mark += f"![{_flat(element.get('alt'))}]({element.get('src') or ''})" if tag == "img" else ""
    return ("\n" if tag in _BLOCKS else "") + mark


def _after(element: html.HtmlElement, tag: str, kind: str) -> str:
    mark = f"]({element.get('href')})" if tag == "a" and kind != "plain" and element.get("href") else ""
    if kind == "markdown":
        if tag in ("td", "th"):
            return " | "
        mark = _EMPHASIS.get(tag, "") + mark
    return mark + ("\n" if tag in _BLOCKS else "")


# ---------------------------------------------------------------- score

_WORD = re.compile(r"\w+")


def _grams(said: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(said)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def compare(truth: str, found: str) -> tuple[float | None, float | None]:
    """(precision, recall) of one page; None where a side is empty and says nothing."""
    wanted, had = _grams(truth), _grams(found)
    hits = sum((wanted & had).values())
    return hits / sum(had.values()) if had else None, hits / sum(wanted.values()) if wanted else None


def summary(scores: list[tuple[float | None, float | None]]) -> str:
    """F1, precision and recall over many pages."""
    precision = statistics.mean([p for p, _ in scores if p is not None] or [0.0])
    recall = statistics.mean([r for _, r in scores if r is not None] or [0.0])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}"


# ---------------------------------------------------------------- reading


def found_in(said: str) -> str:
    """The text of the article that is read from a dump; nothing where none is found."""
    try:
        return extract.read(Capture(identity="saved:dump.txt", body=said.encode(), captured_at=NOW, captured_exactly=False)).text
    except ExtractError:
        return ""


def pages(folder: Path, names: list[str]) -> Iterator[tuple[str, html.HtmlElement]]:
    """Each page's tree, parsed when it is asked for."""
    for name in names:
        path = next(p for p in (folder / f"{name}.html", folder / f"{name}.html.gz") if p.exists())
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = re.sub(r"\A\s*<\?xml[^>]*>", "", decode(body).text)
        yield name, html.document_fromstring(page, parser=html.HTMLParser(huge_tree=True))


def half(names: list[str], which: str | None) -> list[str]:
    """One half of the names, drawn by a fixed seed; all without `which`."""
    drawn = sorted(names)
    if which is None:
        return drawn
    Random(181).shuffle(drawn)  # noqa: S311 - a draw of pages, no secret
    middle = len(drawn) // 2
    return sorted(drawn[:middle] if which == "first" else drawn[middle:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--half", choices=("first", "second"))
    parser.add_argument("--worst", type=int, default=0, help="name the pages that were read worst")
    parser.add_argument("--write", type=Path, help="keep the dumps and what was read here")
    args = parser.parse_args()
    truth = json.loads(args.truth.read_text(encoding="utf-8"))
    names = half(list(truth), args.half)
    print(f"{len(names)} pages" + (f", the {args.half} half" if args.half else ""))
    for kind in args.kind or KINDS:
        _measure(kind, args.folder, {name: truth[name].get("articleBody", "") for name in names}, args.worst, args.write)
    return 0


def _measure(kind: str, folder: Path, truth: dict[str, str], worst: int, write: Path | None) -> None:
    raw: list[tuple[float | None, float | None]] = []
    read: dict[str, tuple[float | None, float | None]] = {}
    took = 0.0
    for name, tree in pages(folder, list(truth)):
        said = dump(tree, kind)
        start = time.perf_counter()
        found = found_in(said)
        took += time.perf_counter() - start
        raw.append(compare(truth[name], said))
        read[name] = compare(truth[name], found)
        if write:
            write.mkdir(parents=True, exist_ok=True)
            (write / f"{name}.{kind}.txt").write_text(said, encoding="utf-8")
            (write / f"{name}.{kind}.article.txt").write_text(found, encoding="utf-8")
    print(f"{kind:9} as it stands  {summary(raw)}")
    print(f"{'':9} as read       {summary(list(read.values()))}  {took * 1000 / max(1, len(truth)):.1f} ms a dump")
    for name in sorted(read, key=lambda name: sum(x or 0.0 for x in read[name]))[:worst]:
        print(f"    {name[:12]}  precision {read[name][0] or 0:.3f}  recall {read[name][1] or 0:.3f}")


if __name__ == "__main__":
    raise SystemExit(main())
