"""The server that crawls are measured with: what it sends is what a news site would."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import extract
from bench import server
from bench.server import Press, Served, path_of, serving
from model import Capture

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(pages=20, hosts=2) as running:
        yield running


def asked(served: Served, host: int, path: str, **headers: str) -> tuple[int, bytes, str | None]:
    connection = http.client.HTTPConnection(served.bases[host].removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, answer.headers.get("ETag")


def test_every_page_is_another_one_of_the_same_length() -> None:
    press = Press()
    pages = {press.page(number, "http://a") for number in range(2000)}
    assert len(pages) == 2000
    assert {len(page) for page in pages} == {server.BYTES}


@pytest.mark.parametrize("number", [0, 1, 19_999])
def test_a_page_is_read_as_an_article_of_its_template(number: int) -> None:
    body, url = Press().page(number, "http://127.0.0.1"), "http://127.0.0.1" + path_of(number)
    article = extract.read(Capture(identity=url, body=body, captured_at=NOW, captured_exactly=True, url=url))
    assert article.reader == "mastercms"
    assert article.title.endswith(f"đợt {number}")
    assert str(server.FIRST_ID + number) in article.text
    assert article.published is not None


def test_each_host_has_its_own_pages(served: Served) -> None:
    assert [asked(served, host, path_of(number))[0] for host in (0, 1) for number in (0, 1)] == [200, 404, 404, 200]
    assert len(served.addresses()) == len(set(served.addresses())) == 20


def test_a_page_that_did_not_change_is_not_sent_again(served: Served) -> None:
    status, body, etag = asked(served, 0, path_of(4))
    assert (status, len(body)) == (200, server.BYTES)
    assert etag
    assert asked(served, 0, path_of(4), If_None_Match=etag) == (304, b"", etag)
    assert asked(served, 0, path_of(4), If_None_Match='"another"')[0] == 200


@pytest.mark.parametrize("path", [server.LIST, server.SITEMAP])
def test_lists_name_all_pages_of_their_host(served: Served, path: str) -> None:
    body = asked(served, 1, path)[1].decode()
    assert all(served.bases[1] + path_of(number) in body for number in range(1, 20, 2))
    assert body.count(".html") == 10


def test_robots_txt_allows_all(served: Served) -> None:
    assert asked(served, 0, "/robots.txt")[1] == b"User-agent: *\nAllow: /\n"


def test_many_pages_stand_in_several_sitemaps() -> None:
    maps = dict(server.sitemaps("http://a", range(12_000)))
    assert list(maps) == ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    assert sum(body.count(b".html") for body in maps.values()) == 12_000


def test_what_was_sent_is_counted(served: Served) -> None:
    served.counters(reset=True)
    etag = asked(served, 0, path_of(2))[2] or ""
    asked(served, 0, path_of(2), If_None_Match=etag)
    asked(served, 0, "/nothing-here")
    counted = served.counters()
    assert (counted.requests, counted.pages, counted.unchanged, counted.missing) == (3, 1, 1, 1)
    assert counted.bytes_in > 100
    assert counted.bytes_out > server.BYTES
    assert counted.last >= counted.first > 0
