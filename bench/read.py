"""How fast pages are read and how well, beside trafilatura and newspaper4k; and where our time goes.

    python bench/read.py [FOLDER] [--rounds 3] [--pages 60] [--with-newspaper PATH]
    python bench/read.py [FOLDER] --quality
    python bench/read.py [FOLDER] --processes

FOLDER holds html/NAME.html.gz and ground-truth.json, `{NAME: {"articleBody": …}}`; see README.md.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import os
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # instead of this folder, where `pipeline` is another one

import trafilatura  # noqa: E402 - found by the line above, like those below

import extract  # noqa: E402
from bench.pages import pages  # noqa: E402
from crawler import saved  # noqa: E402
from extract import body, cleaning, fallback, families, fields, generic, golden, kinds, leaves, page  # noqa: E402
from extract import pages as html  # noqa: E402
from model import Capture, ExtractError  # noqa: E402

BENCHMARK = ROOT.parent / "shared" / "benchmark"
GOLDEN = ROOT / "tests" / "pages"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
NO_TEMPLATE = ("generic", "run", "trafilatura", "dump", "learned", "any")
OURS = "ours, all fields"
TARGETS = "targets: 3 times trafilatura with its metadata on any pages, 10 times on known families"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A page, and the text of its article where that is known."""

    name: str
    capture: Capture
    truth: str | None = None


# ---------------------------------------------------------------- pages


def benchmark(folder: Path) -> list[Sample]:
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        Sample(
            name=name,
            capture=_capture(gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), name),
            truth=told.get("articleBody", ""),
        )
        for name, told in sorted(truth.items())
    ]


def _capture(raw: bytes, name: str) -> Capture:
    return Capture(identity=f"saved:{name}", body=raw, captured_at=NOW, captured_exactly=False)


def known_families(invented: int) -> list[Sample]:
    """The golden pages that a template reads, and as many invented ones."""
    found = []
    for case in golden.cases(GOLDEN):
        (file,) = saved.find([str(case.page)])
        if case.fields is None or isinstance(file, saved.Unreadable):
            continue
        capture = saved.load(file)
        if extract.read(capture).reader not in NO_TEMPLATE:
            said = "\n".join(block["text"] for block in case.fields["blocks"] if block["kind"] != "caption")
            found.append(Sample(name=case.name, capture=capture, truth=said))
    made = enumerate(pages(invented, seed=20261122))
    return [*found, *(Sample(name=f"invented {n}", capture=_capture(raw, f"invented-{n}")) for n, raw in made)]


# ---------------------------------------------------------------- readers

Reader = Callable[[Capture], str]


def ours(capture: Capture) -> str:
    try:
        return extract.read(capture).text
    except ExtractError:
        return ""


def with_metadata(capture: Capture) -> str:
    return _text_of(trafilatura.bare_extraction(capture.body, with_metadata=True))


def text_alone(capture: Capture) -> str:
    return _text_of(trafilatura.bare_extraction(capture.body))


def _text_of(document: Any) -> str:
    return getattr(document, "text", None) or ""


def readers(newspaper: Path | None) -> dict[str, Reader | None]:
    """Each reader by its name; None: it is not installed."""
    version = metadata.version("trafilatura")
    found: dict[str, Reader | None] = {
        OURS: ours,
        f"trafilatura {version}, with metadata": with_metadata,
        f"trafilatura {version}, text alone": text_alone,
    }
    return found | _newspaper(newspaper)


def _newspaper(folder: Path | None) -> dict[str, Reader | None]:
    if folder is not None:
        sys.path.append(str(folder))  # at the end: what we have installed goes first
    try:
        newspaper = importlib.import_module("newspaper")
    except ImportError:
        return {"newspaper4k": None}

    def read(capture: Capture) -> str:
        article = newspaper.Article(capture.url or "https://baochi.example/tin", fetch_images=False)
        article.download(input_html=capture.body.decode("utf-8", "replace"))
        try:
            article.parse()
        except Exception:  # for some languages it needs packages of their own
            return ""
        return article.text or ""

    return {f"newspaper4k {newspaper.__version__}": read}


# ---------------------------------------------------------------- score

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """Over 4-grams of words, each page weighing the same."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def __str__(self) -> str:
        return f"F1 {self.f1:.4f}  precision {self.precision:.4f}  recall {self.recall:.4f}"


def _grams(said: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(said)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def score(samples: Sequence[Sample], found: Sequence[str]) -> Score | None:
    """None where no truth is known. A side that is empty says nothing of the page."""
    precisions, recalls = [], []
    for sample, said in zip(samples, found, strict=True):
        if sample.truth is None:
            continue
        wanted, had = _grams(sample.truth), _grams(said)
        hits = (wanted & had).total()
        if had:
            precisions.append(hits / had.total())
        if wanted:
            recalls.append(hits / wanted.total())
    if not precisions or not recalls:
        return None
    return Score(precision=statistics.fmean(precisions), recall=statistics.fmean(recalls))


# ---------------------------------------------------------------- speed


def compare(title: str, samples: Sequence[Sample], by: dict[str, Reader | None], rounds: int) -> None:
    """Each page is read by every reader in turn, so that other work on the machine hits all of them; the best round counts."""
    size = sum(len(sample.capture.body) for sample in samples) / len(samples)
    print(f"{title}: {len(samples)} pages of {size / 1000:.0f} KB, CPU in one process, best of {rounds} rounds")
    running = {name: reader for name, reader in by.items() if reader is not None}
    for reader in running.values():
        reader(samples[0].capture)  # what is compiled at first use is, by now
    found = {name: [""] * len(samples) for name in running}
    best = dict.fromkeys(running, float("inf"))
    for number in range(rounds):
        for name, took in _round(samples, running, found, number).items():
            best[name] = min(best[name], took)
    for name in by:
        if name not in running:
            print(f"    {name:36} not installed")
            continue
        said, ratio = score(samples, found[name]), best[name] / best[OURS]
        told = "" if name == OURS else f"ours is {ratio:5.2f} times"
        print(f"    {name:36} {len(samples) / best[name]:7.1f} pages/s  {told:20} {said or ''}")
    print()


def _round(samples: Sequence[Sample], running: dict[str, Reader], found: dict[str, list[str]], number: int) -> dict[str, float]:
    spent = dict.fromkeys(running, 0.0)
    names = list(running)
    for n, sample in enumerate(samples):
        turn = (n + number) % len(names)
        for name in (*names[turn:], *names[:turn]):
            start = time.process_time()
            found[name][n] = running[name](sample.capture)
            spent[name] += time.process_time() - start
    return spent


# ---------------------------------------------------------------- where our time goes

# (stage, where the function is looked up, its name). What a stage calls of another stage counts for that one.
_STAGES: tuple[tuple[str, Any, str], ...] = (
    ("decode", extract, "decode"),
    ("decode", extract, "is_markup"),
    ("parse", page, "parse"),
    ("index", html, "Page"),
    ("index", families.Table, "of"),
    ("fields", fields, "read"),
    ("fields", kinds, "check_page"),
    ("leaves", leaves, "read"),
    ("choosing", body, "read"),
    ("choosing", generic, "spared"),
    ("cleaning", cleaning, "clean"),
    ("cleaning", cleaning, "known"),
    ("cleaning", cleaning, "pictures"),
    ("fallback", fallback, "read"),
    ("lead, source", html, "_marked_lead"),
    ("lead, source", html, "_source_link"),
    ("article", extract, "_article"),
)
_REST = "the rest"


class Clock:
    """CPU time by stage; of nested stages only the innermost one runs."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._note()
        self._open.append(name)
        self.calls[name] += 1
        try:
            yield
        finally:
            self._note()
            self._open.pop()

    def _note(self) -> None:
        now = time.process_time()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*given, **named)

        return timed


@contextmanager
def _timed(clock: Clock) -> Iterator[None]:
    before = [(owner, name, getattr(owner, name)) for _, owner, name in _STAGES]
    for (stage, owner, name), (_, _, function) in zip(_STAGES, before, strict=True):
        setattr(owner, name, clock.around(stage, function))
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


def stages(title: str, samples: Sequence[Sample]) -> None:
    clock = Clock()
    with _timed(clock):
        for sample in samples:
            with clock.stage(_REST):
                ours(sample.capture)
    total = sum(clock.spent.values())
    print(f"{title}: where our time goes")
    for name in (*dict.fromkeys(stage for stage, _, _ in _STAGES), _REST):
        spent = clock.spent[name]
        used = f", used on {clock.calls[name] / len(samples):.1%} of the pages" if name == "fallback" else ""
        print(f"    {name:12} {1000 * spent / len(samples):7.2f} ms a page {spent / total:6.1%}{used}")
    print(f"    {'all':12} {1000 * total / len(samples):7.2f} ms a page\n")


# ---------------------------------------------------------------- two processes


def processes(title: str, samples: Sequence[Sample], rounds: int) -> None:
    """Wall time of one process and of two that share the pages, their start left out."""
    best: dict[int, tuple[float, float, float]] = {}
    given = list(samples) * max(1, 600 // len(samples))
    for workers in rounds * (1, 2):
        best[workers] = min(best.get(workers, (float("inf"), 0.0, 0.0)), _together(given, workers))
    print(f"{title}: {len(given)} pages, wall time, best of {rounds} rounds")
    for workers, (took, spent, others) in best.items():
        told = f"{1000 * spent / len(given):.2f} CPU ms a page; other work took {others:.2f} cores meanwhile"
        print(f"    {workers} processes {len(given) / took:7.1f} pages/s, {best[1][0] / took:.2f} times one; {told}")
    print(f"    by CPU, two idle cores give {2 * best[1][1] / best[2][1]:.2f} times one; target: 1.8\n")


def _together(given: Sequence[Sample], workers: int) -> tuple[float, float, float]:
    """(seconds, CPU seconds, cores that others used)."""
    context = get_context("fork")
    begin, end, counted = (context.Barrier(workers + 1) for _ in range(3))

    def work(number: int) -> None:
        begin.wait()
        for sample in given[number::workers]:
            ours(sample.capture)
        end.wait()
        counted.wait()

    children = [context.Process(target=work, args=(number,)) for number in range(workers)]
    for child in children:
        child.start()
    begin.wait()
    start, used, busy = time.perf_counter(), _used(children), _busy()
    end.wait()
    took = time.perf_counter() - start
    spent = _used(children) - used
    others = max(0.0, _busy() - busy - spent) / took
    counted.wait()
    for child in children:
        child.join()
    return took, spent, others


def _busy() -> float:
    """Seconds that all cores worked, since the machine started."""
    user, nice, system = map(int, Path("/proc/stat").read_text(encoding="ascii").split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _used(children: Sequence[BaseProcess]) -> float:
    """Seconds that these processes worked."""
    spent = (Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split() for child in children)
    return sum(int(fields[11]) + int(fields[12]) for fields in spent) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- quality


def quality(folder: Path, samples: Sequence[Sample]) -> None:
    found = [ours(sample.capture) for sample in samples]
    exact = sum(_WORD.findall(sample.truth or "") == _WORD.findall(said) for sample, said in zip(samples, found, strict=True))
    print(f"{len(samples)} pages  {score(samples, found)}  exact {exact / len(samples):.3f}")
    script = folder / "stability.py"
    if not script.exists():
        print("false edits: stability.py is not there")
        return
    stability = _module(script)
    changed = [sample.name for sample in samples if _is_false_edit(stability, sample)]
    print(f"false edits {len(changed)}/{len(samples)} = {len(changed) / len(samples):.1%}")
    for name in changed:
        print(f"    {name[:12]}")


def _is_false_edit(stability: ModuleType, sample: Sample) -> bool:
    """The text changes with the words of links that stand outside the article."""
    one, other = (
        stability.words(ours(_capture(raw, sample.name))) for raw in stability.variants(sample.capture.body, sample.truth)
    )
    return bool(one != other)


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- the command


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", default=BENCHMARK)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pages", type=int, default=60, help="how many invented pages stand among those of known families")
    options.add_argument("--with-newspaper", type=Path, metavar="PATH", help="site-packages that hold newspaper4k")
    options.add_argument("--quality", action="store_true", help="F1 and false edits alone")
    options.add_argument("--processes", action="store_true", help="two processes against one alone")
    asked = options.parse_args()
    there = (asked.folder / "ground-truth.json").exists()
    if not there:
        print(f"{asked.folder}: no ground-truth.json; only the pages of known families are read\n")
    samples = benchmark(asked.folder) if there else []
    if asked.quality:
        if samples:
            quality(asked.folder, samples)
        return 0 if samples else 1
    sets = {"benchmark": samples, "known families": known_families(asked.pages)}
    for title, given in sets.items():
        if given and asked.processes:
            processes(title, given, asked.rounds)
        elif given:
            compare(title, given, readers(asked.with_newspaper), asked.rounds)
            stages(title, given)
    if not asked.processes:
        print(TARGETS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
