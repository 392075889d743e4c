"""The sources of a new settings file: those that were promised, in few lines, and known to the tables that read them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import config
import urls
from crawler import families, lists
from model import SourceKind

SOURCES = config.parse(config.DEFAULT, Path("/nowhere")).sources
TABLES = tomllib.loads(config.DEFAULT)["source"]

SITES = {
    *("baoquocte.vn", "baochinhphu.vn", "xaydungchinhsach.chinhphu.vn", "thoidai.com.vn", "vietnam.vn", "nhandan.vn"),
    *("vietnamplus.vn", "vovworld.vn", "mofa.gov.vn", "asean.org", "aseanvietnam.vn"),
}


def test_the_promised_sites_are_watched() -> None:
    assert {urls.site(source.home) for source in SOURCES} == SITES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["name"])
def test_a_source_takes_five_lines_or_fewer(table: dict[str, object]) -> None:
    assert len(table) <= 5


def test_each_source_says_above_it_how_sure_its_addresses_are() -> None:
    assert len(re.findall(r"^#.+\n\[\[source\]\]$", config.DEFAULT, re.MULTILINE)) == len(TABLES)


def test_every_list_is_of_the_site_and_an_address_once() -> None:
    pages = [page.url for source in SOURCES for page in source.pages]
    assert len(set(pages)) == len(pages)
    assert all(urls.same_site(page.url, source.home) for source in SOURCES for page in source.pages)


def test_what_is_mostly_about_asean_is_looked_at_more_often() -> None:
    assert {source.name for source in SOURCES if source.weight > 1} == {
        "baoquocte",
        "vietnamplus-asean",
        "asean.org",
        "aseanvietnam",
    }


@pytest.mark.parametrize(
    ("site", "family"),
    [
        ("baoquocte.vn", "mastercms"),
        ("thoidai.com.vn", "mastercms"),
        ("baochinhphu.vn", "vccorp"),
        ("xaydungchinhsach.chinhphu.vn", "vccorp"),
        ("nhandan.vn", "hemera"),
        ("vietnamplus.vn", "hemera"),
        ("asean.org", "wordpress"),
        ("mofa.gov.vn", "mofa"),
    ],
)
def test_the_sections_of_the_big_systems_are_known(site: str, family: str) -> None:
    found = families.of(f"https://www.{site}/x")
    assert found is not None
    assert found.name == family


def test_the_first_section_of_all_goes_on_over_further_pages() -> None:
    source = SOURCES[0]
    section = next(page.url for page in source.pages if page.kind is SourceKind.SECTION)
    assert lists.page_url(source, section, 3) == "https://baoquocte.vn/thoi-su/viet-nam-va-asean&s_cond=&BRSR=30"


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://www.vietnam.vn/khai-mac-tuan-le-phim-asean", True),
        ("https://www.vietnam.vn/khai-mac-tuan-le-phim-asean/", True),
        ("https://www.vietnam.vn/en/khai-mac-tuan-le-phim-asean", False),
        ("https://www.vietnam.vn/tag/khai-mac-tuan-le-phim", False),
        ("https://www.vietnam.vn/gioi-thieu", False),
    ],
)
def test_of_vietnam_vn_the_vietnamese_articles_are_taken(url: str, taken: bool) -> None:
    (source,) = (source for source in SOURCES if source.name == "vietnam.vn")
    assert bool(re.search(source.pattern or "", url)) is taken


def test_a_contact_is_part_of_how_we_introduce_ourselves() -> None:
    def agent(lines: str) -> str:
        return config.parse(f"[crawl]\n{lines}", Path()).crawl.user_agent

    assert agent('contact = "desk@example.vn"') == "diemtin/0.1 (press monitor for ASEAN affairs; desk@example.vn)"
    assert agent('user_agent = "us"\ncontact = "https://example.vn/bot"') == "us (+https://example.vn/bot)"
    assert agent("") == "diemtin/0.1 (press monitor for ASEAN affairs)"
