"""The desk by itself, without Scrapy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from crawler.desk import Desk
from model import Ended, Target
from tests.crawler.child import at, settings

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
ASKED = Target(key="a", url="https://bao.vn/a", host="bao.vn", source="bao", found=START)


class Drawer:
    """A frontier that gives the same at each lease."""

    def __init__(self) -> None:
        self.leases = 0
        self.kept: list[Ended] = []

    def lease(self, room: Mapping[str, int], most: int) -> list[Target]:
        self.leases += 1
        return [ASKED]

    def end(self, batch: Sequence[Ended]) -> None:
        self.kept += batch

    def release(self, targets: Sequence[Target]) -> None:
        pass


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    drawer, now = Drawer(), START
    desk = Desk([at("https://bao.vn/", "bao")], settings(), drawer, lambda: now, stay=True)
    desk.turn()
    (target,) = desk.due()
    desk.failed(target, TimeoutError())
    now -= timedelta(hours=5)
    desk.turn()
    assert len(drawer.kept) == 1
    assert drawer.leases == 2
