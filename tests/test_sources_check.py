"""`diemtin sources check`: sources tried out live, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands import diemtin, settings, source
from tests.site import FEED, LINKS, LIST, STORIES, Site, publish


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as one:
        publish(one)
        yield one


def checked(home: Path, *words: str) -> dict[str, dict[str, Any]]:
    """The findings by source."""
    ended = diemtin(home, "sources", "check", "--json", *words)
    return {one["name"]: one for one in json.loads(ended.out)["sources"]}


def test_a_source_that_works_is_good_and_its_lists_and_samples_are_told(site: Site, tmp_path: Path) -> None:
    settings(tmp_path, source("paper", site.url(LIST), links=LINKS))
    ended = diemtin(tmp_path, "sources", "check")
    assert ended.status == 0, ended.err
    assert "crawl.contact is empty; say there where the sites can reach you" in ended.err
    first, listed, *samples = ended.out.splitlines()
    assert first == "paper: good"
    assert listed == f"  {site.url(LIST)}: ok, {len(STORIES)} links; robots.txt allows it"
    assert len(samples) == 2
    assert all(f"read {site.url()}" in line and f"{STORIES[0].published:%Y}" in line for line in samples)
    assert [file.name for file in tmp_path.iterdir()] == ["diemtin.toml"], "nothing of a trial is stored"


def test_what_is_wrong_with_a_source_is_said_and_the_others_are_tried_all_the_same(site: Site, tmp_path: Path) -> None:
    link = '<a href="/mot-trang-khong-co-gi-ca.html">x</a>'
    said = {
        "ban": "HTTP 503",
        "cam": "robots.txt forbids it",
        "chan": "HTTP 403",
        "trong": "the page has no links",
        "sai": "no links matched",
        "ngan": "not_article",
        "khong-feed": "the answer is no RSS or Atom feed",
    }
    site.put("/mot-trang-khong-co-gi-ca.html", "<html><p>ngắn</p></html>")
    site.put("/robots.txt", "User-agent: *\nDisallow: /cam\n")
    for name in said:
        site.put(f"/{name}", "<p>không có gì" if name in ("trong", "khong-feed") else link)
    site.busy("/ban")
    site.forbid("/chan")
    more = {"khong-feed": {"kind": "feed"}, "sai": {"links": "div.khong-co a"}}
    settings(
        tmp_path,
        *(source(name, site.url(f"/{name}"), **more.get(name, {})) for name in said),
        source("paper", site.url(FEED), "feed"),
    )
    found = checked(tmp_path)
    assert {name: one["verdict"] for name, one in found.items()} == dict.fromkeys(said, "broken") | {"paper": "good"}
    for name, reason in said.items():
        assert any(reason in line for line in found[name]["wrong"]), found[name]
    assert diemtin(tmp_path, "sources", "check", "sai").status == 1


def test_a_source_whose_articles_are_without_dates_is_doubtful(site: Site, tmp_path: Path) -> None:
    text = "<p>Mực nước đầu nguồn năm nay thấp hơn trung bình nhiều năm khoảng nửa mét, theo báo cáo của các cơ quan.</p>" * 5
    site.put("/hong", '<a href="/nguon-nuoc-dau-mua-kho.html">x</a>')
    site.put(
        "/nguon-nuoc-dau-mua-kho.html", f"<html><body><article><h1>Nguồn nước đầu mùa khô</h1>{text}</article></body></html>"
    )
    settings(tmp_path, source("paper", site.url("/hong")))
    (found,) = checked(tmp_path).values()
    assert found["verdict"] == "doubtful"
    assert any("no date of publication was found" in line for line in found["wrong"])


def test_a_source_whose_articles_other_sources_list_too_is_as_good_as_they_are(site: Site, tmp_path: Path) -> None:
    site.put("/muc", '<a href="/mot-trang-khong-co-gi-ca.html">x</a>')
    site.put("/mot-trang-khong-co-gi-ca.html", "<html><p>ngắn</p></html>")
    index = f"<?xml version='1.0'?><sitemapindex><sitemap><loc>{site.url('/khong-co.xml')}</loc></sitemap></sitemapindex>"
    site.put("/sitemap-index.xml", index)
    settings(
        tmp_path,
        source("paper", site.url(LIST), links=LINKS),
        source("again", site.url(FEED), "feed"),
        source("nothing", site.url("/sitemap-index.xml"), "sitemap"),
    )
    found = checked(tmp_path)
    assert {name: one["verdict"] for name, one in found.items()} == {"paper": "good", "again": "good", "nothing": "broken"}
    assert "its articles are in the lists of other sources too, and were tried with these" in found["again"]["lines"]
    assert found["nothing"]["wrong"] == ["its lists name no article that could be tried"]
    settings(tmp_path, source("short", site.url("/muc")), source("again", site.url("/muc")))
    assert {one["verdict"] for one in checked(tmp_path).values()} == {"broken"}, "nothing could be read of either"
