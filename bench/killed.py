"""A crawl of a newspaper on loopback, killed with SIGKILL at random moments until it ends, beside a calm one. See README.md.

python bench/killed.py [--kills 20] [--pages 60] [--seed 1]
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.commands import command, diemtin, environment, settings, source
from tests.site import STORIES, Site, mastercms_article, mastercms_list

PER_PAGE = 15
SLOWLY = 0.02  # seconds for each answer, so that there are moments between
KEPT = 1.0  # seconds after which an answer must have been kept, on a machine with other work


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a data folder holds after a crawl, without what must differ: times and numbers of rows."""

    articles: tuple[tuple[object, ...], ...]
    standings: tuple[tuple[object, ...], ...]
    captures: tuple[tuple[object, ...], ...]


def left(home: Path) -> Left:
    with sqlite3.connect(home / "diemtin.db") as raw:
        return Left(
            articles=tuple(raw.execute(_ARTICLES)),
            standings=tuple(raw.execute("SELECT key, kind, source, standing, tries, due IS NULL FROM frontier ORDER BY key")),
            captures=tuple(
                raw.execute("SELECT identity, sha256, state, count(*) FROM captures WHERE state != 'list' GROUP BY 1, 2, 3")
            ),
        )


_ARTICLES = (
    "SELECT a.identity, count(v.id), group_concat(v.edit_hash), a.copy_of IS NULL, group_concat(f.topic || f.level)"
    " FROM articles a JOIN versions v ON v.article_id = a.id LEFT JOIN flags f ON f.version_id = v.id GROUP BY a.id ORDER BY 1"
)


def publish(site: Site, pages: int, slowly: float) -> str:
    """A section with its further pages, and their articles, each some seconds late; the address of the section."""
    stories = [
        replace(
            STORIES[n % len(STORIES)],
            slug=f"tin-so-{n}-{STORIES[n % len(STORIES)].slug}",
            number=400_000 + n,
            title=f"Tin {n}: {STORIES[n % len(STORIES)].title}",
        )
        for n in range(pages)
    ]
    for story in stories:
        site.slow(story.mastercms_path, slowly, mastercms_article(story, site.url())())
    section = "/thoi-su/viet-nam-va-asean"
    for start in range(0, pages + PER_PAGE, PER_PAGE):
        path = section + (f"&s_cond=&BRSR={start}" if start else "")
        site.slow(path, slowly, mastercms_list(stories[start : start + PER_PAGE], site.url()))
    return section


def crawl(home: Path, site: Site, section: str) -> list[str]:
    """Write the settings; the command of a crawl."""
    paging = site.url(section) + "&s_cond=&BRSR={offset:15}"
    settings(home, source("paper", site.url(section), links="div.bx-listing h3.article-title a", paging=paging), backlog=1000)
    return command(home, "crawl")


def undisturbed(folder: Path, site: Site, section: str) -> Left:
    """What it leaves."""
    subprocess.run(crawl(folder, site, section), env=environment(), check=True, capture_output=True)
    return left(folder)


def killed(folder: Path, site: Site, section: str, kills: int, pages: int, draw: Random) -> tuple[Left, list[float]]:
    """Kill it at random moments on its way through the pages; what it leaves at last, and the times of the kills that met it."""
    words = crawl(folder, site, section)
    moments = [kill_at(words, site, progress, draw.uniform(0, 0.4)) for progress in sorted(draw.choices(range(pages), k=kills))]
    ended = diemtin(folder, "crawl")
    assert ended.status == 0, ended.err
    assert diemtin(folder, "archive", "verify").status == 0
    return left(folder), [moment for moment in moments if moment]


def kill_at(words: list[str], site: Site, progress: int, later: float) -> float | None:
    """Start it, and kill it some seconds after so many different pages have been asked for; when. None: it had ended."""
    child = subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = len(site.log)
    while child.poll() is None and (len(site.log) == began or len(set(site.paths())) < progress):
        time.sleep(0.005)
    time.sleep(later)
    is_met = child.poll() is None
    child.kill()
    child.wait()
    return time.monotonic() if is_met else None


def asked_again(site: Site, kills: list[float]) -> tuple[int, int]:
    """(Articles that were asked for again, those of them whose answer had come long enough before a kill to be kept)."""
    answers: dict[str, list[tuple[float, float]]] = {}
    for asked in site.log:
        if asked.path.endswith(".html"):
            answers.setdefault(asked.path, []).append((asked.at, asked.ended or asked.at))
    repeated = [times for each in answers.values() for times in each[:-1]]
    # the server may end an answer when nobody is there to take it
    waited = [min((kill for kill in kills if kill > began), default=0.0) - ended for began, ended in repeated]
    return len(repeated), sum(seconds > KEPT for seconds in waited)


def compare(folder: Path, kills: int, pages: int, seed: int, slowly: float = SLOWLY) -> tuple[Left, Left, int, tuple[int, int]]:
    """(undisturbed, killed, kills that met it, articles asked for again and those of them that should not have been)."""
    with Site() as site:
        section = publish(site, pages, slowly)
        calm = undisturbed(folder / "calm", site, section)
        site.log.clear()
        torn, moments = killed(folder / "torn", site, section, kills, pages, Random(seed))  # noqa: S311
        return calm, torn, len(moments), asked_again(site, moments)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        calm, torn, met, again = compare(Path(folder), given.kills, given.pages, given.seed)
    same = calm == torn and not again[1]
    print(f"{len(calm.articles)} articles; {met} of {given.kills} kills met the crawl")
    print(f"{again[0]} answers that were in flight or not kept yet were asked for again, and {again[1]} others")
    print("the same articles, standings and captures" if same else "NOT the same")
    for name in ("articles", "standings", "captures"):
        one, other = set(getattr(calm, name)), set(getattr(torn, name))
        for row in sorted(one ^ other, key=str)[:10]:
            print(f"  {name}: only {'undisturbed' if row in one else 'killed'}: {row}")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
