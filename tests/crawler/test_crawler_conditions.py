"""Asking whether a page changed: what was given with it is sent back, and a 304 costs no body and no reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.crawler.child import crawl_in_child, source
from tests.site import LIST, Site

DATE = "Fri, 20 Nov 2026 08:00:00 GMT"
PATH = "/mot-tin-that-ve-phien-hop.html"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as one:
        yield one


def publish(site: Site, **headers: str) -> str:
    """A list of one article, and the article; its address."""
    site.put(LIST, f'<html><h3><a href="{PATH}">tin</a></h3></html>', headers={"ETag": '"list"'})
    return site.put(PATH, "<html><h1>tin</h1></html>", headers={name.replace("_", "-"): value for name, value in headers.items()})


def asked_by(site: Site, path: str) -> dict[str, str | None]:
    (asked,) = (one for one in site.log if one.path == path)
    return {name: asked.headers.get(name) for name in ("If-None-Match", "If-Modified-Since")}


def test_what_a_server_gave_with_a_page_is_noted(site: Site) -> None:
    url = publish(site, ETag='"v1"', Last_Modified=DATE)
    result = crawl_in_child(source(site))
    assert result.outcomes("a") == {"captured": 1}
    assert result.validators() == {url: ('"v1"', DATE)}
    assert asked_by(site, PATH) == {"If-None-Match": None, "If-Modified-Since": None}


@pytest.mark.parametrize("known", [('"v1"', DATE), ('"v1"', None), (None, DATE)])
def test_a_page_that_did_not_change_is_not_fetched_again(site: Site, known: tuple[str | None, str | None]) -> None:
    url = publish(site, ETag='"v1"', Last_Modified=DATE)
    result = crawl_in_child(source(site), known={url: known})
    assert result.outcomes("a") == {"unchanged": 1}
    assert (result.captures, result.validators(), result.problem("a")) == ([], {url: known}, None)
    assert asked_by(site, PATH) == {"If-None-Match": known[0], "If-Modified-Since": known[1]}
    assert asked_by(site, LIST) == {"If-None-Match": None, "If-Modified-Since": None}, "at its first look a list has no marks"


def test_a_list_that_did_not_change_costs_no_body(site: Site, tmp_path: Path) -> None:
    publish(site)
    crawl_in_child(source(site), home=tmp_path)
    site.log.clear()
    again = crawl_in_child(source(site), home=tmp_path)
    assert asked_by(site, LIST)["If-None-Match"] == '"list"'
    assert (again.reports["a"]["looks"], again.reports["a"]["listed"], again.problem("a")) == (1, 0, None)
    assert [one.path for one in site.log] == ["/robots.txt", LIST]


@pytest.mark.parametrize(("said", "soonest"), [("max-age=1800", 1_800), ("max-age=99999", 3_600), ("max-age=1800, no-cache", 0)])
def test_a_list_is_left_alone_for_as_long_as_it_says_that_it_stays_true(
    site: Site, tmp_path: Path, said: str, soonest: int
) -> None:
    publish(site)
    site.put(LIST, f'<html><h3><a href="{PATH}">tin</a></h3></html>', headers={"Cache-Control": said})
    target = crawl_in_child(source(site), every_minutes=1.0).targets[site.url(LIST)]
    wait = (datetime.fromisoformat(target["due"]) - datetime.fromisoformat(target["looked"])).total_seconds()
    assert soonest <= wait <= max(soonest, 300)


def test_a_page_that_changed_comes_whole_with_its_new_validators(site: Site) -> None:
    url = publish(site, ETag='"v2"')
    result = crawl_in_child(source(site), known={url: ('"v1"', None)})
    assert result.outcomes("a") == {"captured": 1}
    assert result.validators() == {url: ('"v2"', None)}


def test_after_an_error_a_page_is_asked_for_whole(site: Site) -> None:
    url = publish(site, ETag='"v1"')
    site.forbid(PATH)
    assert crawl_in_child(source(site), known={url: ('"v1"', None)}).validators() == {}
    site.truncated(PATH)
    assert crawl_in_child(source(site), known={url: ('"v1"', None)}).validators() == {}


def test_a_304_that_was_not_asked_for_is_a_failure(site: Site) -> None:
    publish(site)
    site.put(PATH, "", status=304)
    assert crawl_in_child(source(site)).outcomes("a") == {"failed": 1}


def test_where_a_page_leads_elsewhere_its_validators_are_not_sent_on(site: Site) -> None:
    url = publish(site)
    site.redirect(PATH, "/mot-tin-that-ve-noi-khac.html")
    site.put("/mot-tin-that-ve-noi-khac.html", "<html><h1>khác</h1></html>", headers={"Last-Modified": DATE})
    result = crawl_in_child(source(site), known={url: (None, DATE)})
    assert result.outcomes("a") == {"captured": 1}
    assert asked_by(site, "/mot-tin-that-ve-noi-khac.html") == {"If-None-Match": None, "If-Modified-Since": None}
    assert result.validators() == {}, "the validators of another page say nothing about this one"


@pytest.mark.parametrize("etag", ['"' + "x" * 2_000 + '"', '"\x85"'])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(site: Site, etag: str) -> None:
    publish(site, ETag=etag)
    assert crawl_in_child(source(site)).validators() == {}
