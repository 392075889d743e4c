"""How right the golden pages are read: the share of pages on which each field is what it should be.

    python bench/golden.py [--site NAME]... [--wrong FIELD]

Each page of tests/pages is read as the commands read it. `F1` is over 4-grams of words of the text, without title and captions;
`day` is the day of publication. A page that fails is wrong in every field. `--wrong`
prints what was expected and what was found, page by page.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pipeline
from crawler import saved
from digest import article
from extract import golden
from model import Failure

PAGES = Path(__file__).parents[1] / "tests" / "pages"


def read(case: golden.Case) -> dict[str, Any] | Failure:
    """What the page of a case reads as."""
    (file,) = saved.find([str(case.page)])
    if isinstance(file, saved.Unreadable):
        raise file.error
    answer = pipeline.read(saved.load(file), [])
    return answer if isinstance(answer, Failure) else article.record(answer.article, answer.flags)


def said(record: Mapping[str, Any]) -> Counter[tuple[str, ...]]:
    """The 4-grams of an article's text; a shorter text is one gram."""
    words = " ".join(block["text"] for block in record["blocks"] if block["kind"] != "caption").split()
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def f1(expected: Mapping[str, Any], found: Mapping[str, Any]) -> float:
    mine, theirs = said(expected), said(found)
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--site", action="append", help="only this folder of tests/pages")
    options.add_argument("--wrong", choices=[*golden.FIELDS, "all"], help="tell where this field is wrong")
    asked = options.parse_args()
    cases = [c for c in golden.cases(PAGES) if not asked.site or c.name.partition("/")[0] in asked.site]
    right: Counter[str] = Counter()
    scores, errors, failed = [], Counter[bool](), []
    for case in cases:
        record = read(case)
        if case.fields is None:
            errors[isinstance(record, Failure) and record.kind == case.error] += 1
            if asked.wrong == "all" and not (isinstance(record, Failure) and record.kind == case.error):
                print(f"{case.name}: expected {case.error}, found {record.kind if isinstance(record, Failure) else 'an article'}")
            continue
        if isinstance(record, Failure):
            failed.append(f"{case.name}: {record.message}")
            scores.append(0.0)
            continue
        wrong = golden.differences(case.fields, record)
        right.update(name for name in golden.FIELDS if name not in wrong)
        right["day"] += str(record["published"])[:10] == str(case.fields["published"])[:10]
        scores.append(f1(case.fields, record))
        for name, (expected, found) in wrong.items():
            if asked.wrong in (name, "all"):
                print(f"{case.name}: {name}\n    expected  {expected!r}\n    found     {found!r}")
    for name in ("day", *golden.FIELDS):
        print(f"{name:>12}  {right[name] / max(1, len(scores)):7.1%}  {right[name]} of {len(scores)}")
    print(f"{'F1':>12}  {statistics.fmean(scores or [0.0]):7.1%}")
    print(f"{'no articles':>12}  {errors[True] / max(1, errors.total()):7.1%}  {errors[True]} of {errors.total()}")
    for line in failed:
        print(f"{'failed':>12}  {line}")


if __name__ == "__main__":
    main()
