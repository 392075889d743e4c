"""Whole rounds against a real server on loopback, each in a child process."""

from __future__ import annotations

import gzip
import itertools
import os
import signal
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from model import Outcome, Standing
from tests.crawler.child import at, crawl_in_child, finish, source, start
from tests.site import FEED, LINKS, LIST, SITEMAP, STORIES, Site, publish, publish_vccorp, sitemap, sitemap_index


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as one:
        yield one


@pytest.fixture
def other() -> Iterator[Site]:
    """A second site, on another port."""
    with Site() as one:
        yield one


def pages(site: Site, *names: str, path: str = LIST) -> list[str]:
    """Put a list of these pages, and each page as a plain one; their paths."""
    paths = [f"/mot-tin-that-ve-{name}.html" for name in names]
    site.put(path, "<html>" + "".join(f'<h3><a href="{p}">tin</a></h3>' for p in paths))
    for each in paths:
        site.put(each, f"<html><h1>{each}</h1></html>")
    return paths


def gaps(site: Site) -> list[float]:
    times = [asked.at for asked in site.log]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


# ---------------------------------------------------------------- finding and keeping


def test_a_section_a_feed_and_a_sitemap_are_captured_untouched(site: Site, other: Site) -> None:
    publish(site, STORIES[:3])
    publish_vccorp(other, STORIES[3:5])
    raw = "<html><body>ngày mai ở Vientiane có sương mù</body></html>".encode("cp1258", "replace") + b"\x00\xff<!-- after -->"
    odd = other.put("/mot-trang-khong-noi-kieu.html", raw, headers={"Content-Type": None, "X-Twice": "1"})
    other.put("/map.xml", sitemap_index({other.url("/map-1.xml"): None, "http://127.0.0.2:9/map-2.xml": None}))
    other.put("/map-1.xml", sitemap({odd: None}))
    before = datetime.now(UTC)

    result = crawl_in_child(
        source(site, "section", links=LINKS),
        source(site, "feed", FEED, "feed"),
        source(site, "same-sitemap", SITEMAP, "sitemap"),
        source(other, "vccorp", "/chinh-tri.htm", links="a.box-stream-link-title"),
        source(other, "sitemap", "/map.xml", "sitemap"),
    )

    assert result.log == ""
    assert result.stopped is False
    assert [c.url for c in result.captured("section")] == [site.url(s.mastercms_path) for s in STORIES[:3]]
    assert result.outcomes("section") == {Outcome.CAPTURED: 3}
    assert result.outcomes("vccorp") == {Outcome.CAPTURED: 2}
    assert result.outcomes("feed") == result.outcomes("same-sitemap") == {}
    assert [result.reports[name]["fresh"] for name in ("section", "feed", "same-sitemap")] == [3, 0, 0]
    assert all(report["problem"] is None for report in result.reports.values())

    [capture] = result.captured("sitemap")
    assert capture.body == raw
    assert (capture.url_asked, capture.url, capture.status) == (odd, odd, 200)
    assert capture.identity == odd.removeprefix("http://")
    assert capture.header("x-twice") == "1"
    assert capture.header("content-type") is None
    assert capture.captured_exactly
    assert before <= capture.captured_at <= datetime.now(UTC)
    assert capture.captured_at.utcoffset() == timedelta(0)


def test_who_we_say_we_are_and_that_one_thing_is_asked_at_a_time(site: Site) -> None:
    publish(site)
    for story in STORIES:
        site.slow(story.mastercms_path, 0.05, "<html>chậm", headers={"Set-Cookie": "a=1"})
    crawl_in_child(source(site), source(site, "b", FEED, "feed"))
    assert [a.path for a in site.log[:3]] == ["/robots.txt", LIST, FEED]
    assert len(site.log) == 3 + len(STORIES)
    for asked in site.log:
        assert asked.headers["User-Agent"] == "diemtin/0.1 (press monitor; test)"
        assert asked.headers["Accept-Language"] == "vi,en;q=0.5"
        assert "Referer" not in asked.headers
    cookies = [asked.headers.get("Cookie") for asked in site.log]
    assert cookies == [None] * 4 + ["a=1"] * (len(cookies) - 4), "a host is told its own cookie, and that only in this round"
    ended = [asked.ended for asked in site.log]
    assert all(end is not None and end <= later.at for end, later in zip(ended, site.log[1:], strict=False))


def test_at_the_first_look_no_more_than_the_backlog_is_taken_and_the_rest_is_named(site: Site) -> None:
    pages(site, "a-b", "c-d", "e-f", "g-h")
    site.put("/map.xml", sitemap_index({site.url(f"/map-{n}.xml"): None for n in (1, 2)}))
    urls = [site.put(f"/tin-trong-so-do-{n}.html", "<html>x") for n in range(6)]
    site.put("/map-2.xml", sitemap(dict.fromkeys(urls[:3])))
    site.put("/map-1.xml", sitemap(dict.fromkeys(urls[3:])))
    result = crawl_in_child(source(site), source(site, "map", "/map.xml", "sitemap"), backlog=3)
    assert result.outcomes("a") == {Outcome.CAPTURED: 3}
    assert result.outcomes("map") == {Outcome.CAPTURED: 3}
    assert sorted(result.standings()) == [Standing.BACKLOG] * 4 + [Standing.FETCHED] * 6


def test_after_the_first_look_all_that_is_new_is_taken(site: Site, tmp_path: Path) -> None:
    pages(site, "a-b", "c-d")
    assert crawl_in_child(source(site), backlog=1, home=tmp_path).outcomes("a") == {Outcome.CAPTURED: 1}
    pages(site, *(f"so-{n}" for n in range(5)), "a-b", "c-d")
    again = crawl_in_child(source(site), backlog=1, home=tmp_path)
    assert again.outcomes("a") == {Outcome.CAPTURED: 5}
    assert (again.reports["a"]["listed"], again.reports["a"]["fresh"]) == (7, 5)


def test_an_index_below_an_index_is_read_and_the_one_below_that_is_not(site: Site) -> None:
    for depth in range(3):
        site.put(f"/map-{depth}.xml", sitemap_index({site.url(f"/map-{depth + 1}.xml"): None}))
    site.put("/map-3.xml", sitemap({site.put("/mot-tin-qua-sau-trong.html", "x"): None}))
    result = crawl_in_child(source(site, "map", "/map-0.xml", "sitemap"))
    assert site.paths() == ["/robots.txt", "/map-0.xml", "/map-1.xml", "/map-2.xml"]
    assert result.captures == []


def test_a_list_that_fails_says_why_and_the_others_go_on(site: Site, other: Site) -> None:
    good = pages(other, "x-y")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    site.huge("/lon", 200_000)
    site.truncated("/dut")
    result = crawl_in_child(
        source(site, "busy", site.busy("/ban").removeprefix(site.url())),
        source(site, "none", site.put("/trong", "<p>x</p>").removeprefix(site.url()), links="h3 a"),
        source(site, "large", "/lon"),
        source(site, "broken", "/dut"),
        at(f"http://localhost:{port}/x", "off", "feed"),
        source(other, "good"),
        max_page_bytes=100_000,
    )
    assert result.problem("busy") == "HTTP 503"
    assert result.problem("none") == "no links matched 'h3 a'"
    assert result.problem("large") == "larger than max_page_bytes"
    assert result.problem("broken") == "the answer broke off"
    assert result.problem("off") == "robots.txt unreachable (the connection was refused), waiting"
    assert [c.url for c in result.captured("good")] == [other.url(p) for p in good]
    assert "Traceback" not in result.log


def test_a_page_that_stands_in_for_a_list_is_no_list_without_articles(site: Site) -> None:
    site.challenge("/chan")
    site.redirect("/cu", "/")
    site.put("/", '<a href="/mot-tin-that-tren-trang-nhat.html">x</a>')
    result = crawl_in_child(source(site, "walled", "/chan"), source(site, "moved", "/cu"))
    assert result.problem("walled") == "a page that stands in for the list"
    assert result.problem("moved") == f"led to the front page, {site.url('/')}"
    assert result.captures == []


# ---------------------------------------------------------------- every address ends somewhere


def test_each_failure_has_its_name_and_its_number_of_tries(site: Site) -> None:
    names = (
        "tot-1 ban-503 cam-403 mat-404 tot-2 lon-qua nen-lon anh-jpg tot-3 dut-doan cham-qua tot-4 "
        "chuyen-di ve-nha vong-quanh rieng-tu gop-file chan-cua tot-5"
    )
    path = dict(zip(names.split(), pages(site, *names.split()), strict=True))
    site.put(path["tot-2"], '<html><meta http-equiv="refresh" content="0;url=/quang-cao">')  # kept as it is, not followed
    site.busy(path["ban-503"])
    site.forbid(path["cam-403"])
    site.remove(path["mat-404"])
    site.huge(path["lon-qua"], 200_000)
    site.huge_when_unpacked(path["nen-lon"], 3_000_000)
    site.garbage_type(path["anh-jpg"])
    site.truncated(path["dut-doan"])
    site.slow(path["cham-qua"], 2.0)
    site.redirect(path["chuyen-di"], "/mot-tin-that-da-doi-ten.html", 301)
    site.put("/mot-tin-that-da-doi-ten.html", "<html>mới")
    site.redirect(path["ve-nha"], "/")
    site.put("/", "<html>trang chủ")
    site.loop(path["vong-quanh"])
    site.redirect(path["rieng-tu"], f"http://2130706433:{site.port}/bi-mat-cua-toi-la.html")
    site.redirect(path["gop-file"], "file:///etc/passwd")
    site.challenge(path["chan-cua"])

    result = crawl_in_child(source(site), max_page_bytes=100_000, timeout_seconds=0.8)

    assert result.outcomes("a") == {
        Outcome.CAPTURED: 6,  # five good ones, one that moved
        Outcome.FAILED: 5,  # 503, broken off, too slow, a loop, a redirect to a file
        Outcome.BLOCKED: 2,
        Outcome.GONE: 2,
        Outcome.TOO_LARGE: 2,
        Outcome.NOT_HTML: 1,
        Outcome.PRIVATE: 1,
    }
    moved = next(c for c in result.captures if c.url_asked == site.url(path["chuyen-di"]))
    assert moved.url == site.url("/mot-tin-that-da-doi-ten.html")
    assert moved.identity == moved.url.removeprefix("http://")
    tries = {name: site.paths().count(each) for name, each in path.items()}
    assert {n for n, count in tries.items() if count == 3} == {"ban-503", "dut-doan", "cham-qua"}
    assert tries["vong-quanh"] == 6  # five redirects
    assert all(count == 1 for n, count in tries.items() if n not in ("ban-503", "dut-doan", "cham-qua", "vong-quanh"))
    assert "/bi-mat-cua-toi-la.html" not in site.paths()
    assert "Traceback" not in result.log


def test_a_host_that_asks_us_to_wait_is_asked_no_more(site: Site) -> None:
    paths = pages(site, "a-b", "c-d", "e-f", "g-h")
    site.ration(paths[1])
    result = crawl_in_child(source(site))
    assert result.outcomes("a") == {Outcome.CAPTURED: 1, Outcome.BLOCKED: 1}
    assert result.standings().count(Standing.WAITING) == 2
    assert result.paused == ["127.0.0.1"]
    assert site.paths() == ["/robots.txt", LIST, *paths[:2]]


def test_a_host_that_only_fails_is_left_alone_after_a_while(site: Site) -> None:
    paths = pages(site, *(f"so-{n}" for n in range(10)))
    for path in paths:
        site.busy(path)
    result = crawl_in_child(source(site))
    assert result.outcomes("a") == {Outcome.FAILED: 4}
    assert result.standings().count(Standing.WAITING) >= 6, "what was not asked for has not failed"
    assert result.paused == ["127.0.0.1"]
    assert len(site.log) == 2 + 10


def test_a_page_that_leads_to_a_closed_port_of_a_watched_host_costs_that_host_nothing(site: Site) -> None:
    with Site("127.0.0.2") as good:
        (bad,) = pages(site, "mot")
        site.redirect(bad, "http://127.0.0.2:1/x")
        pages(good, *(f"so-{n}" for n in range(5)))
        changes = {"allow_private_hosts": ("127.0.0.1", "127.0.0.2"), "delay_seconds": 0.2}
        result = crawl_in_child(source(site, "bad"), source(good, "good"), **changes)
    assert (result.outcomes("bad"), result.outcomes("good")) == ({Outcome.ROBOTS: 1}, {Outcome.CAPTURED: 5})
    assert result.paused == []


def test_a_host_that_hangs_does_not_delay_the_others(site: Site) -> None:
    with Site("127.0.0.2") as slow:
        for path in pages(slow, *(f"so-{n}" for n in range(3))):
            slow.hang(path)
        pages(site, *(f"so-{n}" for n in range(30)))
        changes = {"timeout_seconds": 1.0, "allow_private_hosts": ("127.0.0.1", "127.0.0.2")}
        result = crawl_in_child(source(slow, "slow"), source(site, "fast"), **changes)
        hung = [asked.at for asked in slow.log if asked.path.startswith("/mot-tin")]
    assert result.outcomes("fast") == {Outcome.CAPTURED: 30}
    assert result.outcomes("slow") == {Outcome.FAILED: 3}
    assert max(asked.at for asked in site.log) < hung[0] + 1.0, "all of it is here while the first page of the other hangs"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_packed_page_that_broke_off_is_no_page(site: Site, coding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding]
    whole, cut = pages(site, "nguyen-ven", "dut-doan")
    packed = pack(b"<html><h1>tin</h1>" + os.urandom(5_000).hex().encode())
    for path, body in ((whole, packed), (cut, packed[:-900])):
        site.put(path, body, headers={"Content-Encoding": coding})
    result = crawl_in_child(source(site))
    assert result.outcomes("a") == {Outcome.CAPTURED: 1, Outcome.FAILED: 1}
    assert result.targets[site.url(cut)]["reason"] == "the answer broke off"


def test_a_packed_page_in_two_pieces_and_one_without_a_head_are_whole(site: Site) -> None:
    twice, bare = pages(site, "hai-phan", "khong-dau")
    text = b"<html><h1>tin</h1>" + os.urandom(500).hex().encode()
    squeeze = zlib.compressobj(wbits=-15)
    site.put(twice, gzip.compress(text) + gzip.compress(b"<p>them</p>"), headers={"Content-Encoding": "gzip"})
    site.put(bare, squeeze.compress(text) + squeeze.flush(), headers={"Content-Encoding": "deflate"})
    assert crawl_in_child(source(site)).outcomes("a") == {Outcome.CAPTURED: 2}


# ---------------------------------------------------------------- politeness


def test_each_hosts_delay_is_kept_and_never_shortened_not_even_by_a_redirect_from_elsewhere(site: Site) -> None:
    paths = pages(site, "a-b", "c-d", "e-f")
    with Site("localhost") as slower:
        pages(slower, "a-b", "c-d")
        slower.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.6\n")
        site.redirect(paths[0], slower.put("/mot-tin-that-den-tu-xa.html", "<html>x"))
        result = crawl_in_child(source(site), source(slower, "slower", delay_seconds=0.1), delay_seconds=0.3)
        assert result.outcomes("a") == {Outcome.CAPTURED: 3}
        assert len(gaps(site)) == len(gaps(slower)) == 4
        # What is kept is the time of sending. The server's clock runs a little behind, and for one request, on a busy machine, more:
        # the gap behind that is shorter, yet longer than the other host's delay.
        assert sorted(gaps(site))[1] > 0.28
        assert sorted(gaps(slower))[1] > 0.58
        assert min(gaps(site)) > 0.15
        assert min(gaps(slower)) > 0.35
        assert site.log[1].at < slower.log[-1].at  # no host waits for the other
        assert slower.log[1].at < site.log[-1].at


@pytest.mark.parametrize("broken", ["busy", "ration", "truncated"])
def test_without_robots_txt_nothing_is_asked(site: Site, broken: str) -> None:
    pages(site, "a-b")
    getattr(site, broken)("/robots.txt")
    result = crawl_in_child(source(site))
    assert result.problem("a") is not None
    assert str(result.problem("a")).startswith("robots.txt unreachable (")
    assert set(site.paths()) == {"/robots.txt"}
    assert result.log == ""


def test_robots_txt_is_obeyed_for_lists_articles_and_redirects(site: Site, other: Site) -> None:
    paths = pages(site, "a-b", "c-d", "e-f")
    # a BOM first; a rule for a word of our comment is not for us
    rules = f"\ufeffUser-agent: press\nDisallow: /\n\nUser-agent: *\nDisallow: {paths[0]}\nDisallow: /cam/\n"
    site.put("/robots.txt", rules)
    site.redirect(paths[1], "/cam/mot-tin-bi-cam-khong-doc.html")
    other.put("/robots.txt", "User-agent: Diemtin\nDisallow: /thoi-su\n\nUser-agent: *\nAllow: /\n")
    publish(other)
    result = crawl_in_child(source(site), source(other, "forbidden"))
    assert result.outcomes("a") == {Outcome.ROBOTS: 2, Outcome.CAPTURED: 1}
    assert result.problem("forbidden") == "robots.txt forbids it"
    assert site.paths() == ["/robots.txt", LIST, *paths[1:]]
    assert other.paths() == ["/robots.txt"]


def test_a_robots_txt_that_is_not_there_forbids_nothing(site: Site, other: Site) -> None:
    pages(site, "a-b")
    pages(other, "c-d")
    site.put("/robots.txt", "User-agent: *\nDisallow: /", status=403)
    other.put("/robots.txt", "# " + "x" * 50_000 + "\nUser-agent: *\nDisallow: /cam\n")
    result = crawl_in_child(source(site), source(other, "b"), max_page_bytes=1_000)
    assert result.outcomes("a") == result.outcomes("b") == {Outcome.CAPTURED: 1}


# ---------------------------------------------------------------- what may not be reached


def test_private_addresses_are_refused_in_every_spelling(site: Site) -> None:
    pages(site, "a-b")
    hosts = (
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",  # noqa: S104 (not bound to, asked for)
    )
    sources = [at(f"http://{host}:{site.port}{LIST}", host, "section") for host in hosts]
    result = crawl_in_child(*sources, allow_private_hosts=())
    for host in hosts:
        assert "in a private network; allow_private_hosts does not name it" in str(result.problem(host)), host
    assert site.log == []
    assert result.log == ""


def test_a_proxy_of_the_environment_is_not_used(site: Site, other: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pages(site, "a-b")
    monkeypatch.setenv("http_proxy", other.url())
    assert crawl_in_child(source(site)).outcomes("a") == {Outcome.CAPTURED: 1}
    assert other.log == []


def test_a_certificate_that_cannot_be_verified_is_refused(tmp_path: Path) -> None:
    with Site() as site:
        site.secure(_certificate(tmp_path))
        pages(site, "a-b")
        url = site.url(LIST).replace("http:", "https:")
        result = crawl_in_child(at(url, "a", "section"))
        assert result.problem("a") == "robots.txt unreachable (its TLS certificate cannot be verified), waiting"
        assert site.log == []


def _certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    path = folder / "own.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


# ---------------------------------------------------------------- ends


def test_when_the_sink_fails_the_crawl_ends_and_its_error_comes_out(site: Site) -> None:
    paths = pages(site, *(f"so-{n}" for n in range(8)))
    with Site("localhost") as elsewhere:
        [late] = pages(elsewhere, "den-muon")
        elsewhere.slow(late, 0.5)
        for path in paths:
            site.slow(path, 0.3)
        result = crawl_in_child(source(site), source(elsewhere, "b"), fails_at=2)
        assert result.raised == ["OSError", "[Errno 28] No space left on device", "while keeping what was fetched"]
        assert len(result.captures) <= 2
        assert len(site.paths()) < 2 + len(paths)
        assert result.standings().count(Standing.WAITING) >= 6, "what was not kept is asked for again"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_crawl_after_the_page_that_is_out(site: Site, number: signal.Signals) -> None:
    paths = pages(site, *(f"so-{n}" for n in range(30)))
    for path in paths:
        site.slow(path, 0.2)
    child = start([source(site)])
    _wait(lambda: len(site.log) >= 5)
    child.send_signal(number)
    result = finish(child)
    assert result.stopped is True
    assert result.reports["a"]["listed"] == 30
    assert len(result.captures) == result.outcomes("a")[Outcome.CAPTURED] == len(site.log) - 2  # what was out has been kept
    assert result.standings().count(Standing.WAITING) == 30 - len(result.captures) >= 25
    assert not any(target["leased"] for target in result.targets.values())
    assert result.log == ""


def test_stopped_before_a_list_was_read(site: Site) -> None:
    site.slow("/robots.txt", 0.5)
    child = start([source(site), source(site, "b", "/khac")])
    _wait(lambda: bool(site.log))
    child.send_signal(signal.SIGTERM)
    result = finish(child)
    assert result.stopped is True
    assert result.reports["b"]["looks"] == 0
    assert result.targets[site.url("/khac")]["due"] is not None
    assert result.targets[site.url("/khac")]["leased"] is None


def _wait(done: object, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end, "the crawl did not come so far"
        time.sleep(0.01)


# ---------------------------------------------------------------- cookies


def test_a_page_that_leads_to_itself_until_its_cookie_comes_back_is_read(site: Site, other: Site) -> None:
    path = pages(site, "cua")[0]
    site.cookie_gate(path, "<html><h1>Sau cánh cửa</h1></html>")
    pages(other, "khac")
    with_port = other.url().replace("127.0.0.1", "localhost")
    result = crawl_in_child(source(site), at(with_port + LIST, "b", "section"))
    assert result.outcomes("a") == {"captured": 1}
    assert all("Cookie" not in asked.headers for asked in other.log)
    assert b"Sau c\xc3\xa1nh c\xe1\xbb\xada" in result.captured("a")[0].body
    assert [asked.headers.get("Cookie") for asked in site.log if asked.path == path] == [None, "muid_mly=7d1f"]


# ---------------------------------------------------------------- paging


def listed(site: Site, pages_of: dict[str, list[str]]) -> None:
    """Section pages by path, each with the articles of these names, and the articles."""
    for path, names in pages_of.items():
        pages(site, *names, path=path)


def test_further_pages_are_looked_at_while_they_list_new_articles(site: Site) -> None:
    listed(
        site,
        {
            LIST: ["a", "b"],
            f"{LIST}&s_cond=&BRSR=15": ["c", "b"],
            f"{LIST}&s_cond=&BRSR=30": ["d"],
            f"{LIST}&s_cond=&BRSR=45": ["e"],
        },
    )
    paging = site.url(LIST) + "&s_cond=&BRSR={offset:15}"
    known = {site.url("/mot-tin-that-ve-d.html"): (None, None)}
    result = crawl_in_child(source(site, paging=paging), known=known)
    assert result.outcomes("a") == {"captured": 4}
    lists = [asked for asked in site.log if asked.path.startswith(LIST)]
    assert [asked.path.removeprefix(LIST) for asked in lists] == ["", "&s_cond=&BRSR=15", "&s_cond=&BRSR=30"]
    assert [asked.headers.get("Referer") for asked in lists] == [None, site.url(LIST), site.url(LIST)]


def test_paging_ends_at_a_page_that_lists_nothing_new_or_fails(site: Site) -> None:
    listed(site, {LIST: ["a"], "/timelinelist/1027/2.htm": ["a"], "/timelinelist/1027/3.htm": ["b"]})
    paging = site.url("/timelinelist/1027/{page}.htm")
    assert crawl_in_child(source(site, paging=paging)).outcomes("a") == {"captured": 1}
    assert "/timelinelist/1027/3.htm" not in site.paths()
    site.forbid("/timelinelist/1027/2.htm")
    result = crawl_in_child(source(site, paging=paging))
    assert (result.outcomes("a"), result.problem("a")) == ({"captured": 1}, site.url("/timelinelist/1027/2.htm") + ": HTTP 403")


def test_a_section_without_an_end_is_left_after_ten_pages(site: Site) -> None:
    listed(site, {LIST: ["a"], **{f"/trang-{n}": [f"tin-{n}"] for n in range(2, 15)}})
    result = crawl_in_child(source(site, paging=site.url("/trang-{page}")))
    assert result.outcomes("a") == {"captured": 10}
