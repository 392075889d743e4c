"""Crawls in a process of its own, because a reactor runs once: settings in as JSON, captures and report out as JSON.

python -m tests.crawler.child < order.json > result.json
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.crawl import crawl
from model import Capture, CrawlSettings, Source, SourceKind, Validators

ROOT = Path(__file__).parents[2]
ALLOWED = ("127.0.0.1", "localhost")


# ---------------------------------------------------------------- in the test


@dataclass(frozen=True)
class Result:
    """What a child came back with."""

    captures: list[Capture]
    reports: dict[str, dict[str, Any]]  # by source: listed, outcomes, problem
    stopped: bool | None
    calls: int  # of the sink
    raised: list[str] = field(default_factory=list)
    log: str = ""
    noted: dict[str, list[str | None] | None] = field(default_factory=dict)  # what the memory was told, by address

    def problem(self, source: str) -> str | None:
        return self.reports[source]["problem"]

    def outcomes(self, source: str) -> dict[str, int]:
        """The outcomes of a source, checked to add up."""
        report = self.reports[source]
        assert sum(report["outcomes"].values()) == report["listed"]
        return report["outcomes"]

    def captured(self, source: str) -> list[Capture]:
        return [c for c in self.captures if c.source == source]


def settings(**changes: Any) -> CrawlSettings:
    """Settings that let a test run fast on loopback."""
    usual: dict[str, Any] = {
        "user_agent": "diemtin/0.1 (press monitor; test)",
        "delay_seconds": 0.0,
        "timeout_seconds": 5.0,
        "max_page_bytes": 1_000_000,
        "max_pages": 60,
        "allow_private_hosts": ALLOWED,
    }
    return CrawlSettings(**(usual | changes))


Known = Mapping[str, tuple[str | None, str | None]]  # ETag and Last-Modified, by address


def start(
    sources: Sequence[Source], *, sink_fails_at: int | None = None, known: Known | None = None, **changes: Any
) -> subprocess.Popen[str]:
    """A child that has its order and crawls; warnings are errors there too."""
    order = {
        "sources": [asdict(source) for source in sources],
        "settings": asdict(settings(**changes)),
        "sink_fails_at": sink_fails_at,
        "known": dict(known or {}),
    }
    command = [sys.executable, "-W", "error", "-m", "tests.crawler.child"]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", cwd=ROOT)
    assert child.stdin is not None
    child.stdin.write(json.dumps(order))
    child.stdin.close()
    child.stdin = None  # so that communicate() does not flush it again
    return child


def finish(child: subprocess.Popen[str]) -> Result:
    out, log = child.communicate(timeout=60)
    assert child.returncode == 0, log
    result = json.loads(out)
    return Result(
        captures=[_capture(c) for c in result["captures"]],
        reports={s.pop("name"): s for s in result.get("sources", [])},
        stopped=result.get("stopped"),
        calls=result["calls"],
        raised=result.get("raised", []),
        log=log,
        noted=result["noted"],
    )


def crawl_in_child(*sources: Source, sink_fails_at: int | None = None, known: Known | None = None, **changes: Any) -> Result:
    return finish(start(sources, sink_fails_at=sink_fails_at, known=known, **changes))


def _capture(plain: dict[str, Any]) -> Capture:
    times = {"captured_at": datetime.fromisoformat(plain["captured_at"])}
    return Capture(**plain | times | {"body": b64decode(plain["body"]), "headers": tuple((k, v) for k, v in plain["headers"])})


# ---------------------------------------------------------------- in the child


class _Memory:
    def __init__(self, known: dict[str, list[str | None]]) -> None:
        self._known = known
        self.noted: dict[str, list[str | None] | None] = {}

    def recall(self, url: str) -> Validators | None:
        etag, date = self._known.get(url) or [None, None]
        return Validators(etag=etag, last_modified=date) if etag or date else None

    def knows(self, url: str) -> bool:
        return url in self._known

    def note(self, url: str, validators: Validators | None) -> None:
        self.noted[url] = [validators.etag, validators.last_modified] if validators else None


def main() -> None:
    order = json.load(sys.stdin)
    wanted = order["settings"] | {"allow_private_hosts": tuple(order["settings"]["allow_private_hosts"])}
    sources = [Source(**(source | {"kind": SourceKind(source["kind"])})) for source in order["sources"]]
    captures: list[Capture] = []
    calls: list[str] = []

    def sink(capture: Capture) -> None:
        calls.append(capture.identity)
        if len(captures) == order["sink_fails_at"]:
            raise OSError(28, "No space left on device")
        captures.append(capture)

    memory = _Memory(order["known"])
    result: dict[str, object] = {}
    try:
        report = crawl(sources, CrawlSettings(**wanted), sink, lambda: datetime.now(UTC), memory)
        result["stopped"] = report.stopped
        result["sources"] = [
            {"name": s.name, "listed": s.listed, "outcomes": dict(s.outcomes.counts), "problem": s.problem}
            for s in report.sources
        ]
    except OSError as error:
        result["raised"] = [type(error).__name__, str(error), *error.__notes__]
    result["calls"] = len(calls)
    result["noted"] = memory.noted
    result["captures"] = [_plain(capture) for capture in captures]
    json.dump(result, sys.stdout)


def _plain(capture: Capture) -> dict[str, object]:
    return {
        "identity": capture.identity,
        "body": b64encode(capture.body).decode(),
        "captured_at": capture.captured_at.isoformat(),
        "captured_exactly": capture.captured_exactly,
        "url_asked": capture.url_asked,
        "url": capture.url,
        "status": capture.status,
        "headers": [list(h) for h in capture.headers],
        "source": capture.source,
    }


if __name__ == "__main__":
    main()
