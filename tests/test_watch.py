"""The frontier and what is made of its rows: a real store, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import store
import watch
from model import (
    Article,
    Block,
    BlockKind,
    Capture,
    Certainty,
    DateClaim,
    DateSource,
    Ended,
    Evidence,
    Failure,
    Field,
    Flag,
    Found,
    Level,
    Listed,
    Outcome,
    Source,
    Standing,
    Target,
    Validators,
)
from tests.commands import make_due
from tests.crawler.child import at, settings
from watch import Watch

HOME, LIST = "https://bao.vn/", "https://bao.vn/thoi-su"
START = datetime(2026, 11, 23, 2, tzinfo=UTC)  # a Monday, nine in the morning in Vietnam


class House:
    """A store, its watch, and the time."""

    def __init__(self, home: Path, *sources: Source, **changes: object) -> None:
        self.time = START
        self.sources = sources or (at(LIST, "bao"),)
        self.books = store.open_store(home)
        self.changes = changes
        self.watch = self.open()

    def open(self, *sources: Source, look_now: bool = False) -> Watch:
        """Another process takes up the frontier."""
        self.watch = Watch(self.books, sources or self.sources, settings(**self.changes), lambda: self.time)
        self.watch.begin(sources or self.sources, look_now=look_now)
        return self.watch

    def later(self, **span: float) -> None:
        self.time += timedelta(**span)

    def lease(self, most: int = 100) -> list[Target]:
        self.time += timedelta(milliseconds=1)  # those that were found together are due one after the other
        return self.watch.lease({}, most)

    def listed(self, target: Target, *urls: str | Found, **more: object) -> None:
        """A list was looked at, and named these."""
        found = tuple(url if isinstance(url, Found) else Found(url=url) for url in urls)
        self.watch.end([Ended(target=target, outcome=Outcome.CAPTURED, at=self.time, listed=Listed(articles=found, **more))])  # type: ignore[arg-type]

    def fails(self, target: Target, outcome: Outcome = Outcome.FAILED, **more: object) -> Target:
        self.watch.end([Ended(target=target, outcome=outcome, at=self.time, reason="HTTP 500", **more)])  # type: ignore[arg-type]
        return self.get(target)

    def fetched(self, target: Target, body: bytes = b"<p>tin", **more: object) -> None:
        capture = Capture(
            identity=target.key,
            body=body,
            captured_at=self.time,
            captured_exactly=True,
            url_asked=target.url,
            url=target.url,
            status=200,
            source=target.source,
        )
        self.watch.end([Ended(target=target, outcome=Outcome.CAPTURED, at=self.time, capture=capture, **more)])  # type: ignore[arg-type]

    def read(self, answer: Article | Failure, state: str = "new", *flags: Flag) -> None:
        """The last capture was read."""
        with self.books.transaction():
            (archived,) = self.books.pending()
            watch.read(self.books, archived, state, answer, flags)
            self.books._connection.execute("UPDATE captures SET state = ?", (state,))

    def get(self, target: Target | str) -> Target:
        found = self.books.frontier.get(target if isinstance(target, str) else target.key)
        assert found is not None
        return found

    def articles(self) -> list[Target]:
        return [target for source in self.sources for target in self.books.frontier.of(source.name)]

    def stored(self, url: str = HOME + "tin-mot-hai-ba-bon.html") -> Target:
        """An article that was listed, fetched and read."""
        (section,) = self.lease()
        self.listed(section, url)
        (target,) = self.lease()
        self.fetched(target)
        self.read(article(target.key))
        return self.get(target)


def article(identity: str, published: datetime | None = None) -> Article:
    claims = (DateClaim(moment=published, source=DateSource.META, certainty=Certainty.SURE),) if published else ()
    block = Block(kind=BlockKind.PARAGRAPH, text="Một đoạn văn. " * 40)
    return Article(
        identity=identity,
        url=f"https://{identity}",
        site="bao.vn",
        outlet=None,
        title="Tin",
        blocks=(block,),
        has_lead=False,
        published_claims=claims,
    )


def urls_of(count: int, start: int = 0) -> list[str]:
    return [f"{HOME}tin-so-{n}-ve-phien-hop.html" for n in range(start, start + count)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path)
    yield one
    one.books.close()


# ---------------------------------------------------------------- a clock that was wrong


def test_what_a_wrong_clock_has_put_off_for_years_is_taken_up_by_the_next_process(house: House) -> None:
    (target,) = house.lease()
    house.later(days=5_000)
    house.fails(target, Outcome.BLOCKED, pause=3_600.0)
    house.time = START
    assert house.lease() == []
    house.open()
    assert [one.key for one in house.lease()] == [target.key]


def test_a_pause_that_a_host_asked_for_outlives_the_process(house: House) -> None:
    (target,) = house.lease()
    house.fails(target, Outcome.BLOCKED, pause=86_400.0)
    house.later(hours=23)
    house.open(look_now=True)
    assert house.lease() == []
    house.later(hours=1)
    assert [one.key for one in house.lease()] == [target.key]


# ---------------------------------------------------------------- leases


def test_what_is_due_is_handed_out_once(house: House) -> None:
    (section,) = house.lease()
    assert (section.url, section.kind, house.lease()) == (LIST, "section", [])


def test_a_lease_that_has_run_out_returns_by_itself(house: House) -> None:
    house.lease()
    house.later(minutes=19)
    assert house.lease() == []
    house.later(minutes=2)
    assert [target.url for target in house.lease()] == [LIST]


def test_what_a_killed_process_had_out_is_due_to_the_next_one_at_once(house: House) -> None:
    house.lease()
    house.open()
    assert [target.url for target in house.lease()] == [LIST]


def test_what_was_not_asked_for_is_handed_back_as_it_was(house: House) -> None:
    (section,) = house.lease()
    house.watch.release([section])
    assert house.lease() == [section]


def test_lists_come_first_then_what_was_never_seen_in_the_lists_order_then_the_rest(house: House) -> None:
    known = house.stored()
    house.later(days=20)
    (section, again) = house.lease()
    assert (section.kind, again) == ("section", house.get(known))
    house.watch.release([again])
    house.listed(section, *urls_of(3))
    assert [target.url for target in house.lease()] == [*urls_of(3), known.url]


def test_each_host_gets_no_more_than_there_is_room_for(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(10))
    assert len(house.lease(4)) == 4
    assert len(house.watch.lease({"bao.vn": 1}, 4)) == 1
    assert house.watch.lease({"bao.vn": 0}, 4) == []


def test_what_is_due_in_months_costs_a_lease_nothing(house: House) -> None:
    house.lease()
    seen = Target(key="", url=HOME, host="bao.vn", source="bao", found=START, looked=START, due=START + timedelta(days=90))
    with house.books.transaction():
        house.books.frontier.add(replace(seen, key=f"bao.vn/{n}") for n in range(5_000))
    steps = []
    house.books._connection.set_progress_handler(lambda: steps.append(1), 100)
    assert house.lease() == []
    assert len(steps) < 50, "hundreds of steps of the database's machine"


def test_a_host_that_is_left_alone_gives_nothing_until_its_pause_is_over(tmp_path: Path) -> None:
    house = House(tmp_path, at(LIST, "bao"), at("https://khac.vn/tin", "khac"))
    (one, other) = house.lease()
    house.fails(one, Outcome.BLOCKED, pause=600.0)
    house.watch.release([other])
    house.later(minutes=9)
    assert [target.source for target in house.lease()] == ["khac"]
    assert house.books.frontier.paused(house.time) == [("bao.vn", START + timedelta(minutes=10, milliseconds=1), "HTTP 500")]
    house.later(hours=8)
    assert "bao" in [target.source for target in house.lease()]


def test_a_list_that_is_taken_out_of_the_settings_is_asked_for_no_more(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, sitemaps=(HOME + "map-1.xml",))
    house.open(at("https://khac.vn/tin", "khac"))
    assert [target.url for target in house.lease()] == ["https://khac.vn/tin"]
    assert [target.url for target in house.books.frontier.lists()] == ["https://khac.vn/tin"]


def test_a_source_that_is_given_another_name_keeps_its_articles(house: House) -> None:
    stored = house.stored()
    house.sources = (at(LIST, "bao-moi-ten"),)
    house.open()
    assert house.get(stored).source == "bao-moi-ten"
    assert house.books.frontier.found() == {"bao": 0, "bao-moi-ten": 1}
    house.later(days=20)
    assert stored.url in [target.url for target in house.lease()]


def test_a_source_that_is_named_is_looked_at_now(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    house.lease()
    house.later(minutes=1)
    assert house.lease() == []
    house.open(look_now=True)
    assert LIST in [target.url for target in house.lease()]


def test_only_the_pages_that_a_person_names_are_asked_for(house: House) -> None:
    house.watch = Watch(house.books, house.sources, settings(), lambda: house.time, only=dict.fromkeys(urls_of(2), "bao"))
    house.watch.begin(house.sources, look_now=False)
    assert sorted(target.url for target in house.lease()) == urls_of(2)
    assert house.lease() == []


# ---------------------------------------------------------------- lists


def test_an_address_is_found_once_whatever_it_is_called(house: House) -> None:
    (section,) = house.lease()
    url = HOME + "tin-hop-123456789.htm"
    house.listed(
        section, url, "http://www.bao.vn/tin-hop-123456789.htm?utm_source=rss", "https://m.bao.vn/khac-ten-123456789.htm"
    )
    assert [target.url for target in house.articles()] == [url]
    assert house.books.frontier.found() == {"bao": 1}


def test_of_the_first_look_the_newest_are_taken_and_of_later_ones_all(tmp_path: Path) -> None:
    house = House(tmp_path, backlog=2)
    (section,) = house.lease()
    house.listed(section, *urls_of(5))
    assert [target.standing for target in house.articles()] == [Standing.WAITING] * 2 + [Standing.BACKLOG] * 3
    house.later(days=1)
    section = next(target for target in house.lease() if target.kind)
    house.listed(section, *urls_of(9))
    assert [target.standing for target in house.articles()][5:] == [Standing.WAITING] * 4


def test_a_look_that_gave_nothing_was_not_the_first(tmp_path: Path) -> None:
    house = House(tmp_path, backlog=2)
    house.listed(house.lease()[0], problem="the page has no links")
    house.later(days=1)
    house.listed(house.lease()[0], *urls_of(5))
    assert [target.standing for target in house.articles()] == [Standing.WAITING] * 2 + [Standing.BACKLOG] * 3


def test_the_sitemaps_of_an_index_share_the_backlog_of_its_first_look(tmp_path: Path) -> None:
    house = House(tmp_path, at(HOME + "map.xml", "bao", "sitemap"), backlog=3)
    (index,) = house.lease()
    house.listed(index, sitemaps=(HOME + "map-2.xml", HOME + "map-1.xml"))
    for below in house.lease():
        start = 10 if below.url.endswith("1.xml") else 0
        house.listed(house.get(below), *urls_of(2, start))
    assert [target.standing for target in house.articles()].count(Standing.WAITING) == 3
    assert not any(target.due for target in house.books.frontier.lists() if target.parent), "a child is asked for once a look"


def test_a_sitemap_of_an_index_is_asked_for_again_by_its_validators_when_the_index_names_it(tmp_path: Path) -> None:
    house = House(tmp_path, at(HOME + "map.xml", "bao", "sitemap"))
    known = Validators(etag='"1"', last_modified=None)
    (index,) = house.lease()
    house.listed(index, sitemaps=(HOME + "map-1.xml",))
    (below,) = house.lease()
    house.watch.end(
        [
            Ended(
                target=below,
                outcome=Outcome.CAPTURED,
                at=house.time,
                validators=known,
                listed=Listed(articles=(Found(url=urls_of(1)[0]),)),
            )
        ]
    )
    assert [target.url for target in house.lease()] == urls_of(1)
    house.later(hours=12)
    index = next(target for target in house.lease() if target.kind)
    house.listed(index, sitemaps=(HOME + "map-1.xml",))
    (again,) = (target for target in house.lease() if target.kind)
    assert (again.url, again.validators) == (HOME + "map-1.xml", known)
    for _ in range(5):  # an index and its sitemap that are as they were are no lists without links
        for target in sorted(house.books.frontier.lists(), key=lambda target: target.depth):
            house.watch.end([Ended(target=house.get(target), outcome=Outcome.UNCHANGED, at=house.time)])
        house.later(hours=6)
    (status,) = house.books.frontier.statuses(["bao"], house.time)
    assert status.verdict is not None
    assert not status.verdict.drifting
    house.later(days=40)
    house.open()
    assert [target.url for target in house.books.frontier.lists()] == [HOME + "map.xml"], "one that is named no more is forgotten"


def test_a_304_of_an_index_does_not_hide_what_its_sitemaps_have_gained(tmp_path: Path) -> None:
    house = House(tmp_path, at(HOME + "map.xml", "bao", "sitemap"))
    mark = Validators(etag='"1"', last_modified=None)
    for name, age in (("map-1.xml", 0), ("map-2.xml", 24)):
        house.later(hours=age)
        index = next(target for target in house.lease() if target.kind)
        named = Listed(sitemaps=(HOME + name,))
        house.watch.end([Ended(target=index, outcome=Outcome.CAPTURED, at=house.time, listed=named, validators=mark)])
        house.listed(next(target for target in house.lease() if target.kind), *urls_of(1))
    house.later(hours=24)
    index = next(target for target in house.lease() if target.kind)
    assert index.validators == mark
    house.watch.end([Ended(target=index, outcome=Outcome.UNCHANGED, at=house.time)])
    assert [target.url for target in house.lease() if target.kind] == [HOME + "map-2.xml"], "but not those that it named before"


def test_what_a_first_look_leads_to_takes_no_more_when_it_is_read_late(tmp_path: Path) -> None:
    house = House(tmp_path, at(HOME + "map.xml", "bao", "sitemap"), backlog=2)
    (index,) = house.lease()
    house.listed(index, sitemaps=(HOME + "map-1.xml",))
    (below,) = house.lease()
    below = house.fails(below)
    house.listed(house.get(index), sitemaps=(HOME + "map-2.xml",))  # the second look
    house.listed(house.get(below), *urls_of(9))
    assert [target.standing for target in house.articles()].count(Standing.WAITING) == 2


def test_a_page_of_a_host_that_is_left_alone_is_not_asked_for_by_hand_either(house: House) -> None:
    (section,) = house.lease()
    house.fails(section, Outcome.BLOCKED, pause=600.0)
    house.watch = Watch(house.books, house.sources, settings(), lambda: house.time, only={urls_of(1)[0]: "bao"})
    house.watch.begin(house.sources, look_now=False)
    assert house.lease() == []
    assert house.get(section).due == house.time - timedelta(milliseconds=1) + timedelta(minutes=10), (
        "what the host says holds for the list"
    )


def test_a_further_page_is_a_target_of_its_own_while_there_is_something_new(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(2), next_page=LIST + "/2")
    house.open()  # a kill between the pages loses none
    second = next(target for target in house.lease() if target.kind)
    assert (second.url, second.page, second.parent) == (LIST + "/2", 2, section.key)
    house.listed(second, *urls_of(2), next_page=LIST + "/3")
    assert not any(target.kind for target in house.lease())


def test_a_list_that_fails_is_tried_again_soon_and_never_given_up(house: House) -> None:
    waits = []
    for _ in range(12):
        (section,) = house.lease()
        section = house.fails(section)
        assert section.due is not None
        waits.append((section.due - house.time) / timedelta(hours=1))
        house.time = section.due
    assert waits[0] < 0.11
    assert 6 <= waits[-1] <= 7.2
    assert house.books.frontier.looks("bao")[LIST].status == "failed"


def test_what_goes_wrong_is_told_once_and_its_end_once(house: House) -> None:
    (section,) = house.lease()
    house.fails(section)
    assert house.watch.news() == [f"bao: {LIST}: HTTP 500"]
    for _ in range(2):
        house.time = house.get(section).due or house.time
        section = house.fails(house.lease()[0])
    assert house.watch.news() == []
    house.time = section.due or house.time
    house.listed(house.lease()[0], *urls_of(2))
    assert house.watch.news() == [f"bao: {LIST}: answers again"]


@pytest.mark.parametrize(
    ("listed", "soonest"),
    [
        ({}, 0.0),
        ({"wait": 1800.0}, 0.5),
        ({"wait": 86_400.0}, 1.0),
        ({"quiet_hours": frozenset(range(2, 8))}, 6.0),
        ({"quiet_hours": frozenset(range(24))}, 0.0),
    ],
    ids=[
        "nothing",
        "half an hour",
        "a day, which is too long",
        "silent until the afternoon",
        "silent for ever, which is not believed",
    ],
)
def test_what_a_list_asks_for_is_honoured_within_bounds(house: House, listed: dict[str, object], soonest: float) -> None:
    house.sources = (at(LIST, "bao"),)
    house.changes = {"every_minutes": 1.0}
    house.open()
    (section,) = house.lease()
    house.listed(section, *urls_of(3), **listed)
    due = house.get(section).due
    assert due is not None
    assert soonest - 0.001 <= (due - house.time) / timedelta(hours=1) <= soonest + 0.1


def test_a_busy_list_is_looked_at_more_often_and_a_heavy_one_too(tmp_path: Path) -> None:
    pages = {"busy": 1.0, "calm": 1.0, "heavy": 4.0}
    sources = [at(f"https://{name}.vn/tin", name, weight=weight) for name, weight in pages.items()]
    house = House(tmp_path, *sources)
    looks = dict.fromkeys(pages, 0)
    made = 0
    for _ in range(60):
        for target in house.lease():
            if not target.kind:
                continue
            looks[target.source] += 1
            rate = 3.0 if target.source == "busy" else 0.3
            since = (house.time - (target.looked or START)) / timedelta(hours=1)
            made += (fresh := round(rate * since))
            house.listed(
                target,
                *(f"https://{target.source}.vn/tin-so-{made + n}-ve-gi-do.html" for n in range(fresh)),
                "x" * 0 or f"https://{target.source}.vn/tin-so-cu-ve-gi.html",
            )
        house.later(hours=1)
    assert looks["busy"] > 1.4 * looks["calm"]
    assert looks["heavy"] > 1.3 * looks["calm"]


# ---------------------------------------------------------------- articles


def test_an_article_that_was_read_is_looked_at_again_when_the_policy_says(house: House) -> None:
    stored = house.stored()
    assert stored.standing is Standing.STORED
    assert stored.memory is not None
    assert stored.due is not None
    assert timedelta(minutes=5) <= stored.due - house.time <= timedelta(hours=48)


def test_a_304_or_the_same_bytes_cost_no_reading_and_put_the_next_look_off(house: House) -> None:
    stored = house.stored()
    first = (stored.due or house.time) - house.time
    house.time = stored.due or house.time
    again = next(target for target in house.lease() if not target.kind)
    house.watch.end([Ended(target=again, outcome=Outcome.UNCHANGED, at=house.time)])
    after = house.get(stored)
    assert house.books.pending() == []
    assert (after.standing, after.same) == (Standing.STORED, 1)
    assert (after.due or house.time) - house.time > first


def test_an_edit_brings_the_next_look_nearer_than_none(house: House) -> None:
    stored = house.stored()
    house.time = stored.due or house.time
    again = next(target for target in house.lease() if not target.kind)
    house.fetched(again, b"<p>tin moi")
    house.read(article(again.key), "edited")
    edited = house.get(stored)
    house.books._connection.execute("UPDATE captures SET state = 'new'")
    calm = watch.looked_at(house.books, stored, house.time, changed=False)
    assert edited.due is not None
    assert calm.due is not None
    assert edited.due < calm.due


@pytest.mark.parametrize(("level", "factor"), [(Level.CORE, 4.0), (Level.RELATED, 2.0), (Level.MENTION, 1.0)])
def test_an_article_about_a_watched_topic_weighs_more(house: House, level: Level, factor: float) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    (target,) = house.lease()
    house.fetched(target)
    span = Evidence(rule="x", text="Tin", field=Field.TITLE, start=0, end=3)
    house.read(article(target.key), "new", Flag(topic="asean", level=level, score=9.0, rules="1", evidence=(span,)))
    assert house.get(target).weight == factor


def test_a_date_of_change_in_a_list_brings_the_look_nearer_and_an_old_one_does_not(house: House) -> None:
    stored = house.stored()
    house.later(hours=3)
    with house.books.transaction():
        house.books.frontier.save(replace(house.get(stored), due=house.time + timedelta(days=9)))
    root = next(target for target in house.books.frontier.lists())
    house.listed(root, Found(url=stored.url, changed=START - timedelta(days=1)))
    assert house.get(stored).due == house.time + timedelta(days=9)
    house.listed(root, Found(url=stored.url, changed=house.time - timedelta(minutes=5)))
    due = house.get(stored).due
    assert due is not None
    assert due < house.time + timedelta(days=8)


def test_what_fails_is_tried_again_ever_later_and_given_up_at_last(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    (target,) = house.lease()
    tries = 0
    while (target := house.fails(target)).due:
        assert target.standing is Standing.RETRY
        assert house.lease() == [] or house.time < START
        house.time, tries = target.due, tries + 1
        target = next(one for one in house.lease() if not one.kind)
    assert (tries, target.standing, target.reason) == (7, Standing.GAVE_UP, "HTTP 500")
    assert house.time - START > timedelta(days=3)


@pytest.mark.parametrize(
    "outcome", [Outcome.FAILED, Outcome.ROBOTS, Outcome.BLOCKED, Outcome.NOT_HTML, Outcome.TOO_LARGE, Outcome.PRIVATE]
)
def test_an_article_that_was_read_and_cannot_be_had_any_more_is_asked_for_ever_less(house: House, outcome: Outcome) -> None:
    target = house.stored()
    waits = []
    while target.due and len(waits) < 40:
        house.time = max(house.time, target.due)
        target = house.fails(next(one for one in house.lease() if not one.kind), outcome)
        waits += [target.due - house.time] if target.due else []
    assert 2 < len(waits) < 20, "and left alone at last"
    assert waits[-1] > timedelta(days=7)


def test_an_article_whose_page_cannot_be_read_any_more_is_looked_at_now_and_then(house: House) -> None:
    target = house.stored()
    for number in range(6):
        before = house.time = max(house.time, target.due or house.time)
        house.fetched(next(one for one in house.lease() if not one.kind), b"%d" % number)
        house.read(Failure(kind="extract", message="holds no article"), "failed")
        target = house.get(target)
        assert (target.standing, target.reason) == (Standing.NOT_ARTICLE, "holds no article")
        assert target.due is not None
        assert target.due - before > timedelta(hours=5)


@pytest.mark.parametrize(
    "outcome", [Outcome.GONE, Outcome.ROBOTS, Outcome.BLOCKED, Outcome.NOT_HTML, Outcome.TOO_LARGE, Outcome.PRIVATE]
)
def test_each_refusal_has_its_own_standing(house: House, outcome: Outcome) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    (target,) = house.lease()
    assert house.fails(target, outcome).standing == outcome.value


def test_validators_are_not_kept_after_an_error(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    (target,) = house.lease()
    house.fetched(target, validators=Validators(etag='"1"', last_modified=None))
    assert house.get(target).validators is not None
    assert house.fails(house.get(target)).validators is None


def test_a_host_that_asks_to_wait_does_not_count_as_a_failure_of_the_page(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    (target,) = house.lease()
    waiting = house.fails(target, Outcome.BLOCKED, wait=600.0)
    assert (waiting.standing, waiting.tries, waiting.due) == (Standing.RETRY, 0, house.time + timedelta(minutes=10))
    (status,) = house.books.frontier.statuses(["bao"], house.time)
    assert status.next_retry == waiting.due


@pytest.mark.parametrize(
    ("outcome", "standing", "days"),
    [(Outcome.ROBOTS, Standing.ROBOTS, range(36, 60)), (Outcome.FAILED, Standing.GAVE_UP, range(9, 20))],
)
def test_what_waits_for_a_dead_host_is_given_up(house: House, outcome: Outcome, standing: Standing, days: range) -> None:
    """Nine articles, and each time only the first that is asked for learns that the host is not to be asked."""
    (section,) = house.lease()
    house.listed(section, *urls_of(9))
    retries = []
    while any(target.due for target in house.articles()) and house.time < START + timedelta(days=90):
        house.later(hours=4)
        targets = house.lease()
        house.watch.release([target for target in targets[1:] if target.kind is None])
        for target in targets:
            if target.kind:
                house.listed(target)
            elif target is targets[0] or targets[0].kind:
                house.fails(target, outcome, wait=14_000.0, pause=14_000.0)
                break
        retries.append(house.books.frontier.statuses(["bao"], house.time)[0].next_retry)
    assert {target.standing for target in house.articles()} == {standing}
    assert (house.time - START).days in days
    assert all(at and at <= house.time + timedelta(days=29 * 1.2) for at in retries[1:-1]), "and when is told all the time"


def test_an_article_that_was_read_waits_for_its_host_and_is_asked_for_whole_then(house: House) -> None:
    known = house.stored()
    with house.books.transaction():
        house.books.frontier.save(replace(house.get(known), validators=Validators(etag='"1"', last_modified=None)))
    house.later(days=3)
    target = next(target for target in house.lease() if target.kind is None)
    after = house.fails(target, Outcome.ROBOTS, wait=600.0, pause=600.0)
    assert (after.standing, after.validators, after.due) == (Standing.STORED, None, house.time + timedelta(minutes=10))


def test_a_page_without_an_article_is_tried_twice_more(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(1))
    (target,) = house.lease()
    for number in range(3):
        house.fetched(target, b"%d" % number)
        house.read(Failure(kind="extract", message="holds no article"), "failed")
        target = house.get(target)
        assert (target.standing, target.reason) == (Standing.NOT_ARTICLE, "holds no article")
        house.time = target.due or house.time
    assert target.due is None


def test_of_many_addresses_of_an_article_one_is_looked_at_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.books, "shown_at", lambda identity: ["bao.vn/tin-0-mot-hai-ba?sid=1"] if identity == "own" else [])
    (section,) = house.lease()
    house.listed(section, *(f"https://bao.vn/tin-0-mot-hai-ba?sid={n}" for n in (1, 2, 3)))
    for target, state in zip(house.lease(), ("new", "unchanged", "edited"), strict=True):
        house.fetched(target, target.key.encode())
        house.read(article("own"), state)
    standings = [target.standing for target in house.books.frontier.of("bao")]
    assert standings == [Standing.STORED, Standing.ALIAS, Standing.STORED]


def test_an_address_that_leads_to_a_known_article_is_an_alias_and_not_asked_for_again(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(2))
    one, other = house.lease()
    house.fetched(one)
    house.read(article(one.key))
    house.fetched(other, b"<p>ban in")
    house.read(article(one.key), "unchanged")
    assert (house.get(other).standing, house.get(other).due) == (Standing.ALIAS, None)


def test_every_address_that_was_found_is_accounted_for(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, *urls_of(6))
    targets = house.lease()
    for target, outcome in zip(targets, (Outcome.FAILED, Outcome.GONE, Outcome.BLOCKED), strict=False):
        house.fails(target, outcome)
    house.fetched(targets[3])
    house.read(article(targets[3].key))
    (status,) = house.books.frontier.statuses(["bao"], house.time)
    assert dict(status.standings.counts) == {"blocked": 1, "gone": 1, "stored": 1, "waiting": 2, "will_retry": 1}
    assert status.found == status.standings.total == 6
    assert dict(status.recent.counts) == {"failed": 1, "gone": 1, "blocked": 1, "new": 1}
    assert status.next_retry is not None


# ---------------------------------------------------------------- the budget of a host


def test_what_a_look_costs_rises_where_more_is_asked_than_allowed(tmp_path: Path) -> None:
    house = House(tmp_path, requests_per_hour=10.0)
    for hour in range(30):
        for target in house.lease():
            if target.kind:
                house.listed(target, *urls_of(40, 40 * hour))
            else:
                house.fails(target, Outcome.GONE)
        make_due(house.books, house.time)
        house.later(hours=1)
    assert house.watch._theta("bao.vn") > 1.5


def test_and_falls_where_less_is(tmp_path: Path) -> None:
    house = House(tmp_path, requests_per_hour=1000.0)
    for _ in range(30):
        house.lease()
        house.later(hours=1)
    assert house.watch._theta("bao.vn") < 0.5


# ---------------------------------------------------------------- sources that drift


def test_a_selector_that_breaks_is_told_as_drift_and_its_end_too(house: House) -> None:
    made = 0
    for _ in range(24 * 12):
        for target in house.lease():
            if target.kind:
                made += 2
                house.listed(target, *urls_of(25, made))
            else:
                house.fails(target, Outcome.GONE)
        house.later(hours=1)
    (status,) = house.books.frontier.statuses(["bao"], house.time)
    assert status.verdict is not None
    assert status.verdict.cause == "ok"
    house.watch.news()
    for _ in range(72):
        for target in house.lease():
            if target.kind:
                house.listed(target, problem="no links matched")
        house.later(hours=1)
    (status,) = house.books.frontier.statuses(["bao"], house.time)
    assert (status.verdict.cause, status.verdict.drifting) == ("broken", True)
    said = house.watch.news()
    assert any("drifts (broken)" in line and "found no link" in line for line in said), said
    assert not any("drifts" in line for line in house.watch.news())


def test_a_list_that_goes_empty_is_asked_for_whole_and_told_as_broken_whatever_validators_come_with_it(house: House) -> None:
    tagged = Validators(etag='"x"', last_modified=None)

    def look(target: Target, listed: Listed) -> None:
        """As a server answers that sends the same ETag for a page in which our rule finds nothing any more."""
        is_same = target.validators == tagged
        outcome = Outcome.UNCHANGED if is_same else Outcome.CAPTURED
        given = Listed() if is_same else listed
        house.watch.end([Ended(target=target, outcome=outcome, at=house.time, validators=tagged, listed=given)])

    (section,) = house.lease()
    look(section, Listed(articles=tuple(Found(url=url) for url in urls_of(20))))
    assert house.get(section).validators == tagged
    house.fails(section)  # and so is asked for whole
    house.watch.news()
    for _ in range(72):
        for target in house.lease():
            if target.kind:
                look(target, Listed(problem="no links matched"))
                assert house.get(target).validators is None
            else:
                house.fails(target, Outcome.GONE)
        house.later(hours=1)
    (status,) = house.books.frontier.statuses(["bao"], house.time)
    assert status.verdict is not None
    assert status.verdict.cause == "broken"
    assert not any("answers again" in line for line in house.watch.news())


def test_a_304_of_a_list_that_was_empty_is_no_good_answer(house: House) -> None:
    (section,) = house.lease()
    house.listed(section, problem="no links matched")
    house.watch.news()
    house.watch.end([Ended(target=house.get(section), outcome=Outcome.UNCHANGED, at=house.time, listed=Listed())])
    look = house.books.frontier.looks("bao")[LIST]
    assert (look.status, look.links, look.reason) == ("empty", 0, "no links matched")
    assert house.watch.news() == []
