"""`bench/search.py` runs, whatever columns migrations add."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_bench_of_searches_runs(tmp_path: Path) -> None:
    bench = [sys.executable, ROOT / "bench" / "search.py", "--sizes", "1000", "--each", "1", "--folder", tmp_path]
    ended = subprocess.run(bench, capture_output=True, text=True, timeout=300, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "words, newest first" in ended.stdout
