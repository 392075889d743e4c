"""The command line as a person calls it: a real process, a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import store

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]


def command(home: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "cli", "--home", str(home), *map(str, words)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}


def diemtin(home: Path, *words: str | Path, cwd: Path | None = None, timeout: float = 120, prefix: Sequence[str] = ()) -> Ended:
    """Run one command to its end. A traceback is a bug, whatever the status."""
    ended = subprocess.run(
        [*prefix, *command(home, *words)],
        cwd=cwd or ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    assert "Warning" not in ended.stderr, ended.stderr
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def make_due(books: store.Store, now: datetime) -> None:
    """Every list and article that will be asked for again is due now."""
    with books.transaction():
        books._connection.execute("UPDATE frontier SET due = ? WHERE due IS NOT NULL", (store.values.moment(now),))


def crawl_again(home: Path, *words: str) -> Ended:
    """A crawl at a time when every list and article is due again."""
    with store.open_store(home) as books:
        make_due(books, datetime.now(UTC))
    return diemtin(home, "crawl", *words)


def settings(home: Path, *sources: str, **crawl: object) -> None:
    """Write a diemtin.toml that lets tests crawl loopback fast."""
    home.mkdir(parents=True, exist_ok=True)
    keys = {"delay_seconds": 0.0, "timeout_seconds": 5, "allow_private_hosts": ["127.0.0.1"], **crawl}
    lines = ["workers = 2", "[crawl]", *(f"{name} = {json.dumps(value)}" for name, value in keys.items()), *sources]
    (home / "diemtin.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def source(name: str, url: str, kind: str = "section", **more: object) -> str:
    """A source with one list."""
    parts = urlsplit(url)
    keys = {"name": name, "home": f"{parts.scheme}://{parts.netloc}/", f"{kind}s": [url], **more}
    return "\n".join(["[[source]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())])
