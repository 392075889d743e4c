"""The sites of tests/dresses.py: their lists give exactly their stories, and each article is read whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.request import Request, urlopen

import pytest

import extract
import urls
from crawler import lists
from model import BlockKind, Capture, ListPage, Source, SourceKind
from tests import dresses
from tests.site import STORIES, Site, Story

LIMIT = 1_000_000


@dataclass(frozen=True)
class Dress:
    publish: Callable[..., Source]
    path: dresses.Path
    home: str  # of the real site
    reach: int = len(STORIES)  # how many of them the first look at a sitemap index finds


DRESSES = {
    "MasterCMS": Dress(dresses.publish_mastercms, dresses.mastercms_path, "https://baoquocte.vn"),
    "VCCorp": Dress(dresses.publish_vccorp, dresses.vccorp_path, "https://baochinhphu.vn"),
    "hemera": Dress(dresses.publish_hemera, dresses.hemera_path, "https://nhandan.vn"),
    "hemera, zipped": Dress(partial(dresses.publish_hemera, zipped=True), dresses.hemera_path, "https://nhandan.vn"),
    "WordPress": Dress(dresses.publish_wordpress, dresses.wordpress_path, "https://asean.org"),
    # Six days and the news: more sitemaps than are followed at a time.
    "vietnam.vn": Dress(dresses.publish_vietnam_vn, dresses.vietnam_vn_path, "https://www.vietnam.vn", lists.CHILDREN - 1),
}
each_dress = pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def answer(url: str, referer: str = "") -> tuple[bytes, str]:
    with urlopen(Request(url, headers={"Referer": referer} if referer else {})) as got:  # noqa: S310 (loopback)
        return got.read(), got.headers["Content-Type"]


def look(source: Source, url: str, kind: SourceKind, since: datetime | None = None, referer: str = "") -> lists.Listing:
    body, content_type = answer(url, referer)
    return lists.read(source, lists.Page(url=url, body=body, kind=kind, content_type=content_type), LIMIT, since)


def named(source: Source, page: ListPage) -> list[str]:
    """All that a list names over its further pages, or its children, in order."""
    if page.kind is SourceKind.SECTION:
        return list(_section(source, page.url))
    found = look(source, page.url, page.kind)
    assert found.problem is None
    below = [look(source, child, page.kind) for child in found.sitemaps]
    return [one.url for listing in (found, *below) for one in listing.articles]


def _section(source: Source, section: str) -> Iterator[str]:
    for number in range(1, 10):
        url = section if number == 1 else lists.page_url(source, section, number)
        assert url
        if not url.endswith("/page/4/"):  # WordPress answers that there is none
            found = look(source, url, SourceKind.SECTION, referer=section)
            yield from (one.url for one in found.articles)
            if found.articles:
                continue
        return


@each_dress
def test_every_list_gives_exactly_the_stories(dress: Dress, site: Site) -> None:
    source = dress.publish(site)
    wanted = [site.url(dress.path(story)) for story in STORIES[: dress.reach]]
    for page in source.pages:
        given = named(source, page)
        assert list(dict.fromkeys(given)) == wanted, page
        assert len(given) == len(wanted) or page.kind is SourceKind.SITEMAP  # the news stand in two sitemaps


@each_dress
def test_at_home_its_family_knows_the_same_section(dress: Dress, site: Site) -> None:
    for page in dress.publish(site).pages:
        if page.kind is SourceKind.SECTION:
            url = page.url.replace(site.url(), dress.home)
            source = Source(name="x", home=f"{dress.home}/", pages=(ListPage(url=url, kind=page.kind),))
            body = answer(page.url)[0].replace(site.url().encode(), dress.home.encode())
            found = lists.read(source, lists.Page(url=url, body=body, kind=page.kind), LIMIT)
            assert [one.url for one in found.articles] == [dress.home + dress.path(s) for s in STORIES[: dresses.PER_PAGE]]
            assert found.problem is None


@each_dress
def test_feeds_and_sitemaps_tell_when_it_was(dress: Dress, site: Site) -> None:
    source = dress.publish(site)
    times = {site.url(dress.path(story)): story.published for story in STORIES[: dress.reach]}
    for page in source.pages:
        if page.kind is not SourceKind.SECTION:
            found = look(source, page.url, page.kind)
            below = [look(source, child, page.kind) for child in found.sitemaps]
            told = {one.url: one.published or one.changed for listing in (found, *below) for one in listing.articles}
            assert told == times


@each_dress
def test_each_article_is_read_whole(dress: Dress, site: Site) -> None:
    dress.publish(site)
    for story in STORIES:
        assert_whole(read(site.url(dress.path(story))), story)


def read(url: str) -> extract.Article:
    body, content_type = answer(url)
    capture = Capture(
        identity=urls.identity(url),
        body=body,
        captured_at=datetime(2026, 3, 11, 9, tzinfo=UTC),
        captured_exactly=True,
        url_asked=url,
        url=url,
        status=200,
        headers=(("Content-Type", content_type),),
    )
    return extract.read(capture)


def assert_whole(article: extract.Article, story: Story) -> None:
    """The article is the story: all of it, and nothing else."""
    assert (article.title, article.lead) == (story.title, story.lead)
    assert article.text == "\n".join([story.lead, *story.paragraphs])
    assert article.published == story.published
    captions: Sequence[str] = [block.text for block in article.blocks if block.kind is BlockKind.CAPTION]
    assert list(captions) == ([story.caption] if story.caption else [])


def test_the_copies_of_an_article_read_as_the_article(site: Site) -> None:
    story = STORIES[0]
    dresses.publish_mastercms(site)
    for path in (f"{story.mastercms_path}&mobile=yes&amp=1", f"/apicenter@/print_article&i={story.number}"):
        assert_whole(read(site.url(path)), story)
    dresses.publish_vccorp(site)
    assert_whole(read(site.url(f"/print{story.vccorp_path}")), story)


def test_a_further_page_of_vccorp_is_given_to_readers_of_the_site_alone(site: Site) -> None:
    source = dresses.publish_vccorp(site)
    section = source.pages[0].url
    url = lists.page_url(source, section, 2)
    assert url == site.url("/timelinelist/1027/2.htm")
    assert look(source, url, SourceKind.SECTION).articles == ()
    assert len(look(source, url, SourceKind.SECTION, referer=section).articles) == dresses.PER_PAGE


def test_later_only_what_can_be_new_is_looked_at(site: Site) -> None:
    source = dresses.publish_vietnam_vn(site)
    found = look(source, source.pages[0].url, SourceKind.SITEMAP, since=STORIES[0].published - timedelta(hours=12))
    assert [child.rsplit("/", 1)[1] for child in found.sitemaps] == ["news-sitemap.xml", "2026-03-10.xml.gz", "2026-03-09.xml.gz"]
