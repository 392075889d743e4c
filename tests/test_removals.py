"""Removals over simulated days: a real store, the real reader, answers judged as the crawler judges them, a clock of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

import pipeline
import urls
from crawler.desk import Desk, conditions
from digest import standing
from model import Ended, Event, EventKind, Outcome, Standing, Target
from tests.crawler.child import settings
from tests.site import STORIES, Story, mastercms_article, mastercms_list
from tests.test_watch import HOME, LIST, START, House
from track import removal, revisit

BASE = HOME.rstrip("/")
FRONT = mastercms_list(STORIES, BASE).replace("</head>", f'<link rel="canonical" href="{HOME}"></head>')
ERROR = "<html><head><title>404 - Không tìm thấy trang</title></head><body><h1>Không tìm thấy trang</h1></body></html>"
EMPTY = "<html><head><title>Tin</title></head><body><h1>Tin</h1><p></p></body></html>"


def story(number: int) -> Story:
    """One of any number of stories, published an hour before the first look."""
    known = STORIES[number % len(STORIES)]
    return replace(
        known,
        number=500_000 + number,
        slug=f"{known.slug}-so-{number}",
        title=f"{known.title}, kỳ {number}",
        published=START - timedelta(hours=1),
    )


class Press(House):
    """A house that watches one site, which shows under each address what the test says."""

    def __init__(self, home: Path, stories: int = 1, **changes: object) -> None:
        super().__init__(home, **({"requests_per_hour": 1.0} | changes))  # few looks, so that a simulated year is short
        self.desk = Desk(self.sources, settings(), self.watch, lambda: self.time, stay=True)
        self.stories = {BASE + one.mastercms_path: one for one in map(story, range(stories))}
        self.named = list(self.stories)  # by the list
        self.shows = dict.fromkeys(self.stories, "article")
        self.is_up = True  # the list
        self.own: dict[str, str] = {}  # what the pages at some addresses say is their own
        self.asked: Counter[str] = Counter()
        self.run(hours=1)
        self.asked.clear()

    def run(self, **span: float) -> None:
        """Let the watch do what is due in this time."""
        end = self.time + timedelta(**span)
        while (due := self.watch.next_due()) and due[0] <= end:
            self.time = max(self.time, due[0])
            for target in self.lease():
                self.asked[target.url] += 1
                self.look(target)
        self.time = end

    def ask(self, url: str | None = None) -> None:
        """A person asks for a page: it is due now."""
        with self.books.transaction():
            self.watch._want(self.target(url).key, url or self.url, "bao", self.time)

    def look(self, target: Target) -> None:
        if target.kind:
            self.listed(target, *self.named) if self.is_up else self.fails(target)
            return
        ended = self.answer(target)
        self.watch.end([ended])
        for archived in self.books.pending():
            assert ended.capture is not None
            with self.books.transaction():
                pipeline._keep(self.books, archived, pipeline.read(ended.capture, ()), self.time)

    def answer(self, target: Target) -> Ended:
        shown = self.shows.get(target.url, "404")
        if shown == "timeout":
            return Ended(target=target, outcome=Outcome.FAILED, at=self.time, reason="no answer in time")
        if shown in ("article", "edited") and conditions(target):
            return self._ended(target, 304, "")
        if shown.isdigit():
            return self._ended(target, int(shown), "<h1>không có</h1>")
        if shown == "sent home":
            return self._ended(target, 200, FRONT, url=HOME)
        return self._ended(target, 200, self._page(target.url, shown))

    def _ended(self, target: Target, status: int, body: str, url: str | None = None) -> Ended:
        request, headers = Request(target.url), {"Content-Type": "text/html", "ETag": f'"{len(body)}"'}
        return self.desk._page(
            target, HtmlResponse(url or target.url, status, headers, body.encode(), encoding="utf-8", request=request)
        )

    def _page(self, url: str, shown: str) -> str:
        one = self.stories.get(url) or story(0)
        if shown == "emptied":
            return mastercms_article(replace(one, lead="", paragraphs=(), caption=None), BASE)()
        pages = {"front page": FRONT, "error page": ERROR, "empty": EMPTY}
        # a page names its own address, whatever it is
        return pages.get(shown) or mastercms_article(one, BASE)().replace(BASE + one.mastercms_path, self.own.get(url, url))

    # ------------------------------------------------------------ what came of it

    @property
    def url(self) -> str:
        return next(iter(self.stories))

    def target(self, url: str | None = None) -> Target:
        return self.get(urls.identity(url or self.url))

    def article(self, url: str | None = None) -> int:
        found = self.books.article_of(self.target(url).key)
        assert found is not None
        return found

    def events(self, url: str | None = None) -> list[EventKind]:
        return [event.kind for event in self.books.events(self.article(url))]

    def all_events(self) -> list[Event]:
        return [event for url in self.stories for event in self.books.events(self.article(url))]

    def verdict(self, url: str | None = None) -> str:
        return removal.verdict(removal.state_of(self.books.removal(self.article(url))))

    def text(self) -> str:
        kept = self.books.kept(self.article())
        assert kept is not None
        return kept.article.text


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    one = Press(tmp_path)
    yield one
    one.books.close()


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Press]:
    """A site with twenty articles."""
    one = Press(tmp_path, stories=20)
    yield one
    one.books.close()


# ---------------------------------------------------------------- one article


def test_a_404_that_is_over_at_the_next_look_is_told_to_nobody(press: Press) -> None:
    press.shows[press.url] = "404"
    press.run(days=2)
    assert (press.verdict(), press.target().standing, press.target().reason) == ("suspect", Standing.GONE, "HTTP 404")
    press.shows[press.url] = "article"
    press.run(days=9)
    assert (press.verdict(), press.target().standing, press.target().tries) == ("alive", Standing.STORED, 0)
    assert press.events() == []


@pytest.mark.parametrize(
    ("shown", "latest", "reason"),
    [
        ("404", 6, "HTTP 404"),
        ("410", 6, "HTTP 410"),
        ("sent home", 14, f"led to {HOME}"),
        ("front page", 14, "the page says of itself that it is the front page or a list"),
        ("error page", 14, "is an error page (“Không tìm thấy trang”)"),
        ("emptied", 14, "holds 23 words where an article of "),
        ("empty", 14, "holds no article"),
    ],
)
def test_an_article_that_is_gone_for_days_is_told_once_and_its_text_stays(
    press: Press, shown: str, latest: int, reason: str
) -> None:
    text = press.text()
    press.shows[press.url] = shown
    press.run(days=1.9)
    began = press.time
    assert press.events() == []
    assert press.verdict() == "suspect"
    press.run(days=latest)
    assert press.events() == [EventKind.GONE]
    (event,) = press.books.events(press.article())
    assert event.said.startswith(reason)
    assert "since 2" in event.said
    assert "checks in" in event.said
    assert event.at > began
    assert START.isoformat() < (event.before or "") < (event.after or "")
    press.run(days=30)
    assert press.events() == [EventKind.GONE]
    assert press.text() == text
    assert len(press.books.kept(press.article()).versions) == 1  # type: ignore[union-attr]


def test_what_is_gone_is_asked_for_ever_less_and_then_no_more(press: Press) -> None:
    press.shows[press.url] = "404"
    press.run(days=480)
    assert press.events() == [EventKind.GONE]
    assert press.target().due is None
    assert 8 < press.asked[press.url] < 20


@pytest.mark.parametrize("shown", ["404", "emptied"])
def test_a_return_is_told_once(press: Press, shown: str) -> None:
    press.shows[press.url] = shown
    press.run(days=20)
    press.shows[press.url] = "article"
    press.run(days=40)
    assert press.events() == [EventKind.GONE, EventKind.RETURNED]
    assert press.verdict() == "alive"
    assert press.target().standing is Standing.STORED
    said = press.books.events(press.article())[1].said
    assert said.startswith("is there again; ")
    press.shows[press.url] = "404"
    press.ask()
    press.run(days=6)
    assert press.events() == [EventKind.GONE, EventKind.RETURNED, EventKind.GONE]


@pytest.mark.parametrize("shown", ["503", "timeout", "403", "429"])
def test_what_fails_or_refuses_for_weeks_is_no_removal(press: Press, shown: str) -> None:
    press.shows[press.url] = shown
    press.run(days=30)
    assert press.verdict() == "alive"
    assert press.events() == []


def test_failures_between_two_404s_neither_count_nor_forgive(press: Press) -> None:
    press.shows[press.url] = "404"
    press.run(days=2)
    press.shows[press.url] = "503"
    press.run(days=9)
    assert press.verdict() == "suspect"
    assert press.target().standing is Standing.RETRY
    press.shows[press.url] = "404"
    press.run(days=25)
    assert press.events() == [EventKind.GONE]


def test_an_error_page_that_the_server_says_is_as_it_was_is_no_article(press: Press) -> None:
    press.shows[press.url] = "error page"
    press.run(days=2)
    assert press.target().standing is Standing.NOT_ARTICLE
    assert press.target().validators is None
    with press.books.transaction():  # as an earlier diemtin kept it
        press.books.frontier.save(replace(press.target(), due=press.time + timedelta(minutes=1)))
    press.later(minutes=2)
    target = next(one for one in press.lease() if not one.kind)
    press.watch.end([Ended(target=target, outcome=Outcome.UNCHANGED, at=press.time)])
    assert press.target().standing is Standing.NOT_ARTICLE
    assert press.verdict() == "suspect"


def test_an_article_that_was_never_read_is_not_concerned(press: Press) -> None:
    url = f"{BASE}/tin-khong-bao-gio-co-so-99.html"
    press.named.append(url)
    press.run(days=30)
    assert press.target(url).standing is Standing.GONE
    assert press.target(url).due is None
    assert press.asked[url] == 3
    assert press.books.status().removals.total == 0


def test_a_page_asked_for_by_hand_again_and_again_is_gone_no_sooner(press: Press) -> None:
    press.shows[press.url] = "404"
    for _ in range(9):
        press.later(minutes=20)
        press.ask()
        press.run(minutes=1)
    assert press.asked[press.url] >= 9
    state = removal.state_of(press.books.removal(press.article()))
    assert state is not None
    assert state.checks == 1


def test_a_kill_between_fetching_and_reading_tells_nothing_twice(press: Press) -> None:
    press.shows[press.url] = "emptied"
    press.run(days=1)
    while not press.events():
        due = press.target().due
        assert due is not None
        press.run(hours=(due - press.time) / timedelta(hours=1) - 0.01)
        press.later(minutes=2)
        target = next(one for one in press.lease() if not one.kind)
        ended = press.answer(target)
        press.watch.end([ended])
        press.open()  # the process that read was killed; the next one reads what is pending, once
        for archived in press.books.pending():
            assert ended.capture is not None
            with press.books.transaction():
                pipeline._keep(press.books, archived, pipeline.read(ended.capture, ()), press.time)
        assert press.books.pending() == []
    assert press.events() == [EventKind.GONE]


def test_a_rolled_back_transaction_leaves_neither_state_nor_event(press: Press) -> None:
    press.shows[press.url] = "404"
    press.run(days=1)
    before = (press.target(), press.books.removal(press.article()))
    press.later(days=1)
    target = next(one for one in press.lease() if not one.kind)
    with suppress(InterruptedError), press.books.transaction():
        press.watch.end([press.answer(target)])
        raise InterruptedError
    assert (press.target(), press.books.removal(press.article())) == before


def test_a_clock_set_back_delays_a_removal_and_loses_none(press: Press) -> None:
    press.later(days=3000)
    press.shows[press.url] = "404"
    press.run(days=1)
    assert press.verdict() == "suspect"
    press.time = START + timedelta(days=3)
    press.ask()
    press.open()
    press.run(days=2)
    assert press.events() == []
    press.run(days=6)
    assert press.events() == [EventKind.GONE]


# ---------------------------------------------------------------- several addresses of one article


def test_another_address_that_still_answers_means_that_the_article_is_there(press: Press) -> None:
    other = f"{BASE}/in-bai/ban-in-cua-tin-trong-ngay.html"
    press.stories[other], press.own[other] = press.stories[press.url], press.url
    press.shows[other] = "article"
    press.named.append(other)
    press.run(days=1)
    assert press.target(other).standing is Standing.ALIAS
    press.shows[press.url] = "404"
    press.run(days=30)
    assert press.events() == []
    assert press.verdict() == "alive"
    assert press.target(other).standing is Standing.STORED
    assert press.target().due is None
    assert press.asked[press.url] < 12
    press.shows[other] = "410"
    press.ask(other)
    press.run(days=6)
    assert press.events() == [EventKind.GONE]


def test_an_article_that_a_list_names_by_another_address_is_looked_for_there(press: Press) -> None:
    old, moved = f"{BASE}/tin-hop-123456789.htm", f"{BASE}/tin-hop-hom-nay-123456789.htm"
    assert urls.identity(moved) == urls.identity(old)
    press.stories[old] = press.stories[moved] = story(1)
    press.named.append(old)
    press.shows[old] = "article"
    press.run(days=1)
    press.shows |= {old: "404", moved: "article"}
    press.ask(old)
    press.run(hours=1)
    assert press.verdict(old) == "suspect"
    press.named = [moved]
    press.run(days=20)
    assert press.target(old).url == moved
    assert press.verdict(old) == "alive"
    assert press.events(old) == []


# ---------------------------------------------------------------- a site that is down, or rebuilt


@pytest.mark.parametrize("shown", ["404", "front page"])
def test_a_site_of_which_nothing_lives_removes_nothing(busy: Press, shown: str) -> None:
    busy.is_up = False
    busy.shows = dict.fromkeys(busy.stories, shown)
    busy.run(days=30)
    assert {busy.verdict(url) for url in busy.stories} == {"suspect"}
    assert busy.all_events() == []
    assert removal.SHAKEN in (busy.target().reason or "")


def test_a_site_with_one_article_of_which_nothing_lives_removes_nothing(press: Press) -> None:
    press.is_up = False
    press.shows[press.url] = "404"
    press.run(days=30)
    assert press.events() == []
    assert removal.SILENT in (press.target().reason or "")
    press.is_up = True
    press.run(days=90)
    assert press.events() == [EventKind.GONE], "once something of it lives"


def test_a_site_that_is_rebuilt_removes_nothing_and_forgets_all_when_it_is_back(busy: Press) -> None:
    busy.shows = dict.fromkeys(busy.stories, "404")
    busy.run(days=60)  # its list answers all the time
    assert busy.all_events() == []
    assert busy.books.status().removals["suspect"] == 20
    busy.shows = dict.fromkeys(busy.stories, "article")
    busy.run(days=60)
    assert busy.all_events() == []
    assert busy.books.status().removals.total == 0
    busy.shows[busy.url] = "404"
    busy.ask()
    busy.run(days=6)
    assert busy.events() == [EventKind.GONE], "and the next removal is told"


def test_of_a_site_that_lives_two_removed_articles_are_told_and_no_others(busy: Press) -> None:
    gone = list(busy.stories)[3:5]
    busy.shows |= dict.fromkeys(gone, "404")
    busy.run(days=15)
    assert [url for url in busy.stories if busy.events(url)] == gone


def test_checks_of_suspects_are_a_small_part_of_what_a_host_is_asked(tmp_path: Path) -> None:
    press = Press(tmp_path, stories=150, backlog=150, requests_per_hour=120.0)
    press.shows = dict.fromkeys(press.stories, "404")
    press.run(days=10)
    press.asked.clear()
    press.run(days=10)
    assert press.books.status().removals["suspect"] == 150
    checks = sum(count for url, count in press.asked.items() if url != LIST)
    assert checks < 10 * 24 * 3, "of 120 an hour that are allowed"
    press.books.close()


# ---------------------------------------------------------------- what is told of it


def test_status_counts_suspects_and_those_that_are_gone(busy: Press) -> None:
    gone, suspect = list(busy.stories)[:2]
    busy.shows[gone] = "404"
    busy.run(days=15)
    busy.shows[suspect] = "404"
    busy.ask(suspect)
    busy.run(hours=1)
    now = busy.books.status()
    assert dict(now.removals.counts) == {"suspect": 1, "gone": 1}
    lines = list(standing.lines(Path("/x"), now, [], [], START.tzinfo))  # type: ignore[arg-type]
    assert "    removals  1 suspect, 1 gone: articles that cannot be had at present" in lines
    assert standing.record(now, [], [])["removals"] == {"suspect": 1, "gone": 1}


def test_a_list_is_never_suspect(press: Press) -> None:
    press.is_up = False
    press.run(days=30)
    assert press.books.status().removals.total == 0
    assert next(iter(press.books.frontier.lists())).due is not None


def test_what_is_remembered_of_an_article_outlives_its_absence(press: Press) -> None:
    with press.books.transaction():
        press.books.frontier.save(replace(press.target(), weight=4.0))
    before = watched(press)
    press.shows[press.url] = "404"
    press.run(days=20)
    assert (press.target().weight, watched(press).found) == (4.0, before.found)
    press.shows[press.url] = "article"
    press.run(days=30)
    assert (press.target().weight, watched(press).found) == (4.0, before.found)


def watched(press: Press) -> revisit.ArticleState:
    from watch import _load

    return _load(revisit.ArticleState, press.target().memory)
