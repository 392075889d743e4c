"""The desk before a real frontier, with a clock that the test moves and answers that the test gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import store
from crawler.desk import Desk
from crawler.network import Refused
from model import Outcome, Target
from tests.crawler.child import at, settings
from watch import Watch

START = datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_what_waits_longer_than_a_lease_lasts_is_asked_for_once(tmp_path: Path) -> None:
    time = START
    sources, slow = [at("https://bao.vn/tin", "bao")], settings(delay_seconds=600.0)
    found = [
        Target(key=f"bao.vn/{n}", url=f"https://bao.vn/{n}", host="bao.vn", source="bao", found=START, due=START)
        for n in range(8)
    ]
    with store.open_store(tmp_path) as books:
        watch = Watch(books, sources, slow, lambda: time)
        with books.transaction():
            books.frontier.add(found)
            books.frontier.meet("bao.vn")
        desk = Desk(sources, slow, watch, lambda: time, stay=True)
        asked: list[str] = []
        while len(asked) < len(found):
            desk.turn()
            target = next(desk.due())
            asked.append(target.key)
            time += timedelta(minutes=10)
            desk.turn()
            desk.failed(target, Refused(Outcome.ROBOTS, "robots.txt forbids it"))
        desk.close()
    assert sorted(asked) == sorted(target.key for target in found)
