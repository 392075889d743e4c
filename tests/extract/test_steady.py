"""The same capture gives the same article: in any order, in any process, in any zone, on any day.

Run as a program, this file reads its pages in an order of its own and prints what each gave, by a clock that may be moved.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
COUNT = 300
AGAIN = 25  # pages that a process reads once more at its end
YEARS = 9


def move_clock(years: int) -> None:
    """Every clock of this process shows another day. Before anything of ours is imported: names are bound then."""
    seconds = years * 365.25 * 86_400
    real = time.time

    class Date(datetime.date):
        @classmethod
        def today(cls) -> Date:
            return cls.fromtimestamp(real() + seconds)

    class Datetime(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Datetime:
            return cls.fromtimestamp(real() + seconds, tz)

        @classmethod
        def utcnow(cls) -> Datetime:
            return cls.now(datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Datetime:
            return cls.now()

    def moved(function: Callable[..., object]) -> Callable[..., object]:
        return lambda given=None: function(real() + seconds if given is None else given)

    datetime.date, datetime.datetime = Date, Datetime  # type: ignore[misc]
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, moved(getattr(time, name)))
    time.time = lambda: real() + seconds
    time.time_ns = lambda: int((real() + seconds) * 1e9)


def pages() -> Iterator[tuple[str, object]]:
    """(name, capture) of 300 pages: the golden ones, each also cut short and with another title; the seeds; invented ones."""
    from dataclasses import replace

    from bench.pages import pages as invented
    from crawler import saved
    from extract import golden
    from model import Capture

    captured = datetime.datetime(2026, 5, 8, 3, 0, tzinfo=datetime.UTC)
    made = [
        Capture(identity=f"saved:{n}", body=body, captured_at=captured, captured_exactly=True)
        for n, body in enumerate(invented(15, seed=7))
    ]
    found = [case.page for case in golden.cases(ROOT / "tests" / "pages")]
    for path in [*found, *sorted((ROOT / "seeds").glob("*.txt"))]:
        (file,) = saved.find([str(path)])
        assert isinstance(file, saved.SavedFile)
        capture = saved.load(file)
        made.append(capture if capture.captured_exactly else replace(capture, captured_at=captured))
    whole = len(made)
    for one in made[:whole]:
        body = one.body
        made.append(replace(one, body=body[: len(body) * 6 // 10]))
    made += [replace(one, body=one.body.replace(b"<title>", "<title>Lần hai: ".encode(), 1)) for one in made[:whole]]
    for number, capture in enumerate(made[:COUNT]):
        yield f"{number} {capture.identity}", capture


def read_all(seed: int) -> None:
    from extract import read
    from model import ExtractError
    from store import values

    def answer(capture: object) -> str:
        try:
            return values.from_article(read(capture))  # type: ignore[arg-type]
        except ExtractError as error:
            return f"{error.kind}: {error.message}"

    given = list(pages())
    Random(seed).shuffle(given)  # noqa: S311 - an order, no secret
    print(json.dumps({"day": str(datetime.datetime.now(datetime.UTC).date()), "zone": time.tzname[0]}))
    for name, capture in given:
        print(json.dumps([name, answer(capture)]))
    for name, capture in given[:AGAIN]:
        print(json.dumps([f"{name} again", answer(capture)]))


def child(seed: int, years: int, **named: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, __file__, str(seed), str(years)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **named},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def answers(process: subprocess.Popen[str]) -> tuple[dict[str, str], dict[str, str]]:
    """(what the process says of itself, what each page gave)."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    first, *lines = out.splitlines()
    return json.loads(first), dict(map(json.loads, lines))


def test_a_capture_gives_the_same_article_whatever_was_read_before_and_on_any_day() -> None:
    one = child(1, 0, PYTHONHASHSEED="0", TZ="UTC", LANG="C.UTF-8", LC_ALL="C.UTF-8")
    two = child(2, YEARS, PYTHONHASHSEED="4242", TZ="Pacific/Kiritimati", LANG="vi_VN.UTF-8", LC_ALL="", PYTHONUTF8="1")
    (itself, mine), (other, theirs) = answers(one), answers(two)
    assert int(other["day"][:4]) - int(itself["day"][:4]) in (YEARS, YEARS + 1)
    assert itself["zone"] != other["zone"]
    told = {name: said for name, said in mine.items() if not name.endswith(" again")}
    assert len(told) == COUNT
    assert sum(said.startswith("{") for said in told.values()) > COUNT // 2
    assert len(set(told.values())) > COUNT // 3
    for given in (mine, theirs):
        for name, said in given.items():
            assert said == told[name.removesuffix(" again")], name


if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # instead of this folder
    if years_moved := int(sys.argv[2]):
        move_clock(years_moved)
    read_all(int(sys.argv[1]))
