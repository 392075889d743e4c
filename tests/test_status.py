"""`diemtin status`: what it says of each source."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import store
from model import Look, Outcome, Standing, Target, Verdict
from tests.commands import diemtin, settings, source

LIST = "https://bao.vn/thoi-su"


def fill(home: Path, *, found: int) -> None:
    """A source that drifts, with an article stored, one failed, and one given up."""
    now = datetime.now(UTC)
    standings = {Standing.STORED: None, Standing.RETRY: now + timedelta(hours=2), Standing.GAVE_UP: None}
    with store.open_store(home) as books, books.transaction():
        rows = books.frontier
        for standing, due in standings.items():
            url = f"https://bao.vn/{standing}"
            rows.add([Target(key=url, url=url, host="bao.vn", source="paper", found=now, standing=standing, due=due)])
        rows.count_found("paper", found)
        rows.count("paper", Outcome.FAILED, now, 2)
        rows.look(Look(source="paper", page=LIST, at=now, status="empty", links=0, fresh=0, reason="no links matched"))
        rows.judged("paper", "{}", Verdict(cause="broken", reason="3 looks found no link", since=now, drifting=True))
        rows.meet("bao.vn")
        rows.pause("bao.vn", now + timedelta(hours=1), "HTTP 429")


def test_each_source_is_told_with_its_drift_its_sum_and_its_retries(tmp_path: Path) -> None:
    settings(tmp_path, source("paper", LIST), source("other", "https://khac.vn/tin"))
    fill(tmp_path, found=3)
    said = diemtin(tmp_path, "status").out
    assert "paper: DRIFTING, broken; last look" in said
    assert "3 looks found no link" in said
    assert f"{LIST}: no links matched" in said
    assert "3 found: 1 gave_up, 1 stored, 1 will_retry\n" in said
    assert "; retries " in said
    assert "today and yesterday: 2 failed" in said
    assert "other: not looked at yet" in said
    assert "bao.vn until" in said
    paper, other = json.loads(diemtin(tmp_path, "status", "--json").out)["sources"]
    assert (paper["health"]["cause"], paper["health"]["drifting"], paper["accounted"]) == ("broken", True, True)
    assert paper["standings"] == {"gave_up": 1, "stored": 1, "will_retry": 1}
    assert datetime.fromisoformat(paper["next_retry"]) > datetime.now(UTC)
    assert (other["health"], other["last_look"], other["found"]) == (None, None, 0)


def test_an_address_that_was_lost_is_told(tmp_path: Path) -> None:
    settings(tmp_path, source("paper", LIST))
    fill(tmp_path, found=5)
    assert "5 found: 1 gave_up, 1 stored, 1 will_retry; 2 ARE NOT ACCOUNTED FOR" in diemtin(tmp_path, "status").out
