"""Manners and safety on the network: addresses asked in a child process, of a real server; and the rules by themselves."""

from __future__ import annotations

import base64
import gzip
import itertools
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from scrapy import Request
from scrapy.downloadermiddlewares import cookies
from scrapy.http import Response
from scrapy.resolver import dnscache

from crawler import network, patience
from crawler.network import GuardedResolver, Refused, outcome_of, own_pause_of, pause_of, reason_of
from crawler.patience import Stalls, Standing, paced, pause, retry_after, robots_wait
from crawler.robots import concerning, rules_text
from model import Outcome
from tests.crawler.child import at
from tests.crawler.fetch import Ended, _Names, fetch
from tests.crawler.proxy import Proxy
from tests.site import Site

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from backports import zstd

OK = "<html><h1>tin</h1></html>"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as one:
        one.put("/a", OK)
        one.put("/b", OK)
        yield one


@pytest.fixture
def other() -> Iterator[Site]:
    """A second site; its host is another: localhost."""
    with Site("localhost") as one:
        one.put("/a", OK)
        yield one


def outcomes(ended: list[Ended]) -> list[str]:
    return [one.outcome for one in ended]


# ---------------------------------------------------------------- how long to wait, as numbers


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param(" 0 ", 0, id="none"),
        pytest.param("9" * 5_000, 999_999_999_999, id="seconds without an end"),
        pytest.param("Sun, 22 Nov 2026 12:01:30 GMT", 90, id="a date"),
        pytest.param("Sun, 22 Nov 2026 19:01:30 +0700", 90, id="a date in another zone"),
        pytest.param("Sun Nov 22 12:01:30 2026", 90, id="a date as C writes it"),
        pytest.param("Sun, 22 Nov 2026 11:00:00 GMT", 0, id="a date that is over"),
        pytest.param("soon", None, id="a word"),
        pytest.param("-5", None, id="less than nothing"),
        pytest.param("1.5", None, id="a fraction, which the header does not know"),
        pytest.param("", None, id="nothing"),
        pytest.param("Sun, 99 Nov 2026 12:00:00 GMT", None, id="no day"),
        pytest.param("Sun, 22 Nov 2026 12:00:00 +99999999999999999999", None, id="no zone"),
        pytest.param("Sun, 22 Nov 99999999999999999999 12:00:00 GMT", None, id="no year"),
    ],
)
def test_what_a_retry_after_asks_for(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


DATE_WORDS = (
    "Sun,",
    "22",
    "Nov",
    "2026",
    "12:00:00",
    "GMT",
    "+0700",
    "-9999",
    "+",
    "-",
    ":",
    "9" * 20,
    "0",
    "-5",
    "(",
    ")",
    '"',
    "\\",
)


@given(st.text() | st.lists(st.sampled_from(DATE_WORDS), max_size=9).map(" ".join))
def test_no_retry_after_raises(value: str) -> None:
    assert (retry_after(value, NOW) or 0) >= 0


@pytest.mark.parametrize(
    ("asked", "row", "chance", "seconds"),
    [
        pytest.param(120, 1, 0, 120, id="what was asked for"),
        pytest.param(120, 1, 1, 144, id="and a fifth more at most"),
        pytest.param(1, 1, 0, 30, id="not less than half a minute"),
        pytest.param(None, 1, 0, 300, id="five minutes if it does not say"),
        pytest.param(120, 3, 0, 480, id="doubled with each in a row"),
        pytest.param(None, 9, 0, 76_800, id="doubled for long"),
        pytest.param(None, 10, 0, 86_400, id="a day at most"),
        pytest.param(10**12, 5_000, 1, 86_400, id="a day at most, whatever is asked, however often"),
    ],
)
def test_how_long_a_host_is_left_alone(asked: float | None, row: int, chance: float, seconds: float) -> None:
    assert pause(asked, row, chance) == seconds


def test_a_robots_txt_that_cannot_be_had_is_asked_for_after_ten_minutes_and_ever_later() -> None:
    assert [robots_wait(row) / 60 for row in (1, 2, 3, 5, 6, 99)] == [10, 20, 40, 160, 240, 240]


def test_a_host_is_asked_again_when_its_pause_is_over_and_each_further_one_doubles() -> None:
    standing = Standing()
    assert standing.asked(60, Outcome.BLOCKED, "wait", now=1_000, chance=0) == 60
    assert (standing.left(1_000), standing.left(1_059), standing.left(1_060)) == (60, 1, 0)
    assert standing.asked(60, Outcome.BLOCKED, "wait", now=1_010, chance=0) == 60, "it was under way already: no second one"
    assert standing.asked(60, Outcome.BLOCKED, "wait", now=1_100, chance=0) == 120
    standing.fine()
    assert standing.asked(60, Outcome.BLOCKED, "wait", now=2_000, chance=0) == 60, "a good answer forgives"


def test_a_host_that_fails_ten_times_in_a_row_is_left_alone_and_then_tried_once() -> None:
    standing = Standing()
    assert [standing.failed(Outcome.FAILED, now=0, chance=0) for _ in range(9)] == [None] * 9
    assert standing.failed(Outcome.FAILED, now=0, chance=0) == 300
    assert standing.failed(Outcome.FAILED, now=301, chance=0) == 600
    standing.fine()
    assert standing.failed(Outcome.FAILED, now=1_000, chance=0) is None
    assert (standing.outcome, standing.reason) == (Outcome.FAILED, "the host failed 10 times in a row")


@pytest.mark.parametrize(
    ("delay", "latency", "status", "floor", "expected"),
    [
        pytest.param(2, 0.1, 200, 2, 2, id="a fast host is asked no faster than it is owed"),
        pytest.param(2, 5, 200, 2, 5, id="a slow host is asked as slowly at once"),
        pytest.param(8, 1, 200, 2, 4.5, id="a host that got faster is asked half as slowly"),
        pytest.param(8, 0.01, 404, 2, 8, id="an error, which comes fast, lowers nothing"),
        pytest.param(8, 0.01, 304, 2, 8, id="nor does an answer without a body"),
        pytest.param(2, 9, 503, 2, 9, id="but a slow error slows down"),
        pytest.param(2, 500, 200, 2, 60, id="a minute at most"),
        pytest.param(90, 500, 200, 90, 90, id="unless more is owed"),
        pytest.param(0, 5, 200, 0, 0, id="where no delay is owed there is none"),
    ],
)
def test_the_pace_follows_the_hosts_latency(delay: float, latency: float, status: int, floor: float, expected: float) -> None:
    assert paced(delay, latency, status, floor) == expected


def test_a_stall_of_our_own_is_known_from_when_to_when() -> None:
    stalls = Stalls(0)
    for now in (0.1, 0.2, 3.2, 3.3):
        stalls.look(now)
    assert stalls.since(0, 3.4) == pytest.approx(3)
    assert stalls.since(1.2, 3.4) == pytest.approx(2), "a request that went out in the middle of it"
    assert stalls.since(3.25, 3.45) == 0
    assert stalls.since(3.3, 5.45) == pytest.approx(2), "one that is not over yet"


def test_with_two_requests_at_once_a_host_is_asked_twice_as_often() -> None:
    assert paced(2, 8, 200, 1, concurrency=2) == 4


def test_a_pause_is_told_by_responses_and_by_errors() -> None:
    response = Response("http://a.vn/", status=429)
    assert pause_of(response) is None
    response.request = Request("http://a.vn/", meta={"pause": 60.0})
    assert pause_of(response) == 60
    assert pause_of(Refused(Outcome.BLOCKED, "wait", wait=7, origin="http://a.vn")) == 7
    assert pause_of(Refused(Outcome.ROBOTS, "forbidden")) is None
    assert pause_of(ValueError()) is None
    assert (outcome_of(ValueError()), reason_of(ValueError())) == (Outcome.FAILED, "the connection failed (ValueError)")


# ---------------------------------------------------------------- pauses


def test_after_429_the_host_is_left_alone_for_as_long_as_it_said_and_then_asked_again(site: Site) -> None:
    site.put("/r", "", status=429, headers={"Retry-After": "1"})
    url = site.url
    ended = fetch(url("/r"), url("/a"), 1.3, url("/a"), url("/r"), 1.3, url("/r"), constants={"SHORTEST": 0.5})
    assert outcomes(ended) == ["blocked", "blocked", "captured", "blocked", "blocked"]
    first, refused, _, second, third = ended
    assert first.pause is not None
    assert 1 <= first.pause <= 1.2
    assert (refused.reason, refused.origin) == ("the host asked us to wait (HTTP 429)", site.url())
    assert refused.pause is not None
    assert 0.8 < refused.pause <= 1.2
    assert second.pause is not None
    assert 1 <= second.pause <= 1.2, "a page that came between forgives"
    assert third.pause is not None
    assert 2 <= third.pause <= 2.4, "the second in a row doubles"
    assert site.paths() == ["/robots.txt", "/r", "/a", "/r", "/r"]


def test_503_with_a_date_is_a_pause_and_503_without_is_tried_again(site: Site) -> None:
    site.busy("/busy")
    site.busy("/until", {"Retry-After": (datetime.now(UTC) + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")})
    busy, until, refused = fetch(site.url("/busy"), site.url("/until"), site.url("/a"))
    assert (busy.status, busy.pause) == (503, None)
    assert until.pause is not None
    assert 7_100 < until.pause < 7_200 * 1.2
    assert (refused.outcome, refused.reason) == ("failed", "the host asked us to wait (HTTP 503)")
    assert site.paths() == ["/robots.txt", "/busy", "/busy", "/busy", "/until"]


def test_a_host_that_keeps_failing_is_left_alone_and_not_retried_and_then_asked_again(site: Site) -> None:
    site.truncated("/cut")
    site.forbid("/no")
    url = site.url
    ended = fetch(url("/no"), url("/cut"), url("/a"), 1.5, url("/a"), constants={"PATIENCE": 3, "USUAL": 1.0})
    assert outcomes(ended) == ["blocked", "failed", "failed", "captured"]
    assert ended[0].pause is None
    assert ended[1].reason == "the answer broke off; the host failed 3 times in a row"
    assert ended[1].pause is not None
    assert 1 <= ended[1].pause <= 1.2
    assert ended[2].reason == "the host failed 3 times in a row"
    assert site.paths() == ["/robots.txt", "/no", "/cut", "/cut", "/a"]


def test_a_host_that_a_redirect_led_to_is_left_alone_and_not_the_first(site: Site, other: Site) -> None:
    site.redirect("/r", other.ration("/r"))
    first, second, third = fetch(site.url("/r"), site.url("/r"), site.url("/a"))
    assert (first.url, first.status) == (other.url("/r"), 429)
    assert first.pause is not None
    assert (second.outcome, second.origin) == ("blocked", other.url())
    assert third.outcome == "captured"


# ---------------------------------------------------------------- pace


def test_a_page_that_leads_to_a_closed_port_of_another_host_puts_nobody_to_sleep(site: Site) -> None:
    with Site("127.0.0.2") as victim:
        victim.put("/a", OK)
        victim.forbid("/no")
        site.redirect("/port", "http://127.0.0.2:1/x")
        site.redirect("/no", victim.url("/no"))
        steps = [site.url("/port"), *[site.url("/no")] * 5, victim.url("/a"), site.url("/a"), site.url("/port")]
        ended = fetch(*steps, constants={"PATIENCE": 4}, allow_private_hosts=("127.0.0.1", "127.0.0.2"))
        assert outcomes(ended) == ["robots", *["blocked"] * 5, "captured", "captured", "robots"]
        assert (ended[0].origin, ended[-1].origin) == ("http://127.0.0.2:1",) * 2
        assert [one.pause for one in ended[1:8]] == [None] * 7


def test_a_pause_is_the_hosts_own_where_a_redirect_stayed_on_its_site() -> None:
    def pause(asked: str, at: str) -> float | None:
        return own_pause_of(asked, Refused(Outcome.ROBOTS, "waiting", wait=7, origin=at))

    assert pause("http://a.vn/x", "https://a.vn") == pause("https://a.vn/x", "https://www.a.vn") == 7
    assert pause("https://a.vn/x", "https://b.vn") is pause("https://a.vn/x", "https://a.vn:8443") is None
    assert (
        own_pause_of("https://a.vn/x", Refused(Outcome.ROBOTS, "forbidden"))
        is own_pause_of("https://a.vn/", ValueError())
        is None
    )


def test_a_slow_host_is_asked_more_slowly_and_never_faster_than_it_is_owed(site: Site) -> None:
    site.slow("/slow", 0.6, OK)
    slow, *fast = fetch(site.url("/slow"), *[site.url("/a")] * 3, delay_seconds=0.1)
    assert slow.delay is not None
    assert 0.6 <= slow.delay < 1
    delays = [one.delay or 0.0 for one in fast]
    assert delays == sorted(delays, reverse=True)
    assert 0.1 <= delays[-1] < 0.3


def test_while_we_are_busy_ourselves_no_host_is_slow(site: Site) -> None:
    site.slow("/slow", 0.7)
    ended = fetch(site.url("/a"), [site.url("/slow"), "stall:0.4:1.5"], delay_seconds=0.1)
    assert ended[-1].delay is not None
    assert 0.1 <= ended[-1].delay < 0.7, "the answer was there long before it was looked at"


def test_where_no_delay_is_owed_a_slow_answer_makes_none(site: Site) -> None:
    site.slow("/slow", 0.3, OK)
    assert [one.delay for one in fetch(site.url("/slow"), site.url("/a"))] == [0, 0]


def test_as_many_requests_are_out_at_one_host_as_are_allowed(site: Site) -> None:
    paths = [f"/s{n}" for n in range(6)]
    for path in paths:
        site.slow(path, 0.3, OK)
    urls = [site.url(path) for path in paths]
    # Without any delay Scrapy 2.19 lets through what comes in one turn of its loop: there the desk alone keeps to the number.
    assert set(outcomes(fetch(urls, more={"concurrency": 3}, delay_seconds=0.01))) == {"captured"}
    asked = [one for one in site.log if one.path != "/robots.txt"]
    # An answer has come before the server's clock is read again.
    overlaps = [sum(a.at <= b.at < (a.ended or 0) - 0.1 for a in asked) for b in asked]
    assert max(overlaps) == 3


def test_a_crawl_delay_is_kept_in_bounds_and_given_up_when_robots_txt_gives_it_up(site: Site, other: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.4")
    other.put("/robots.txt", "User-agent: *\nCrawl-delay: 86400")
    steps = [site.url("/a"), site.url("/a"), other.url("/a")]
    ended = fetch(*steps, constants={"LONGEST_CRAWL_DELAY": 0.5}, delay_seconds=0.1)
    assert [one.delay for one in ended] == [0.4, 0.4, 0.5]
    assert ended[1].at - ended[0].at > 0.35
    rules = itertools.chain(["User-agent: *\nCrawl-delay: 0.4"], itertools.repeat(""))
    site.put("/robots.txt", lambda: next(rules))
    ended = fetch(site.url("/a"), 0.3, *[site.url("/a")] * 6, constants={"ROBOTS_AGE": 0.2}, delay_seconds=0.05)
    assert (ended[0].delay, (ended[-1].delay or 1) < 0.2) == (0.4, True)


def test_the_delay_of_a_source_is_its_hosts_floor(site: Site) -> None:
    source = at(site.url("/"), delay_seconds=0.3)
    assert [one.delay for one in fetch(site.url("/a"), sources=[source])] == [0.3]


# ---------------------------------------------------------------- robots.txt


def test_robots_txt_is_kept_for_a_day_and_then_asked_for_again(site: Site) -> None:
    rules = iter(["", "User-agent: *\nDisallow: /a"])
    site.put("/robots.txt", lambda: next(rules))
    ended = fetch(*[site.url("/a")] * 2, 1.1, *[site.url("/a")] * 2, constants={"ROBOTS_AGE": 1.0})
    assert outcomes(ended) == ["captured"] * 2 + ["robots"] * 2
    assert ended[-1].pause is None
    assert site.paths() == ["/robots.txt", "/a", "/a", "/robots.txt"]
    assert patience.ROBOTS_AGE == 24 * 3_600


def test_every_request_that_waits_for_a_robots_txt_is_held_to_it(site: Site) -> None:
    site.slow("/robots.txt", 0.2, "User-agent: *\nDisallow: /")
    ended = fetch([site.url(f"/{n}") for n in range(5)], more={"concurrency": 5})
    assert outcomes(ended) == ["robots"] * 5
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize("broken", ["busy", "truncated", "drip"])
def test_while_robots_txt_cannot_be_had_the_host_waits_ever_longer(site: Site, broken: str) -> None:
    getattr(site, broken)("/robots.txt")
    steps = [site.url("/a"), site.url("/b"), 1.2, site.url("/a")]
    ended = fetch(*steps, constants={"ROBOTS_WAIT": 1.0}, timeout_seconds=0.4)
    assert outcomes(ended) == ["robots"] * 3
    assert "robots.txt unreachable (" in str(ended[0].reason)
    first, second, third = (one.pause or 0.0 for one in ended)
    assert 0.9 < second < first <= 1
    assert 1.9 < third <= 2
    assert {one.origin for one in ended} == {site.url()}
    asked = len(site.log)
    assert set(site.paths()) == {"/robots.txt"}
    assert asked == 6, "three tries, twice"


def test_robots_txt_that_can_be_had_again_is_obeyed(site: Site) -> None:
    statuses = iter([500, 500, 500, 200])

    def rules() -> str:
        route = site.route("/robots.txt")
        assert route
        route.status = next(statuses)
        return "User-agent: *\nDisallow: /a"

    site.put("/robots.txt", rules)
    ended = fetch(site.url("/b"), 0.5, site.url("/a"), site.url("/b"), constants={"ROBOTS_WAIT": 0.4})
    assert outcomes(ended) == ["robots", "robots", "captured"]
    assert [one.reason for one in ended[:2]] == ["robots.txt unreachable (HTTP 500), waiting", "robots.txt forbids it"]
    assert site.paths().count("/robots.txt") == 4


def test_429_for_robots_txt_waits_as_long_as_the_host_asked(site: Site) -> None:
    site.put("/robots.txt", "", status=429, headers={"Retry-After": "7200"})
    first, second = fetch(site.url("/a"), site.url("/b"))
    assert first.outcome == second.outcome == "robots"
    assert first.pause is not None
    assert 7_199 < first.pause <= 7_200 * 1.2
    assert site.paths() == ["/robots.txt"]


def test_a_robots_txt_that_is_not_there_allows_everything() -> None:
    with ExitStack() as stack:
        sites = {status: stack.enter_context(Site()) for status in (400, 401, 403, 404, 410, 451)}
        for status, site in sites.items():
            site.put("/a", OK)
            site.put("/robots.txt", "User-agent: *\nDisallow: /", status=status)
        ended = fetch(*(site.url("/a") for site in sites.values()))
    assert dict(zip(sites, outcomes(ended), strict=True)) == dict.fromkeys(sites, "captured")


def test_a_robots_txt_is_looked_for_behind_five_redirects_on_any_host(site: Site, other: Site) -> None:
    for number in range(1, 5):
        site.redirect(f"/r{number}", f"/r{number + 1}", 301)
    site.redirect("/robots.txt", "/r1")
    site.redirect("/r4", other.put("/rules", "User-agent: *\nDisallow: /a"))
    assert outcomes(fetch(site.url("/a"), site.url("/b"))) == ["robots", "captured"]
    site.redirect("/r4", "/r5")
    site.redirect("/r5", other.url("/rules"))
    assert outcomes(fetch(site.url("/a"))) == ["captured"], "six are no robots.txt"


def test_a_robots_txt_that_leads_to_a_private_place_is_one_that_cannot_be_had(site: Site) -> None:
    site.redirect("/robots.txt", f"http://2130706433:{site.port}/rules")
    ended = fetch(site.url("/a"))
    assert outcomes(ended) == ["robots"]
    assert "where it may not" in str(ended[0].reason)


RULES = "User-agent: *\nDisallow: /a\n"


FORMS: dict[str, tuple[str | bytes, dict[str, str]]] = {
    "what fits of a huge one": (RULES + "# x\n" * 600_000, {}),
    "with a mark": ("\ufeff" + RULES, {}),
    "UTF-16": (RULES.encode("utf-16"), {}),
    "with carriage returns": (RULES.replace("\n", "\r\n"), {}),
    "with bytes that are no text": (b"\x81\xfe\n" + RULES.encode(), {}),
    "packed though it was not asked for so": (gzip.compress(RULES.encode()), {"Content-Encoding": "gzip"}),
    "that calls itself a page": (RULES, {"Content-Type": "text/html"}),
}


def test_a_robots_txt_is_read_in_every_form() -> None:
    with ExitStack() as stack:
        sites = {form: stack.enter_context(Site()) for form in FORMS}
        for form, (body, headers) in FORMS.items():
            sites[form].put("/robots.txt", body, headers=headers)
            sites[form].put("/b", OK)
        steps = [site.url(path) for site in sites.values() for path in ("/a", "/b")]
        ended = outcomes(fetch(*steps, max_page_bytes=1_000))
    told = dict(zip(sites, zip(ended[::2], ended[1::2], strict=True), strict=True))
    assert told == dict.fromkeys(sites, ("robots", "captured"))


def test_a_robots_txt_without_an_end_is_read_as_far_as_it_fits(site: Site) -> None:
    site.endless("/robots.txt", b"HTTP/1.1 200 OK\r\n\r\n" + RULES.encode(), b"# and so on\n" * 1_000)
    ended = fetch(site.url("/a"), site.url("/b"))
    assert outcomes(ended) == ["robots", "captured"]
    assert max(one.grown for one in ended) < 60


def test_a_bomb_for_a_robots_txt_is_one_that_cannot_be_had(site: Site) -> None:
    site.packed("/robots.txt", gzip.compress(b"#" * 100_000_000, 1), "gzip")
    ended = fetch(site.url("/a"))
    assert outcomes(ended) == ["robots"]
    assert ended[0].grown < 80


def test_a_rule_that_is_cut_in_half_is_not_read() -> None:
    text = rules_text(b"Disallow: /x\n" + b"#" * 999_970 + b"\nDisallow: /tin-tuc-quan-trong\n")
    assert text.endswith("#")


def test_a_robots_txt_with_a_rule_for_each_of_thousands_is_read_in_time(site: Site) -> None:
    names = "\n".join(f"User-agent: crawler{n}" for n in range(20_000))
    site.put("/robots.txt", names + "\nUser-agent: diemtin\n" + "\n".join(f"Disallow: /{n}" for n in range(20_000)))
    started = time.monotonic()
    ended = fetch(site.url("/7"), site.url("/a"))
    assert outcomes(ended) == ["robots", "captured"]
    assert time.monotonic() - started < 20
    assert max(one.grown for one in ended) < 100


_NAME_LINES = ["User-agent: *", "user agent diemtin # x", "USERAGENT:diem*", "User-agent: **", "User-agent: other", "User-agent:"]
_RULE_LINES = ["Disallow: /", "Disallow: /a", "Allow: /a/b", "Disallow:", "Crawl-delay: 5", "Host: x", "# x", ""]


@given(st.lists(st.sampled_from([*_NAME_LINES, *_RULE_LINES]), max_size=12))
def test_other_crawlers_as_one_change_nothing_for_us(lines: list[str]) -> None:
    rules = "\n".join(lines)
    before, after = Protego.parse(rules), Protego.parse(concerning(rules, "diemtin"))
    for url in ("http://a.vn/", "http://a.vn/a", "http://a.vn/a/b"):
        assert before.can_fetch(url, "diemtin") == after.can_fetch(url, "diemtin")
    assert before.crawl_delay("diemtin") == after.crawl_delay("diemtin")


@given(st.binary(max_size=300))
def test_no_robots_txt_raises(body: bytes) -> None:
    for mark in (b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"):
        rules_text(mark + body)


# ---------------------------------------------------------------- what may be reached


def test_redirects_to_where_nobody_is_asked_and_to_nowhere(site: Site) -> None:
    private = ["http://in\\@127.0.0.1/", "http://me@127.0.0.1/", "http:///x", "//127.1/x", "http://127.0.0.2/", "http://a\t.vn/"]
    nowhere = ["//[::1", "ftp://a.vn/", "mailto:a@a.vn", "data:text/html,x", "file:///etc/passwd", "javascript:alert(1)", ""]
    steps = [site.redirect(f"/r{number}", target) for number, target in enumerate(private + nowhere)]
    ended = fetch(*steps)
    told = dict(zip(private + nowhere, outcomes(ended), strict=True))
    assert told == dict.fromkeys(private, "private") | dict.fromkeys(nowhere, "failed")
    assert site.paths() == ["/robots.txt", *(f"/r{number}" for number in range(len(steps)))]
    assert not any("Error)" in str(one.reason) for one in ended), "no bug on the way"


def test_addresses_that_are_not_asked_are_refused_before_their_robots_txt(site: Site) -> None:
    addresses = ["http://me@127.0.0.1/", f"http://2130706433:{site.port}/", "http://a%00.vn/", f"http://127.1:{site.port}/"]
    ended = fetch(*addresses)
    assert outcomes(ended) == ["private"] * 4
    assert site.log == []


def test_a_name_is_refused_for_each_closed_address_and_asked_at_the_open_ones(site: Site) -> None:
    names = {
        "closed.example": [["127.0.0.1"]],
        "mapped.example": [["::ffff:127.0.0.1"]],
        "half.example": [["127.0.0.1", "192.0.2.1", "10.0.0.1"]],
        "nowhere.example": [[]],
        "named.example": [["127.0.0.1"]],
    }
    addresses = [f"http://{name}:{site.port}/a" for name in names]
    ended = fetch(*addresses, names=names, allow_private_hosts=("named.example",))
    assert outcomes(ended) == ["private", "private", "private", "robots", "captured"]
    assert ended[3].reason == "robots.txt unreachable (the host name is unknown), waiting"


class _Reactor:
    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self.nameResolver = _Names(names, None)


class _Receiver:
    """What a connection is made to."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802 (the interface's names)
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.found.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        pass


def look_up(resolver: GuardedResolver, name: str) -> list[str]:
    receiver = _Receiver()
    resolver.resolveHostName(receiver, name, 80)
    return receiver.found


@pytest.fixture
def _no_names() -> Iterator[None]:
    dnscache.clear()
    yield
    dnscache.clear()


@pytest.mark.usefixtures("_no_names")
def test_a_name_that_changes_its_answer_is_looked_at_each_time_it_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = GuardedResolver(_Reactor({"re.bind": [["8.8.8.8"], ["127.0.0.1", "8.8.4.4"], ["10.0.0.1"], ["8.8.8.8"]]}), 100, [])
    assert look_up(resolver, "re.bind") == ["8.8.8.8"]
    assert look_up(resolver, "re.bind") == ["8.8.8.8"], "kept for a while, so that robots.txt and page go to one place"
    monkeypatch.setattr(network, "_NAMES_AGE", 0.0)
    resolver._fresh_until = 0.0
    assert look_up(resolver, "re.bind") == ["8.8.4.4"]
    assert resolver.refused == {"re.bind"}
    assert look_up(resolver, "re.bind") == []
    assert look_up(resolver, "re.bind") == ["8.8.8.8"]
    assert resolver.refused == set(), "what was closed once is not so for ever"


# ---------------------------------------------------------------- redirects


def test_five_redirects_are_followed_and_no_sixth(site: Site) -> None:
    for number in range(6):
        site.redirect(f"/r{number}", f"/r{number + 1}")
    site.put("/r6", OK)
    assert outcomes(fetch(site.url("/r1"), site.url("/r0"))) == ["captured", "failed"]


def test_a_page_that_leads_to_itself_for_ever_is_a_block_if_it_is_about_a_cookie(site: Site, other: Site) -> None:
    site.endless_cookie_gate("/gate")
    site.loop("/loop")
    site.put("/one", "", status=302, headers={"Location": "/two", "Set-Cookie": "a=1"})
    site.redirect("/two", "/one")
    ended = fetch(site.url("/gate"), site.url("/loop"), site.url("/one"))
    assert outcomes(ended) == ["blocked", "failed", "failed"]
    assert "cookie" in str(ended[0].reason)


def test_https_may_lead_to_http(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as safe:
        safe.secure(trusted(tmp_path, monkeypatch))
        safe.redirect("/r", site.url("/a"))
        ended = fetch(safe.url("/r").replace("http:", "https:"))
        assert (ended[0].outcome, ended[0].url) == ("captured", site.url("/a"))


def trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for loopback and tin.example that the children trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tin.example")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("tin.example"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(names, critical=False)
    path = folder / "own.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


# ---------------------------------------------------------------- size and time


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", lambda data: gzip.compress(data, 1)),
    "deflate": ("deflate", lambda data: zlib.compress(data, 1)),
    "deflate-of-microsoft": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=1)),
    "zstd": ("zstd", zstd.compress),
}


def test_each_coding_is_undone_and_a_bomb_in_it_is_too_large(site: Site) -> None:
    for name, (coding, pack) in CODINGS.items():
        site.packed(f"/good/{name}", pack(OK.encode()), coding)
        site.packed(f"/bomb/{name}", pack(b"<html>" + b"\0" * 120_000_000), coding)
    ended = fetch(*(site.url(f"/{kind}/{name}") for kind in ("good", "bomb") for name in CODINGS))
    good, bombs = ended[: len(CODINGS)], ended[len(CODINGS) :]
    assert [(one.outcome, one.length) for one in good] == [("captured", len(OK))] * len(CODINGS)
    assert {(one.outcome, one.reason) for one in bombs} == {("too_large", "larger than max_page_bytes")}
    assert bombs[-1].grown < 80, "one of them unpacked would be 120"
    assert site.log[1].headers["Accept-Encoding"] == "gzip, deflate, br, zstd"


def test_a_page_that_is_packed_many_times_over_is_refused_before_it_is_unpacked(site: Site) -> None:
    body = OK.encode()
    for _ in range(3):
        body = gzip.compress(body)
    site.packed("/three", body, "gzip, gzip, gzip")
    site.packed("/many", body, ", ".join(["gzip"] * 500))
    ended = fetch(site.url("/three"), site.url("/many"))
    assert outcomes(ended) == ["captured", "failed"]
    assert ended[1].reason == "it is packed more than 3 times over"


def test_a_body_is_cut_off_at_the_limit_whether_its_length_is_told_or_not(site: Site) -> None:
    site.huge("/told", 200_000)
    site.endless("/untold", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 10_000)
    site.endless("/chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2710\r\n" + b"x" * 10_000 + b"\r\n")
    site.endless("/lied", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"x" * 10_000)
    ended = fetch(*(site.url(path) for path in ("/told", "/untold", "/chunks", "/lied")), max_page_bytes=100_000)
    assert outcomes(ended) == ["too_large"] * 3 + ["captured"]
    assert ended[3].length == 10
    assert max(one.grown for one in ended) < 60


HEAD = b"HTTP/1.1 200 OK\r\n"
SLOW = {
    "drips its body": lambda site, path: site.drip(path),
    "drips its headers": lambda site, path: site.drip(path, HEAD + b"X-A: "),
    "drips its status": lambda site, path: site.drip(path, b"HTTP/1.1 200 "),
    "hangs after its headers": lambda site, path: site.hang(path),
    "hangs before its headers": lambda site, path: site.hang(path, b""),
    "hangs in the middle of a chunk": lambda site, path: site.hang(path, HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
    "says 100 and no more": lambda site, path: site.drip(path, b"HTTP/1.1 100 Continue\r\n\r\n"),
}


def test_a_server_that_has_no_end_is_left_after_the_time_for_a_page(site: Site) -> None:
    steps = [slow(site, f"/s{number}") for number, slow in enumerate(SLOW.values())]
    ended = fetch(steps, site.url("/a"), timeout_seconds=0.7, more={"concurrency": len(steps)}, constants={"PATIENCE": 99})
    page = ended.pop()
    assert page.outcome == "captured"
    by_url = {one.url: (one.outcome, one.reason) for one in ended}
    told = {name: by_url[url] for name, url in zip(SLOW, steps, strict=True)}
    assert told == dict.fromkeys(SLOW, ("failed", "no answer in time"))
    assert page.at < 0.7 * 3 + 2.5, "three tries of 0.7 seconds"


ENDLESS_HEADS = {
    "headers": (HEAD, b"X-A: " + b"b" * 1_000 + b"\r\n"),
    "one header in lines": (HEAD + b"X-A: b\r\n", b" " + b"b" * 1_000 + b"\r\n"),
    "a line": (HEAD + b"X-A: ", b"b" * 1_000),
    "a status": (b"HTTP/1.1 200 ", b"O" * 1_000),
    "answers of 100": (b"", b"HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n" * 100),
    "cookies": (HEAD, b"Set-Cookie: a=b\r\n" * 100),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X-A: b\r\n" * 100),
}


def test_headers_without_an_end_are_a_failure_and_cost_no_memory(site: Site) -> None:
    steps = [site.endless(f"/h{number}", *head) for number, head in enumerate(ENDLESS_HEADS.values())]
    ended = fetch(*steps, site.url("/a"), constants={"PATIENCE": 99})
    told = dict(zip([*ENDLESS_HEADS, "a page"], outcomes(ended), strict=True))
    assert told == dict.fromkeys(ENDLESS_HEADS, "failed") | {"a page": "captured"}
    assert ended[-1].grown < 40
    assert all(one.reason != "no answer in time" for one in ended)


def test_headers_of_a_usual_length_pass(site: Site) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (n, b"v" * 1_000) for n in range(150))
    site.garbage("/long", HEAD + b"Content-Length: 1\r\n" + lines + b"\r\nx")
    assert outcomes(fetch(site.url("/long"))) == ["captured"]


GARBAGE = {
    "no status line": b"<html>tin</html>",
    "bytes": b"\x00\xff\x16\x03" * 100,
    "nothing": b"",
    "a status that is no number": b"HTTP/1.1 abc OK\r\n\r\n",
    "a version that is none": b"HTTP/x 200 OK\r\n\r\nx",
    "half a status line": b"HTTP/1.1 20",
    "half the headers": HEAD + b"Content-Ty",
    "a length that is none": HEAD + b"Content-Length: viel\r\n\r\nx",
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "a chunk that is none": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
    "a coding of transfer that nobody knows": HEAD + b"Transfer-Encoding: braille\r\n\r\nx",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
}


def test_an_answer_that_is_no_http_is_a_failure(site: Site) -> None:
    steps = [site.garbage(f"/g{number}", answer) for number, answer in enumerate(GARBAGE.values())]
    ended = fetch(*steps, site.url("/a"), timeout_seconds=2.0, constants={"PATIENCE": 99})
    told = dict(zip([*GARBAGE, "a page"], outcomes(ended), strict=True))
    assert told == dict.fromkeys(GARBAGE, "failed") | {"a page": "captured"}
    assert all(one.reason != "no answer in time" for one in ended)


def test_packed_pages_that_break_off_or_are_none_fail(site: Site) -> None:
    body = OK.encode() + bytes(range(256)) * 2_000
    whole = gzip.compress(body)
    cut = {name: pack(body)[:-40] for name, (_, pack) in CODINGS.items()}
    for name, (coding, _) in CODINGS.items():
        site.packed(f"/cut/{name}", cut[name], coding)
    site.packed("/cut/below", gzip.compress(whole[: len(whole) // 2]), "gzip, gzip")
    site.packed("/cut/above", gzip.compress(whole)[:-40], "gzip, gzip")
    site.packed("/none", b"no gzip at all", "gzip")
    site.packed("/empty", b"", "gzip")
    site.packed("/br", b"\xff\xff\xff", "br")
    site.packed("/zstd", b"\xff\xff\xff", "zstd")
    paths = [*(f"/cut/{name}" for name in (*CODINGS, "below", "above")), "/empty", "/none", "/br", "/zstd"]
    ended = fetch(*(site.url(path) for path in paths), constants={"PATIENCE": 99})
    told = {one.url.removeprefix(site.url()): (one.outcome, one.reason) for one in ended}
    failed = dict.fromkeys(paths[:-3], ("failed", "the answer broke off"))
    assert told == failed | dict.fromkeys(paths[-3:], ("failed", "it cannot be unpacked"))


def test_what_has_no_body_has_none_that_breaks_off(site: Site) -> None:
    site.put("/r", "", status=302, headers={"Location": "/a", "Content-Encoding": "gzip"})
    assert outcomes(fetch(site.url("/r"))) == ["captured"]


def test_a_page_without_a_content_type_is_a_page(site: Site) -> None:
    site.put("/none", OK, headers={"Content-Type": None})
    site.put("/empty", "")
    assert outcomes(fetch(site.url("/none"), site.url("/empty"))) == ["captured", "failed"]


# ---------------------------------------------------------------- cookies


def test_a_cookie_for_a_domain_asks_nobody_what_a_public_suffix_is(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/list", OK, headers={"Set-Cookie": "a=b; Domain=.example.com.vn; path=/"})
    for name in ("HOME", "XDG_CACHE_HOME", "TLDEXTRACT_CACHE"):
        monkeypatch.setenv(name, str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        assert outcomes(fetch(site.url("/list"))) == ["captured"]
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):
            proxy.accept()
    assert list(tmp_path.iterdir()) == []


def test_a_cookie_for_a_whole_public_suffix_is_not_taken() -> None:
    assert [cookies._is_public_domain(domain) for domain in ("com.vn", "example.com.vn", "blogspot.com")] == [True, False, True]


# ---------------------------------------------------------------- a proxy


def test_every_request_goes_through_the_proxy_and_private_targets_do_not(site: Site) -> None:
    names = {"tin.example": [["8.8.8.8"]], "closed.example": [["10.0.0.1"]], "half.example": [["8.8.8.8", "127.0.0.1"]]}
    site.redirect("/r", "http://closed.example/x")
    with Proxy({"tin.example": ("127.0.0.1", site.port), "unknown.example": ("127.0.0.1", site.port)}) as proxy:
        urls = ["tin.example/a", "closed.example/a", "half.example/a", "tin.example/r", f"127.0.0.1:{proxy.port}/a"]
        more = ["localhost/", "intranet/", "unknown.example/a", "printer.local/"]
        addresses = [f"http://{url}" for url in urls + more]
        names |= {"unknown.example": [[]], "printer.local": [[]], "intranet": [[]]}
        ended = fetch(*addresses, names=names, allow_private_hosts=(), more={"proxy": proxy.url("me:secret@")})
    assert outcomes(ended) == ["captured", *["private"] * 6, "captured", "private"]
    assert ended[1].reason == "closed.example is in a private network; allow_private_hosts does not name it"
    asked = [address for _, address, _ in proxy.log]
    assert asked == [
        *(f"http://tin.example{path}" for path in ("/robots.txt", "/a", "/r")),
        *(f"http://unknown.example{path}" for path in ("/robots.txt", "/a")),
    ]
    assert {word for _, _, word in proxy.log} == {"Basic " + base64.b64encode(b"me:secret").decode()}
    assert all("Proxy-Authorization" not in one.headers for one in site.log)


def test_https_goes_through_a_tunnel_of_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as safe, Proxy({"tin.example": ("127.0.0.1", safe.port)}) as proxy:
        safe.secure(trusted(tmp_path, monkeypatch))
        safe.put("/a", OK)
        ended = fetch("https://tin.example/a", names={"tin.example": [["8.8.8.8"]]}, more={"proxy": proxy.url()})
        assert outcomes(ended) == ["captured"], ended
        assert {(method, address) for method, address, _ in proxy.log} == {("CONNECT", "tin.example:443")}


def test_a_proxy_that_is_not_there_is_not_gone_round(site: Site) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
        ended = fetch(site.url("/a"), more={"proxy": proxy})
    assert (ended[0].outcome, site.log) == ("robots", [])
