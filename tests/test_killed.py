"""A crawl that is killed goes on where it was. bench/killed.py kills one at twenty moments."""

from __future__ import annotations

from pathlib import Path

from bench import killed


def test_a_crawl_killed_at_random_moments_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    calm, torn, met, again = killed.compare(tmp_path, kills=3, pages=24, seed=7, slowly=0.2)
    assert met >= 2
    assert len(calm.articles) == 24
    assert torn == calm
    assert again[1] == 0, "nothing is asked for again but what was in flight"
