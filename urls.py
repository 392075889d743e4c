"""Addresses, pure: the canonical key, the identity of an article, and what kind of page an address names.

A key is for comparing; it is never fetched and never shown. The rules are those of the CMS families that the Vietnamese
press runs on; see docs/facts.md.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

__all__ = [
    "LONGEST",
    "canonical_key",
    "clean",
    "host",
    "host_part",
    "identity",
    "is_article",
    "is_copy",
    "is_home",
    "is_list",
    "is_other",
    "is_web",
    "same_site",
    "site",
    "slug",
]

LONGEST = 2_000  # characters; a longer address is no article's, and fits into no header

_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gidzl|zarsrc|rt|randtime|mobile|amp|commentpage|mc_cid|mc_eid|igshid)$", re.IGNORECASE
)
_HOST_VARIANT = re.compile(r"^(?:www\d?|m|mobile|amp|lite)\.(?=[^.]+\.)")
# Hosts that serve the whole of another host (docs/facts.md).
_MIRRORS = {"id.baoquocte.vn": "baoquocte.vn"}
# MasterCMS writes parameters without a question mark: /slug-123.html&mobile=yes&amp=1
_BARE = ".html&"
_PARAMS = re.compile(r"[\w=&;.-]*")
_LAST = ("amp", "index.htm", "index.html")  # of a path's segments; the page is the same without them

# Sites whose addresses end in a short number that is the article's id; elsewhere a short number may be a year.
_MASTERCMS = re.compile(
    r"(?:^|\.)(?:baoquocte\.vn|thoidai\.com\.vn|vietnamtimes\.org\.vn|congthuong\.vn|thoibaonganhang\.vn"
    r"|haiquanonline\.com\.vn|thoibaotaichinhvietnam\.vn|kinhtevadubao\.vn)$"
)
_MASTERCMS_ID = re.compile(r"^/[^/?&]+-(\d{3,7})\.html$")
_QDND_ID = re.compile(r"-(\d{5,8})$")
_IDS = (
    re.compile(r"^/(?:[^/]+/)*[^/]+-n?(\d{8,20})\.(?:htm|chn)$"),  # VCCorp; baotintuc wrote an n before it
    re.compile(r"-post(\d+)\.(?:html|vnp|tpo|vov|antd)$"),  # hemera
    re.compile(r"^/[^/]+/(\d{4,7})\.vnp$"),
    re.compile(r"-(?:post)?(\d{5,8})\.vov5?$"),  # vovworld writes .vov5 since about 2025
    # The second number is the section's, and another where an embassy shows the article.
    re.compile(r"/(?:tin-chi-tiet|detail)/chi-tiet/[^/]+-(\d+)-\d+\.html$"),  # mofa
    re.compile(r"(?:/c/|-c)(\d+)\.epi$"),  # baomoi
    re.compile(r"^/apicenter@/print_article&i=(\d+)$"),  # MasterCMS: what it prints
)
_NUMBER = re.compile(r"(\d{5,20})(?:\.\w+)?$")  # at the end of any address
# `.htm` with a long number is an article of these, `.htm` without one a section, `.html` a tag (docs/facts.md).
_VCCORP = re.compile(r"(?:^|\.)(?:baochinhphu\.vn|xaydungchinhsach\.chinhphu\.vn)$")
_VCCORP_LIST = re.compile(r"\.html$|^(?!.*-\d{5,}\.htm$).*\.htm$")
# Whole path segments only: an article's slug may hold these words.
_LIST_SEGMENT = re.compile(
    r"^(?:tag|tags|category|authors?|chu-de|tu-khoa|tac-gia|rss|rss_feed|feed|sitemaps?|search|tim-kiem|page|p"
    r"|timelinelist|timelinetags|trang-\d+(?:\.\w+)?|login|dang-nhap|video|videos|podcast)$"
)
_LIST_FILE = re.compile(
    r"(?:-(?:tag|topic|event)\d+\.\w+|\.tag|\.topic|-ptag\.html|-author\d+\S*|-p\d+|\.rss|\.xml|/sitemap\S*|-\d+ct0\.htm"
    r"|/search_enginer\.html|/print-\d+\.html)$"
)
_LIST_QUERY = re.compile(r"(?:^|&)(?:page|s_cond|brsr|keyword|q)=", re.IGNORECASE)
_SHORT_LINK = re.compile(r"(?:^|&)p=\d{2,12}(?:&|$)")  # WordPress: /?p=956763
# A print view or an AMP page, below a folder of its own.
_VIEW = re.compile(r"^(?:/(?:amp|print))+(?=/[^/])")
_COPY_PATH = re.compile(r"^/(?:(?:amp|print)/[^/]|apicenter@/print_article)|/amp/?$")
_COPY_HOST = re.compile(r"^(?:m|mobile|amp|lite)\.(?=[^.]+\.)")
# These say where a reader came from; the page is the same without them.
_VISIT = re.compile(r"^(?:utm_\w+|fbclid|gclid|gidzl|zarsrc|mc_cid|mc_eid|igshid)(?:=|$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mp[34]|pdf|docx?|xlsx?|zip|rar|woff2?)$", re.IGNORECASE)
_SLUG = re.compile(r"(?<![a-z0-9-])[a-z0-9]+(?:-[a-z0-9]+){3,}", re.IGNORECASE)


def is_web(url: str) -> bool:
    """An absolute http or https address with a host: the only kind that is fetched, or put behind a link."""
    try:
        parts = urlsplit(url)
        url.encode()  # half a pair cannot be sent or stored
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, too
        return False


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError:  # a broken IPv6 literal; nothing in it can be folded
        return SplitResult("", "", url, "", "")


def host_part(url: str) -> str:
    """All that stands for the host: with a user's name, a password and a port, if there are any."""
    return _split(url).netloc


def host(url: str) -> str:
    """The host, lower case, without a trailing dot; empty if there is none."""
    return (_split(url).hostname or "").rstrip(".")


def _port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError:
        return ""
    return f":{port}" if port and port not in (80, 443) else ""


def site(url: str) -> str:
    """The host that stands for the site: without www, m, amp, and mirrors folded; with a port that is not the usual one."""
    bare = _HOST_VARIANT.sub("", host(url))
    return _MIRRORS.get(bare, bare) + _port(_split(url))


def same_site(one: str, two: str) -> bool:
    """Both addresses belong to one site."""
    return bool(site(one)) and site(one) == site(two)


# A list may name thousands of addresses of 2,000 characters: no pattern here tries again from each place over what it has seen.


def _without_params(path: str) -> str:
    parts = path.split(_BARE)
    while len(parts) > 1 and _PARAMS.fullmatch(parts[-1]):
        parts.pop()
    whole = _BARE.join(parts)
    return whole if len(whole) == len(path) else f"{whole}.html"


def _path(parts: SplitResult) -> str:
    return _folded(parts.path)


@lru_cache(maxsize=100)  # of one address many things are asked, one after the other
def _folded(raw: str) -> str:
    path = re.sub(r"/{2,}", "/", _without_params(quote(unquote(raw), safe="/%:@!$&'()*+,;=~-._")))
    segments = path.rstrip("/").split("/")
    while len(segments) > 1 and segments[-1] in _LAST:
        segments.pop()
    return _VIEW.sub("", "/".join(segments)) or "/"


def canonical_key(url: str) -> str:
    """`host/path?query` with everything folded that does not name another page. Idempotent (with `https://` before it)."""
    parts = _split(url)
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    return site(url) + _path(parts) + (f"?{urlencode(query)}" if query else "")


def _is_short_link(parts: SplitResult) -> bool:
    return _path(parts) == "/" and bool(_SHORT_LINK.search(parts.query))


def _article_id(url: str) -> str | None:
    parts = _split(url)
    path = _path(parts)
    where = host(url)
    if _MASTERCMS.search(where) and (found := _MASTERCMS_ID.search(path)):
        return found[1]
    if where.endswith("qdnd.vn") and (found := _QDND_ID.search(path)):
        return found[1]
    return next((found[1] for pattern in _IDS if (found := pattern.search(path))), None)


def identity(url: str) -> str:
    """The identity key of the article at this address: site and number where the CMS has one, else the canonical key."""
    number = _article_id(url)
    return f"{site(url)}/{number}" if number else canonical_key(url)


def is_other(one: str, two: str) -> bool:
    """Both addresses hold an article's number, at the place where its CMS writes it or at their end, and not the same one."""
    numbers = [_article_id(url) or ((found := _NUMBER.search(slug(url))) and found[1]) for url in (one, two)]
    return all(numbers) and numbers[0] != numbers[1]


def slug(url: str) -> str:
    """The last part of an address's path."""
    return _path(_split(url)).rsplit("/", 1)[-1]


def is_copy(url: str) -> bool:
    """Another address of an article that has one of its own: a print view, an AMP or mobile page, a mirror, a short link."""
    parts = _split(url)
    query = parts.query.lower()
    return (
        _is_copy_host(parts)
        or _without_params(parts.path) != parts.path
        or bool(_COPY_PATH.search(parts.path))
        or _is_short_link(parts)
        or any(name in ("amp", "mobile") for name, _ in parse_qsl(query, keep_blank_values=True))
    )


def _is_copy_host(parts: SplitResult) -> bool:
    name = parts.hostname or ""
    return name in _MIRRORS or name.endswith(".") or bool(_COPY_HOST.match(name))


def clean(url: str, home: str) -> str:
    """The address to ask for: no fragment, nothing that only says where a reader came from, and no other host or scheme than
    those of `home`, the front page, where that host shows the same articles. Idempotent."""
    parts = _split(url)
    query = "&".join(part for part in parts.query.split("&") if not _VISIT.match(part))
    parts = parts._replace(path=_without_params(parts.path), query=query, fragment="")
    front = _split(home)
    if same_site(url, home):
        if _is_copy_host(parts) and not _is_copy_host(front):
            parts = parts._replace(netloc=front.netloc)
        if front.scheme == "https" and ":" not in parts.netloc:
            parts = parts._replace(scheme="https")
    return parts.geturl()


def is_home(url: str) -> bool:
    """The front page of a site."""
    parts = _split(url)
    return _path(parts) == "/" and not parts.query


def is_list(url: str) -> bool:
    """The address names a list, a tag, a search, a feed or another page that is no article."""
    parts = _split(url)
    path = _path(parts)
    if _article_id(url) or _is_short_link(parts):
        return False
    segments = [s for s in path.split("/") if s]
    return (
        not segments
        or any(_LIST_SEGMENT.match(s) for s in segments)
        or bool(_LIST_FILE.search(path))
        or bool(_LIST_QUERY.search(parts.query))
        or "&s_cond=" in parts.path
        or bool(_VCCORP.search(host(url)) and _VCCORP_LIST.search(path))
    )


def is_article(url: str) -> bool:
    """The address looks like an article's: an id that a CMS writes, or a long slug; never a list or a file."""
    if not is_web(url):
        return False
    parts = _split(url)
    path = _path(parts)
    if _article_id(url) or _is_short_link(parts):
        return True
    last = path.rsplit("/", 1)[-1]
    return not is_list(url) and not _FILE.search(last) and bool(_SLUG.search(last))
