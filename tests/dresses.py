"""Whole sites in the dress of the CMS families: articles, section pages with their paging, feeds and sitemaps, from STORIES.

    with Site() as site:
        source = publish_hemera(site, STORIES)          # what a [[source]] table would say of it
        ...
        publish_hemera(site, edited)                    # the site as it is later

Class names, addresses and forms are those of docs/facts.md and crawler/families.toml; the texts are our own. A site on loopback
belongs to no family by its host, so a source says its selector and its paging itself.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from model import ListPage, Source, SourceKind
from tests.site import STORIES, Site, Story, mastercms_article, mastercms_list, sitemap, sitemap_index, vccorp_article

PER_PAGE = 2  # articles of a section page; small, so that six stories make three pages

Path = Callable[[Story], str]
_KINDS = {"sections": SourceKind.SECTION, "feeds": SourceKind.FEED, "sitemaps": SourceKind.SITEMAP}


def mastercms_path(story: Story) -> str:
    return story.mastercms_path


def vccorp_path(story: Story) -> str:
    return story.vccorp_path


def hemera_path(story: Story) -> str:
    return f"/{story.slug}-post{story.number}.html"


def wordpress_path(story: Story) -> str:
    return f"/{story.slug}/"


def vietnam_vn_path(story: Story) -> str:
    return f"/{story.slug}"


def _source(site: Site, name: str, *, links: str | None = None, paging: str | None = None, **lists: str) -> Source:
    pages = tuple(ListPage(url=site.url(path), kind=_KINDS[key]) for key, path in lists.items())
    return Source(name=name, home=site.url("/"), pages=pages, links=links, paging=paging)


def _pages(stories: Sequence[Story]) -> list[tuple[int, Sequence[Story]]]:
    """The section's pages with their numbers, 1 first; the one after the last is empty."""
    return [(n // PER_PAGE + 1, stories[n : n + PER_PAGE]) for n in range(0, len(stories) + PER_PAGE, PER_PAGE)]


def _others(stories: Sequence[Story], n: int) -> Sequence[Story]:
    return [*stories[n + 1 :], *stories[:n]][:2]


# ---------------------------------------------------------------- MasterCMS (baoquocte.vn)


def publish_mastercms(site: Site, stories: Sequence[Story] = STORIES) -> Source:
    """baoquocte.vn: a section that goes on behind `&s_cond=&BRSR=`, its feed, an AMP and a print page for each article. No sitemap."""
    base, section = site.url(), "/thoi-su/viet-nam-va-asean"
    for n, story in enumerate(stories):
        page = mastercms_article(story, base, _others(stories, n))
        for path in (
            story.mastercms_path,
            f"{story.mastercms_path}&mobile=yes&amp=1",
            f"/apicenter@/print_article&i={story.number}",
        ):
            site.put(path, page)
    for number, some in _pages(stories):
        path = section if number == 1 else f"{section}&s_cond=&BRSR={(number - 1) * PER_PAGE}"
        site.put(path, mastercms_list(some, base))
    feed = "/rss_feed/thoi-su/viet-nam-va-asean"
    site.put(feed, rss(stories, base, mastercms_path, tracked=True))
    links = "div.bx-listing h3.article-title a"
    paging = f"{{section}}&s_cond=&BRSR={{offset:{PER_PAGE}}}"
    return _source(site, "mastercms", links=links, paging=paging, sections=section, feeds=feed)


# ---------------------------------------------------------------- VCCorp (baochinhphu.vn)

ZONE = 1027


def publish_vccorp(site: Site, stories: Sequence[Story] = STORIES) -> Source:
    """baochinhphu.vn: a section whose further pages are pieces of HTML that are given with a Referer alone, a feed with dates of its
    own kind, a print page for each article, and a sitemap of ranges of days."""
    base, section = site.url(), "/quoc-te.htm"
    for n, story in enumerate(stories):
        page = vccorp_article(story, base, _others(stories, n))
        site.put(story.vccorp_path, page)
        site.put(f"/print{story.vccorp_path}", page)
    for number, some in _pages(stories):
        rows = "".join(_vccorp_row(story) for story in some)
        site.put(f"/timelinelist/{ZONE}/{number}.htm", _to_readers(site, f"/timelinelist/{ZONE}/{number}.htm", rows or "\n"))
        if number == 1:
            site.put(section, _VCCORP_SECTION.format(rows=rows, zone=ZONE))
    feed = "/quoc-te.rss"
    site.put(feed, rss(stories, base, vccorp_path, date=_month_first))
    # The month in two halves, each with its own sitemap.
    halves = {"1-15": [s for s in stories if s.published.day <= 15], "16-31": [s for s in stories if s.published.day > 15]}
    for days, some in halves.items():
        site.put(f"/sitemaps/sitemaps-2026-3-{days}.xml", _urlset(some, base, vccorp_path))
    site.put("/sitemap.xml", sitemap_index({f"{base}/sitemaps/sitemaps-2026-3-{days}.xml": None for days in reversed(halves)}))
    links, paging = "a.box-stream-link-title", f"{base}/timelinelist/{ZONE}/{{page}}.htm"
    return _source(site, "vccorp", links=links, paging=paging, sections=section, feeds=feed, sitemaps="/sitemap.xml")


def _vccorp_row(story: Story) -> str:
    return (
        f'<div class="box-stream-item" data-id="{story.number}"><h2>'
        f'<a class="box-stream-link-title" href="{story.vccorp_path}">{escape(story.title)}</a></h2>'
        f'<p class="box-stream-sapo">{escape(story.lead)}</p>'
        f'<span class="box-stream-time" title="{_month_first(story.published)}">{story.published:%d/%m/%Y %H:%M}</span></div>'
    )


_VCCORP_SECTION = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Quốc tế</title></head><body>
<nav><a href="/">Trang chủ</a> <a href="/kinh-te.htm">Kinh tế</a> <a href="/chinh-sach-va-cuoc-song.htm">Chính sách</a>
<a href="/hoi-nghi-cap-cao-asean.html">Hội nghị Cấp cao ASEAN</a></nav>
<input type="hidden" id="hdZoneId" value="{zone}"><input type="hidden" id="hdCatUrl" value="/quoc-te.htm">
<div class="box-stream">{rows}</div><a class="view-more" href="javascript:;">Xem thêm</a></body></html>
<!--u: 3/11/2026 9:00:00 AM-->
"""


def _to_readers(site: Site, path: str, page: str) -> Callable[[], str]:
    """The page for those who come from another page of the site; for others an empty one."""

    def answer() -> str:
        asked = next(asked for asked in reversed(site.log) if asked.path == path)
        return page if asked.headers.get("Referer", "").startswith(site.url()) else "<html><body></body></html>"

    return answer


def _month_first(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {'PM' if at.hour >= 12 else 'AM'}"


# ---------------------------------------------------------------- hemera (nhandan.vn)


def publish_hemera(site: Site, stories: Sequence[Story] = STORIES, *, zipped: bool = False) -> Source:
    """nhandan.vn: a section whose further pages are JSON, its feed, a sitemap for each month and one of the news. `zipped`: the
    sitemaps are sent as gzip files, as some of the family do."""
    base, section = site.url(), "/thegioi"
    for n, story in enumerate(stories):
        site.put(hemera_path(story), hemera_article(story, base, _others(stories, n)))
    for number, some in _pages(stories):
        api = f"/api/morenews-zone-1231-{number}.html?phrase="
        site.put(api, _hemera_json(some), headers={"Content-Type": "application/json"})
        if number == 1:
            site.put(section, _hemera_section(some))
    site.put("/rss/thegioi-1231.rss", rss(stories, base, hemera_path))
    _hemera_sitemaps(site, stories, (lambda text: gzip.compress(text.encode())) if zipped else str.encode)
    links = ".abf-cate article a, .timeline .story a"
    paging = f"{base}/api/morenews-zone-1231-{{page}}.html?phrase="
    return _source(
        site, "hemera", links=links, paging=paging, sections=section, feeds="/rss/thegioi-1231.rss", sitemaps="/sitemap.xml"
    )


def hemera_article(story: Story, base: str, related: Sequence[Story] = ()) -> str:
    caption = f"<figcaption>{escape(story.caption)}</figcaption>" if story.caption else ""
    figure = f'<figure class="article__avatar"><img class="cms-photo" data-src="/{story.number}.jpg" alt="x">{caption}</figure>'
    return _HEMERA_ARTICLE.format(
        url=base + hemera_path(story),
        title=escape(story.title),
        lead=escape(story.lead),
        author=escape(story.author),
        section=escape(story.section),
        # Their offset has no colon.
        iso=f"{story.published:%Y-%m-%dT%H:%M:%S%z}",
        stamp=f"{story.published:%d/%m/%Y - %H:%M}",
        figure=figure if story.caption else "",
        body="\n".join(f"<p>{escape(p)}</p>" for p in story.paragraphs),
        related="".join(f'<a class="cms-relate" href="{hemera_path(s)}">{escape(s.title)}</a>' for s in related),
        tags="".join(f'<a href="/tag-{n}-tag{n}.html">{escape(tag)}</a>' for n, tag in enumerate(story.tags)),
    )


_HEMERA_ARTICLE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title><link rel="canonical" href="{url}">
<meta property="og:title" content="{title}"><meta property="og:type" content="article"></head>
<body><header><nav><a href="/">Trang chủ</a> <a href="/thegioi">Thế giới</a></nav></header>
<div class="main-col content-col"><ul class="breadcrumb"><li><a href="/thegioi">{section}</a></li></ul>
<h1 class="article__title cms-title">{title}</h1>
<div class="article__meta"><time class="time" datetime="{iso}">{stamp}</time>
<meta class="cms-date" itemprop="datePublished" content="{iso}"></div>
<div class="article__author"><a class="cms-author">{author}</a></div>
<div class="article__sapo cms-desc">{lead}</div>
{figure}
<div class="article__body zce-content-body cms-body" itemprop="articleBody">
{body}
{related}
</div>
<div class="article__tag">{tags}</div></div>
<aside><h3>Đọc nhiều</h3></aside><footer>Tổng Biên tập: Nguyễn Văn Mẫu</footer></body></html>
"""


def _hemera_section(stories: Sequence[Story]) -> str:
    first, rest = stories[:1], stories[1:]
    top = "".join(
        f'<article class="story"><h2><a class="cms-link" href="{hemera_path(s)}">{escape(s.title)}</a></h2></article>'
        for s in first
    )
    rows = "".join(
        f'<article class="story"><h2 class="story__heading"><a class="cms-link" href="{hemera_path(s)}">{escape(s.title)}</a></h2></article>'
        for s in rest
    )
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Thế giới</title></head><body>'
        '<nav><a href="/">Trang chủ</a> <a href="/tag/hoi-nghi-cap-cao-asean.html">ASEAN</a> <a href="/asean-tag63768.html">x</a></nav>'
        f'<div class="abf-cate">{top}</div><div class="timeline">{rows}</div>'
        '<button class="control__loadmore" data-zone="1231" data-page="1">Xem thêm</button></body></html>'
    )  # fmt: skip


def _hemera_json(stories: Sequence[Story]) -> str:
    contents = [
        {
            "content_id": story.number,
            "title": story.title,
            "url": hemera_path(story),
            "date": int(story.published.timestamp()),
            "avatar_url": f"/uploaded/{story.number}.jpg",
            "zone": {"name": story.section, "url": "/thegioi/"},
        }
        for story in stories
    ]
    return json.dumps({"error_code": 0, "error_message": "Success", "data": {"contents": contents, "load_more": bool(contents)}})


def _hemera_sitemaps(site: Site, stories: Sequence[Story], packed: Callable[[str], bytes]) -> None:
    base = site.url()
    months = sorted({(s.published.year, s.published.month) for s in stories} | {(2025, 12)}, reverse=True)
    for year, month in months:
        some = [s for s in stories if (s.published.year, s.published.month) == (year, month)]
        # The front page stands first, with the time of the last article.
        entries = {base: max((s.published for s in some), default=None), **_dates(some, base, hemera_path)}
        site.put(f"/sitemaps/news-{year}-{month}.xml", packed(sitemap(entries)))
    site.put("/sitemaps/categories.xml", packed(sitemap({f"{base}/thegioi": None})))
    site.put("/sitemaps/topics.xml", packed(sitemap({f"{base}/hoi-nghi-cap-cao-asean-topic12.html": None})))
    site.put("/sitemaps/google-news.xml", packed(news_sitemap(stories[:2], base, hemera_path)))
    names = ["categories", "topics", *(f"news-{year}-{month}" for year, month in months), "google-news"]
    site.put("/sitemap.xml", packed(sitemap_index({f"{base}/sitemaps/{name}.xml": None for name in names})))


# ---------------------------------------------------------------- WordPress (asean.org)


def publish_wordpress(site: Site, stories: Sequence[Story] = STORIES) -> Source:
    """asean.org: a category, /page/2/ of it, a feed that says how often to come, an index as its best known plugin writes it, and
    the short link of each article."""
    base, section = site.url(), "/category/news/"
    for n, story in enumerate(stories):
        site.put(wordpress_path(story), wordpress_article(story, base, _others(stories, n)))
        site.redirect(f"/?p={story.number}", base + wordpress_path(story), 301)
    for number, some in _pages(stories):
        path = section if number == 1 else f"{section}page/{number}/"
        site.put(path, _wordpress_section(some, base), status=200 if some else 404)
    site.put("/feed/", rss(stories, base, wordpress_path, head=_HOURLY))
    newest = max(s.modified or s.published for s in stories)
    site.put("/post-sitemap.xml", _urlset(stories, base, wordpress_path))
    site.put("/page-sitemap.xml", sitemap({f"{base}/gioi-thieu-ve-hiep-hoi-cac-quoc-gia/": newest}))
    site.put("/category-sitemap.xml", sitemap({base + section: newest}))
    children = {"post": newest, "page": datetime(2020, 1, 1, tzinfo=UTC), "category": newest}
    site.put("/sitemap_index.xml", sitemap_index({f"{base}/{name}-sitemap.xml": at for name, at in children.items()}))
    return _source(
        site,
        "wordpress",
        links="article h2.entry-title a",
        paging="{section}page/{page}/",
        sections=section,
        feeds="/feed/",
        sitemaps="/sitemap_index.xml",
    )


_HOURLY = "<sy:updatePeriod>\n hourly </sy:updatePeriod><sy:updateFrequency>\n 1 </sy:updateFrequency>"


def wordpress_article(story: Story, base: str, related: Sequence[Story] = ()) -> str:
    caption = f'<figcaption class="wp-caption-text">{escape(story.caption)}</figcaption>' if story.caption else ""
    return _WORDPRESS_ARTICLE.format(
        url=base + wordpress_path(story),
        short=f"{base}/?p={story.number}",
        title=escape(story.title),
        iso=story.published.isoformat(),
        day=f"{story.published:%d/%m/%Y}",
        figure=f'<figure class="wp-caption"><img src="/{story.number}.jpg">{caption}</figure>' if caption else "",
        body="\n".join(f"<p>{escape(p)}</p>" for p in (story.lead, *story.paragraphs)),
        related="".join(f'<li><a href="{wordpress_path(s)}">{escape(s.title)}</a></li>' for s in related),
        section=escape(story.section),
        tags="".join(f'<a rel="tag" href="/tag/t{n}/">{escape(tag)}</a>' for n, tag in enumerate(story.tags)),
    )


_WORDPRESS_ARTICLE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="UTF-8"><title>{title} - ASEAN</title><link rel="canonical" href="{url}">
<link rel="shortlink" href="{short}"><meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="{iso}"></head>
<body class="single single-post"><header><nav class="menu"><a href="/">Trang chủ</a> <a href="/category/news/">Tin tức</a></nav></header>
<main><article class="post"><h1 class="entry-title">{title}</h1>
<p class="entry-meta"><time class="entry-date published" datetime="{iso}">{day}</time> <a href="/category/news/">{section}</a></p>
<div class="entry-content">{figure}
{body}
<div class="jp-relatedposts"><h3>Related</h3><ul>{related}</ul></div></div>
<div class="tags-links">{tags}</div></article></main><footer>© ASEAN</footer></body></html>
"""


def _wordpress_section(stories: Iterable[Story], base: str) -> str:
    rows = "".join(
        f'<article class="post"><h2 class="entry-title"><a href="{base}{wordpress_path(s)}" rel="bookmark">{escape(s.title)}</a></h2>'
        f'<div class="entry-summary"><p>{escape(s.lead)}</p></div></article>'
        for s in stories
    )
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="UTF-8"><title>News</title></head><body class="archive category">'
        f'<nav><a href="{base}/">Home</a> <a href="{base}/gioi-thieu-ve-hiep-hoi-cac-quoc-gia/">About</a></nav><main>{rows}</main>'
        f'<nav class="pagination"><a class="next" href="{base}/category/news/page/2/">Next</a></nav></body></html>'
    )


# ---------------------------------------------------------------- vietnam.vn (Next.js)


def publish_vietnam_vn(site: Site, stories: Sequence[Story] = STORIES) -> Source:
    """vietnam.vn: addresses without a number, and an index of sitemaps for each day, zipped, beside those of what is no article."""
    base = site.url()
    for n, story in enumerate(stories):
        site.put(vietnam_vn_path(story), vietnam_vn_article(story, base, _others(stories, n)))
    days = {f"{s.published:%Y-%m-%d}": [t for t in stories if t.published.date() == s.published.date()] for s in stories}
    for day, some in days.items():
        site.put(f"/sitemap/sitemap-post/{day}.xml.gz", gzip.compress(_urlset(some, base, vietnam_vn_path).encode()))
    site.put("/sitemap/news-sitemap.xml", news_sitemap(stories[:2], base, vietnam_vn_path))
    names = [f"sitemap-post/{day}.xml.gz" for day in sorted(days)]
    others = [f"sitemap-{what}.xml" for what in ("page", "author", "organization", "category", "tag")]
    site.put("/sitemap.xml", sitemap_index({f"{base}/sitemap/{name}": None for name in (*others, *names, "news-sitemap.xml")}))
    return _source(site, "vietnam.vn", sitemaps="/sitemap.xml")


def vietnam_vn_article(story: Story, base: str, related: Sequence[Story] = ()) -> str:
    return _VIETNAM_VN_ARTICLE.format(
        url=base + vietnam_vn_path(story),
        path=vietnam_vn_path(story),
        title=escape(story.title),
        lead=escape(story.lead),
        stamp=f"{story.published:%d/%m/%Y %H:%M}",
        section=escape(story.section),
        figure=f"<figure><img src='/{story.number}.jpg'><figcaption>{escape(story.caption)}</figcaption></figure>"
        if story.caption
        else "",
        body="\n".join(f"<p>{escape(p)}</p>" for p in story.paragraphs),
        related="".join(f'<li><a href="{vietnam_vn_path(s)}">{escape(s.title)}</a></li>' for s in related),
    )


_VIETNAM_VN_ARTICLE = """<!DOCTYPE html><html lang="vi"><head><meta charSet="utf-8"/><title>{title} - Vietnam.vn</title>
<meta property="og:title" content="{title}"/><link rel="canonical" href="{url}"/></head>
<body><div id="__next"><section class="ant-layout"><header class="ant-layout-header"><a href="/">Trang chủ</a>
<a href="/en{path}">English</a></header><main class="ant-layout-content"><nav class="ant-breadcrumb"><ol><li><a href="/">Trang chủ</a></li>
<li><a href="/category/thoi-su">{section}</a></li></ol></nav>
<div class="post-detail-container"><h1 class="post-title">{title}</h1><div class="post-meta"><span>{stamp}</span></div>
<div class="post-detail-body"><p class="post-detail-sapo">{lead}</p>
{figure}
{body}
</div><div class="post-related"><h3>Tin liên quan</h3><ul>{related}</ul></div></div></main></section></div></body></html>
"""


# ---------------------------------------------------------------- feeds and sitemaps of any of them


def rss(
    stories: Iterable[Story],
    base: str,
    path: Path,
    *,
    date: Callable[[datetime], str] = format_datetime,
    head: str = "",
    tracked: bool = False,
) -> str:
    """RSS 2.0 with CDATA; `date` writes its dates, `tracked` adds to each address where its readers come from."""
    items = "".join(
        f"<item><title><![CDATA[{s.title}]]></title><link>{base}{path(s)}{'?utm_source=rss&amp;utm_medium=feed' if tracked else ''}</link>"
        f"<description><![CDATA[<a href='{base}{path(s)}'><img src='/{s.number}.jpg'></a>{s.lead}]]></description>"
        f"<pubDate>{date(s.published)}</pubDate><guid>{base}{path(s)}</guid></item>"
        for s in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>Tin mới</title><link>{base}/</link><description>Tin mới</description><language>vi</language>{head}{items}</channel></rss>"
    )


def _dates(stories: Iterable[Story], base: str, path: Path) -> Mapping[str, datetime | None]:
    return {base + path(s): s.modified or s.published for s in stories}


def _urlset(stories: Iterable[Story], base: str, path: Path) -> str:
    return sitemap(_dates(stories, base, path))


def news_sitemap(stories: Iterable[Story], base: str, path: Path) -> str:
    """A sitemap with Google's news extension."""
    rows = "".join(
        f"<url><loc>{base}{path(s)}</loc><news:news><news:publication><news:name>Báo</news:name><news:language>vi</news:language>"
        f"</news:publication><news:publication_date>{s.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(s.title)}</news:title></news:news></url>"
        for s in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    )
