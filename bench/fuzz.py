"""Pages that nobody would write, until the reader breaks: pieces of the golden pages, spliced, nested, cut and garbled.

    python bench/fuzz.py [--minutes 10] [--seed 1] [--keep FOLDER]
    python bench/fuzz.py --guided [--minutes 10] [--seed 1] [--keep FOLDER]

Without `--guided` hypothesis composes the pages, with it atheris changes them and keeps what reaches new code. What may come out
of a page is an article that holds what docs/formats.md promises, or ExtractError. All else is told once for each place in the
code, and with `--keep` the smallest page that showed it is written there. See README.md.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # instead of this folder, where `pipeline` is another one


def _watched() -> AbstractContextManager[Any]:
    """Our code is counted from its import on, where that is asked for."""
    if __name__ != "__main__" or "--guided" not in sys.argv:
        return nullcontext()
    watched: AbstractContextManager[Any] = import_module("atheris").instrument_imports(include=["extract", "text", "urls"])
    return watched


with _watched():
    import extract
    import text
    import urls
from extract import families  # noqa: E402 - as above
from extract.page import selector  # noqa: E402
from model import Article, BlockKind, Capture, ExtractError, Learning  # noqa: E402
from store import values  # noqa: E402

PAGES = ROOT / "tests" / "pages"
DAY = datetime(2026, 5, 8, 3, 0, tzinfo=UTC)
SLOW = 2.0  # CPU seconds: pages here are small

# ---------------------------------------------------------------- what must hold


class BrokenPromiseError(Exception):
    """An article is not what it is said to be."""


def check(capture: Capture) -> Article | None:
    """Read a page. Raises what the reader must not raise, and BrokenPromiseError; None: it is no article."""
    start = time.process_time()
    try:
        article = extract.read(capture)
    except ExtractError as error:
        _hold(bool(error.kind and error.message), "an error without a kind")
        return None
    _hold(time.process_time() - start < SLOW, "read too slowly")
    _hold(article.url in (None, capture.url) or len(article.url or "") <= urls.LONGEST, "an address that is too long")
    _check_fields(article)
    _check_lines(article)
    said = values.from_article(article)
    said.encode()
    _hold(values.to_article(said) == article, "another article when it is stored")
    extract.learn(Learning(site="a.vn"), article, DAY)
    return article


def _hold(holds: bool, promise: str) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


def _check_fields(article: Article) -> None:
    _hold(bool(article.blocks), "no text")
    _hold(not article.has_lead or article.blocks[0].kind is BlockKind.PARAGRAPH, "the lead is no paragraph in front")
    _hold(
        all(c.moment.tzinfo is not None for c in (*article.published_claims, *article.modified_claims)), "a date without a zone"
    )
    _hold(all(i.url is None or urls.is_web(i.url) for i in article.images), "an image's address is not whole")
    _hold(all(i.url or i.caption for i in article.images), "an image of nothing")
    _hold(
        article.section is None or not article.breadcrumb or article.breadcrumb[-1] == article.section,
        "a section beside the trail",
    )
    _hold(article.agreement is None or 0 <= article.agreement <= 1, "an agreement that is no share")


def _check_lines(article: Article) -> None:
    for block in article.blocks:
        _hold(text.clean_lines(block.text) == block.text and bool(block.text), "a block that is not clean")
    for name in ("title", "kicker", "byline", "section", "signature"):
        line = getattr(article, name)
        _hold(line is None or _is_clean(line), f"a {name} that is not clean")
    for name in ("authors", "breadcrumb", "tags"):
        _hold(all(map(_is_clean, getattr(article, name))), f"{name} that are not clean")
    _hold(all(i.caption is None or _is_clean(i.caption) for i in article.images), "a caption that is not clean")


def _is_clean(line: str) -> bool:
    lines = line.split("\n")
    return bool(line) and line == unicodedata.normalize("NFC", line) and all(text.clean(one) == one for one in lines)


# ---------------------------------------------------------------- pages

_TOKEN = re.compile(r"<[^<>]{0,2000}>|[^<]+|<")


@cache
def golden() -> tuple[tuple[str, ...], ...]:
    """The golden pages as tags and what stands between them; dumps as lines."""
    found = []
    for path in sorted(PAGES.rglob("page.*")):
        if path.suffix in (".html", ".txt"):
            raw = path.read_bytes().decode("utf-8", "replace")
            found.append(tuple(_TOKEN.findall(raw) if path.suffix == ".html" else raw.splitlines(keepends=True)))
    return tuple(found)


@cache
def _names() -> tuple[str, ...]:
    """Class names that the table of templates knows."""
    table = families.load()
    raws = (raw for row in (*table.families, table.any) for name in _FIELDS for raw in getattr(row, name))
    return tuple(sorted({name for raw in raws for step in selector(raw) for name in step.classes}))


_FIELDS = tuple(f.name for f in fields(families.Family) if f.name not in ("name", "sites", "since", "until", "whole"))
_TAG_NAMES = (
    "div p span a b i h1 h2 h3 table tr td ul ol li dl dt dd figure figcaption blockquote pre article section header footer nav "
    "aside main form time br img font svg title meta link script style noscript template caption tbody body html head iframe"
)
_TAGS = tuple(_TAG_NAMES.split())
_ODD = (
    "\x00",
    "\ud800",
    "\u202e",
    "\u0301",
    "\ufffe",
    "\x01",
    "\x85",
    "\u2028",
    "\ue001",
    "\ue002",
    "\U0001f4f0",
    "\u00a0",
    "İ",
    "ﬃ",
)
_SAID = (
    *(
        "Nguồn: VOV",
        "Theo TTXVN",
        "(Ảnh: TTXVN)",
        "Ảnh: Lê Thử",
        "8/5/2026 10:00",
        "1/1/0001",
        "31/02/2026 25:61",
        "9999-12-31T23:59:59Z",
    ),
    *(
        "Trang chủ/Thời sự",
        "Tin liên quan",
        "Đọc thêm",
        "| a | b |",
        "![](a.jpg)",
        "[a](b)",
        "# Tít",
        "> Lời",
        "* mục",
        "&#0;",
        "&amp;#237;",
    ),
    *(
        "Hà Nội (TTXVN) - ",
        "Từ khóa: a, b",
        "https://baoquocte.vn/tin-123456.html",
        "nhóm phóng viên",
        "Hai bên đã họp và nhất trí với nhau.",
    ),
    *(
        "2026-05-08T10:00:00+99:99",
        "Mon, 08 May 2026 10:00:00 GMT",
        "Tháng Mười Một 22, 2023",
        "{",
        "}",
        "[",
        "]]>",
        "-->",
        "<!--",
        "<![CDATA[",
    ),
)
_URLS = (
    *(
        None,
        None,
        None,
        "https://baoquocte.vn/tin-123456.html",
        "https://tuoitre.vn/tin-20260508100000000.htm",
        "https://vnexpress.net/a-4.html",
    ),
    *(
        "http://[::1",
        "https://a.vn:99999/x",
        "ftp://a/b",
        "https://xn--a.vn/",
        "https://a.vn/\u202e/%00",
        "https://user:pw@a.vn/x",
        "x" * 3_000,
    ),
)
_ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "windows-1258",
    "latin-1",
    "utf-7",
)
_HEADERS = (
    None,
    None,
    "text/html",
    "text/html; charset=utf-16",
    "text/plain; charset=windows-1258",
    "text/html; charset=rot13",
    "\x00;charset=",
)


@st.composite
def _slices(draw: st.DrawFn) -> str:
    """A stretch of a golden page."""
    tokens = golden()[draw(st.integers(0, len(golden()) - 1))]
    first = draw(st.integers(0, max(0, len(tokens) - 1)))
    return "".join(tokens[first : first + draw(st.integers(1, 200))])


@st.composite
def _elements(draw: st.DrawFn) -> str:
    """An opening tag, with names that templates know."""
    tag = draw(st.sampled_from(_TAGS))
    names = " ".join(draw(st.lists(st.sampled_from(_names()), max_size=3)))
    more = draw(
        st.sampled_from(
            ("", ' itemprop="articleBody"', ' data-role="content"', ' id="articleBody"', ' style="display:none"', " hidden")
        )
    )
    return f'<{tag} class="{names}"{more} {draw(_attributes)}>'


_words = st.one_of(st.sampled_from(_SAID), st.text(max_size=40), st.text(st.sampled_from(_ODD + tuple(" aĐ.")), max_size=12))
_attributes = st.builds(
    lambda name, said: f'{name}="{said}"',
    st.sampled_from(
        ("href", "src", "data-src", "content", "property", "name", "datetime", "rel", "type", "role", "title", "lang", "alt")
    ),
    st.one_of(
        _words, st.sampled_from(("og:title", "og:image", "article:published_time", "canonical", "application/ld+json", "author"))
    ),
)
_KEY_NAMES = (
    "@type @graph @id headline name author datePublished dateModified articleBody articleSection item itemListElement position "
    "mainEntityOfPage mainEntity breadcrumb keywords description url"
)
_KEYS = tuple(_KEY_NAMES.split())
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(_KEYS),
            st.one_of(inner, st.sampled_from(("NewsArticle", "BreadcrumbList", "Person", "VideoObject"))),
            max_size=6,
        ),
    ),
    max_leaves=12,
)
_scripts = st.builds(lambda said: f'<script type="application/ld+json">{text.to_json(said)}</script><!--Article-->', _json)
_single = st.one_of(_slices(), _slices(), _slices(), _elements(), _words, _scripts)


@st.composite
def _pieces(draw: st.DrawFn) -> str:
    """A piece as it is, nested, doubled or cut short."""
    piece: str = draw(_single)
    change = draw(st.sampled_from(("", "", "", "nest", "double", "cut", "paragraph")))
    if change == "nest":
        opening, depth = draw(_elements()), draw(st.sampled_from((1, 2, 5, 40, 300)))
        tag = opening[1:].split(" ", 1)[0]
        return opening * depth + piece + f"</{tag}>" * draw(st.sampled_from((0, depth)))
    if change == "double":
        return piece * draw(st.sampled_from((2, 3, 30)))
    if change == "cut":
        return piece[: draw(st.integers(0, max(1, len(piece))))]
    return f"<p>{piece}</p>" if change == "paragraph" else piece


@st.composite
def captures(draw: st.DrawFn) -> Capture:
    """A page made of pieces, in some encoding, with some address."""
    whole = "".join(draw(st.lists(_pieces(), min_size=1, max_size=8)))
    opening = draw(
        st.sampled_from(("<!DOCTYPE html><html><head>", "<html><body>", "", "", "<h1>Hội nghị bàn về nguồn nước</h1>"))
    )
    body = (opening + whole).encode(draw(st.sampled_from(_ENCODINGS)), draw(st.sampled_from(("replace", "xmlcharrefreplace"))))
    if draw(st.integers(0, 5)) == 0:
        at = draw(st.integers(0, len(body)))
        body = body[:at] + draw(st.binary(max_size=60)) + body[at + draw(st.integers(0, 40)) :]
    header = draw(st.sampled_from(_HEADERS))
    return capture_of(body, draw(st.sampled_from(_URLS)), header)


def capture_of(body: bytes, url: str | None = None, header: str | None = None) -> Capture:
    return Capture(
        identity="saved:fuzz",
        body=body,
        captured_at=DAY,
        captured_exactly=True,
        url=url,
        headers=(("Content-Type", header),) if header else (),
    )


# ---------------------------------------------------------------- what was found


@dataclass(slots=True)
class Found:
    """Failures, one for each place in the code; of each the smallest page."""

    keep: Path | None
    smallest: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)
    known: frozenset[str] = frozenset()  # places that are no news any more

    def run(self, capture: Capture) -> None:
        """Check one page. What fails is noted; what is news is raised again."""
        try:
            article = check(capture)
        except Exception as error:
            if self._note(error, capture) not in self.known:
                raise
            return
        self.ended["articles" if article else "no article"] += 1

    def _note(self, error: Exception, capture: Capture) -> str:
        """The place in the code."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
        ours = [f for f in frames if f"{os.sep}bench{os.sep}" not in f.filename] or frames
        place = f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}"
        place += f": {error}"[:100] if isinstance(error, BrokenPromiseError) else ""
        self.ended["failures"] += 1
        if place not in self.smallest:
            print(f"{place}\n    {error!r:.200}", flush=True)
        if len(capture.body) >= len(self.smallest.get(place, capture.body + b".")):
            return place
        self.smallest[place] = capture.body
        self.told[place] = f"{error!r:.300}\nurl {capture.url!r}\nheaders {capture.headers!r}\n"
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"\W+", "-", place)[:90]
            (self.keep / f"{name}.page").write_bytes(capture.body)
            (self.keep / f"{name}.txt").write_text(self.told[place] + traceback.format_exc(), encoding="utf-8", errors="replace")
        return place

    def tell(self, minutes: float) -> int:
        pages = ", ".join(f"{count:,} {name}" for name, count in sorted(self.ended.items()))
        print(f"{self.ended.total():,} pages in {minutes:.1f} minutes: {pages}; {len(self.smallest)} places that fail")
        return 1 if self.smallest else 0


# ---------------------------------------------------------------- hypothesis


_BATCH = 400  # pages drawn from one seed


def composed(found: Found, minutes: float, first: int) -> None:
    end = time.monotonic() + 60 * minutes
    for number in _until(end):

        @seed(first * 1_000_003 + number)
        @settings(
            max_examples=_BATCH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
        )
        @given(captures())
        def one(capture: Capture) -> None:
            found.run(capture)

        try:
            one()
        except Exception:
            if found.known == found.smallest.keys():
                raise  # it is none of those that were noted
        found.known = frozenset(found.smallest)


def _until(end: float) -> Iterator[int]:
    number = 0
    while time.monotonic() < end:
        yield number
        number += 1


# ---------------------------------------------------------------- atheris


def guided(found: Found, minutes: float, first: int, done: Callable[[], None]) -> None:
    """Does not return: the fuzzer ends the process."""
    atheris = import_module("atheris")
    end = time.monotonic() + 60 * minutes
    folder = Path(tempfile.mkdtemp())

    def one(raw: bytes) -> None:
        if time.monotonic() > end:
            shutil.rmtree(folder)
            done()
        chosen = raw[0] if raw else 0
        try:
            found.run(capture_of(raw[1:], _URLS[chosen % len(_URLS)], _HEADERS[chosen // 16 % len(_HEADERS)]))
        except Exception:  # it was noted
            return

    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir()
    for number, tokens in enumerate(golden()):
        (corpus / str(number)).write_bytes(b"\x00" + "".join(tokens).encode("utf-8", "replace")[:30_000])
    said = (*(f"<{tag}>" for tag in _TAGS), *(f"</{tag}>" for tag in _TAGS), *(f'class="{name}"' for name in _names()), *_SAID)
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in said), encoding="ascii")
    asked = (f"-dict={words}", f"-seed={first}", "-max_len=30000", "-timeout=60", "-rss_limit_mb=3000", "-verbosity=0")
    atheris.Setup([sys.argv[0], str(corpus), *asked], one)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


# ---------------------------------------------------------------- the command


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--guided", action="store_true", help="by atheris, which must be installed")
    options.add_argument("--keep", type=Path, help="write what was found here")
    asked = options.parse_args()
    found = Found(keep=asked.keep)
    start = time.monotonic()

    def done() -> None:
        status = found.tell((time.monotonic() - start) / 60)
        sys.stdout.flush()
        os._exit(status)  # the fuzzer lets no exception pass

    if asked.guided:
        guided(found, asked.minutes, asked.seed, done)
    composed(found, asked.minutes, asked.seed)
    return found.tell((time.monotonic() - start) / 60)


if __name__ == "__main__":
    raise SystemExit(main())
