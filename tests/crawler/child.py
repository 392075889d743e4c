"""Crawls in a process of its own, because a reactor runs once: settings in as JSON, captures and report out as JSON.

python -m tests.crawler.child < order.json > result.json
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import store
import urls
from crawler.crawl import crawl
from model import Capture, CrawlSettings, Ended, ListPage, Source, SourceKind, Standing, Target, Validators
from tests import site as sites
from watch import Watch

ROOT = Path(__file__).parents[2]
ALLOWED = ("127.0.0.1", "localhost")


# ---------------------------------------------------------------- in the test


@dataclass(frozen=True)
class Result:
    """What a child came back with."""

    captures: list[Capture]  # of articles
    reports: dict[str, dict[str, Any]]  # by source: looks, listed, fresh, outcomes, problem
    stopped: bool | None
    raised: list[str] = field(default_factory=list)
    log: str = ""
    targets: dict[str, dict[str, Any]] = field(default_factory=dict)  # of the frontier after it, by address
    paused: list[str] = field(default_factory=list)  # hosts

    def problem(self, source: str) -> str | None:
        return self.reports[source]["problem"]

    def outcomes(self, source: str) -> dict[str, int]:
        return self.reports[source]["outcomes"]

    def captured(self, source: str) -> list[Capture]:
        return [c for c in self.captures if c.source == source]

    def validators(self) -> dict[str, tuple[str | None, str | None]]:
        """ETag and Last-Modified of the articles that the frontier keeps them of."""
        kept = {url: (t["etag"], t["last_modified"]) for url, t in self.targets.items() if t["kind"] is None}
        return {url: known for url, known in kept.items() if any(known)}

    def standings(self) -> list[str]:
        """Of the articles, in the order in which they were found."""
        return [t["standing"] for t in self.targets.values() if t["kind"] is None]


def source(site: sites.Site, name: str = "a", path: str = sites.LIST, kind: str = "section", **more: Any) -> Source:
    """A source with one list."""
    return at(site.url(path), name, kind, **more)


def at(url: str, name: str = "a", kind: str = "section", **more: Any) -> Source:
    """A source with the list at this address."""
    home = url.partition("//")[0] + "//" + url.partition("//")[2].partition("/")[0] + "/"
    return Source(name=name, home=home, pages=(ListPage(url=url, kind=SourceKind(kind)),), **more)


def settings(**changes: Any) -> CrawlSettings:
    """Settings that let a test run fast on loopback."""
    usual: dict[str, Any] = {
        "user_agent": "diemtin/0.1 (press monitor; test)",
        "delay_seconds": 0.0,
        "timeout_seconds": 5.0,
        "max_page_bytes": 1_000_000,
        "backlog": 60,
        "allow_private_hosts": ALLOWED,
    }
    return CrawlSettings(**(usual | changes))


Known = Mapping[str, tuple[str | None, str | None]]  # ETag and Last-Modified, by address of an article


def start(
    sources: Sequence[Source],
    *,
    fails_at: int | None = None,
    known: Known | None = None,
    home: Path | None = None,
    **changes: Any,
) -> subprocess.Popen[str]:
    """A child that has its order and crawls; warnings are errors there too. `home`: a data folder to go on with."""
    order = {
        "sources": [asdict(source) for source in sources],
        "settings": asdict(settings(**changes)),
        "fails_at": fails_at,
        "known": dict(known or {}),
        "home": str(home) if home else None,
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
        reports={s.pop("name"): s for s in result["reports"]},
        stopped=result.get("stopped"),
        raised=result.get("raised", []),
        log=log,
        targets=result["targets"],
        paused=result["paused"],
    )


def crawl_in_child(
    *sources: Source, fails_at: int | None = None, known: Known | None = None, home: Path | None = None, **changes: Any
) -> Result:
    return finish(start(sources, fails_at=fails_at, known=known, home=home, **changes))


def _capture(plain: dict[str, Any]) -> Capture:
    times = {"captured_at": datetime.fromisoformat(plain["captured_at"])}
    return Capture(**plain | times | {"body": b64decode(plain["body"]), "headers": tuple((k, v) for k, v in plain["headers"])})


# ---------------------------------------------------------------- in the child


class _Watch(Watch):
    """Notes the pages that come, and fails like a full disk at one of them."""

    captures: list[Capture]
    fails_at: int | None = None

    def end(self, batch: Sequence[Ended]) -> None:
        pages = [ended.capture for ended in batch if ended.capture and not ended.capture.is_list]
        if self.fails_at is not None and len(self.captures) + len(pages) > self.fails_at:
            raise OSError(28, "No space left on device")
        super().end(batch)
        self.captures += pages


def _put_known(books: store.Store, source: str, known: Known) -> None:
    """Articles that were stored before, and are due again."""
    now = datetime.now(UTC)
    memory = json.dumps({"a": 0.35, "b": 1.0, "born": now.isoformat(), "found": now.isoformat(), "last": now.isoformat()})
    for url, (etag, date) in known.items():
        validators = Validators(etag=etag, last_modified=date) if etag or date else None
        with books.transaction():
            target = Target(key=urls.identity(url), url=url, host=urls.host(url), source=source, found=now, due=now)
            books.frontier.add([replace(target, validators=validators, looked=now, memory=memory, standing=Standing.STORED)])
            books.frontier.meet(target.host)


def source_from(plain: dict[str, Any]) -> Source:
    pages = tuple(ListPage(url=page["url"], kind=SourceKind(page["kind"])) for page in plain["pages"])
    return Source(**plain | {"pages": pages})


def main() -> None:
    order = json.load(sys.stdin)
    settings = CrawlSettings(**order["settings"] | {"allow_private_hosts": tuple(order["settings"]["allow_private_hosts"])})
    sources = [source_from(plain) for plain in order["sources"]]
    result: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as fresh, store.open_store(Path(order["home"] or fresh)) as books:
        _put_known(books, sources[0].name, order["known"])
        watch = _Watch(books, sources, settings, lambda: datetime.now(UTC))
        watch.captures, watch.fails_at = [], order["fails_at"]
        watch.begin(sources, look_now=True)
        try:
            result["stopped"] = crawl(sources, settings, watch, lambda: datetime.now(UTC))
        except OSError as error:
            result["raised"] = [type(error).__name__, str(error), *error.__notes__]
        result["reports"] = [asdict(one) | {"outcomes": dict(one.outcomes.counts)} for one in watch.reports()]
        rows = books._rows("SELECT * FROM frontier ORDER BY found, key")
        result["targets"] = {row["url"]: dict(row) for row in rows}
        result["paused"] = [host for host, _, _ in books.frontier.paused(datetime.now(UTC))]
        result["captures"] = [_plain(capture) for capture in watch.captures]
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
