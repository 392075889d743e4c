"""Pages that are no article, and what they are instead: told by the page's own words, by its address, and by its shape.

An article is not refused for a single word: where the page calls itself an article, only what cannot be one is refused.
"""

from __future__ import annotations

import re

import text
import urls
from extract.body import Body
from extract.fields import Facts
from extract.head import said_in
from extract.page import Page
from extract.shapes import word_count
from model import BlockKind, DateSource, ExtractError

__all__ = ["check_body", "check_empty", "check_page", "is_article"]

# What stands in a page that only lets browsers through: a check of the connection, a script that sets a cookie and loads again.
_CHALLENGE = re.compile(
    r"<title>\s*(?:Just a moment|Attention Required!|Access denied|DDoS-Guard)|/cdn-cgi/challenge-platform/|_cf_chl_opt"
    r"|cf-browser-verification|_Incapsula_Resource|Cloudrity|Checking (?:if the site connection is secure|your browser)"
    r"|(?:Enable JavaScript and cookies to continue)",
    re.IGNORECASE,
)
_COOKIE_SCRIPT = re.compile(r"document\.cookie\s*=", re.IGNORECASE)
_RELOAD = re.compile(r"location\s*\.\s*(?:reload|href|replace)|location\s*=", re.IGNORECASE)
_CHALLENGE_PAGE = 40_000  # characters: such a page holds nothing else
_SCRIPT_PAGE = 4_000

_ERROR = re.compile(
    r"(?:(?:lỗi|error)\s*)?(?:404|403|410|500|502|503)\b\W*"
    r"(?:(?:page |trang )?not found|không tìm thấy.*|lỗi.*|error.*|forbidden|bad gateway"
    r"|gone|service (?:temporarily )?unavailable)?"
    r"|(?:page|trang|bài viết|nội dung)?\s*(?:not found|không tìm thấy|không tồn tại)(?: (?:trang|nội dung|bài viết))?"
    r"|không tìm thấy (?:trang|nội dung|bài viết|đường dẫn).*"
    r"|(?:trang|bài viết|nội dung).{0,30}(?:không tồn tại|đã bị (?:gỡ|xóa)).*"
    r"|(?:oops|rất tiếc|xin lỗi)\b.{0,60}(?:not found|không tìm thấy|không tồn tại).*",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"(?:kết quả\s+)?tìm kiếm\b.*|search(?:\s+results?)?\b\s*(?:for|:|-|–|\||$).*|results for .*|kết quả (?:cho|tìm)\b.*",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:đăng nhập|đăng ký)\b.*|(?:please )?(?:log|sign) ?in\b.*|members? only.*|subscribe to (?:read|continue).*",
    re.IGNORECASE,
)
_SEARCH_ADDRESS = re.compile(r"/(?:tim-kiem|search)(?:[/.?_]|$)|search_enginer|[?&](?:q|keyword|tukhoa)=", re.IGNORECASE)
_TAG_ADDRESS = re.compile(
    r"-tag\d+\.|/(?:tags?|tu-khoa|chu-de|topics?|timelinetags)/|\.(?:tag|topic)(?:[?#]|$)|-ptag\.|/tag$", re.IGNORECASE
)
_TAG_NAME = re.compile(r"tag[_-]?(?:page|title|name|header)|(?:page|archive)[_-]tag", re.IGNORECASE)
_ARTICLES = frozenset(
    ("og:article", "NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "Report", "OpinionNewsArticle")
)
_VIDEO_WORDS = 80
_PHOTO_WORDS = 60
_PHOTOS = 3
_SCRIPT_WORDS = 30
_LOGIN_WORDS = 150
_TEASERS = 0.6  # share of a page's running text that stands below titles that are links; share of a text that is such
_ABOVE = 2.0  # words of other articles' titles and teasers above a text, for each word of it: it is the foot of a list
_SPAM = (
    *(
        "nhà cái",
        "cá cược",
        "tài xỉu",
        "nổ hũ",
        "soi kèo",
        "tỷ lệ kèo",
        "kèo nhà cái",
        "game bài",
        "đánh bài",
        "lô đề",
        "nạp đầu",
    ),
    *(
        "đổi thưởng",
        "xổ số miền",
        "link vào",
        "casino",
        "slot game",
        "baccarat",
        "bet88",
        "98win",
        "88win",
        "789win",
        "kuwin",
        "fun88",
    ),
    *("fb88", "jun88"),
)
_SPAM_PHRASES = 4  # different ones
_SPAM_SHARE = 12  # words for each hit: a report on gambling names it less often
_SAMPLE = 20_000  # characters


def check_page(raw: str, page: Page, facts: Facts, url: str | None) -> None:
    """Raises ExtractError where the page says by itself that it is no article (kind challenge, error, search, tag, login)."""
    if len(raw) <= _CHALLENGE_PAGE and _CHALLENGE.search(raw):
        raise _refused("challenge", "is a page that checks browsers; the article was not delivered")
    if len(raw) <= _SCRIPT_PAGE and _COOKIE_SCRIPT.search(raw) and _RELOAD.search(raw) and _visible_words(page) < _SCRIPT_WORDS:
        raise _refused("challenge", "is a script that sets a cookie and loads the page again; the article was not delivered")
    if is_article(facts):
        return
    named = [text.clean(name)[:200] for name in (facts.title, _window_title(page)) if name]
    dated = _is_dated(facts)
    if not dated and any(_ERROR.fullmatch(part) for name in named for part in _parts(name)):
        raise _refused("error", f"is an error page (“{text.shorten(named[0], 60)}”)")
    addresses = [address for address in (url, facts.canonical, page.address()) if address]
    article = any(urls.is_article(address) for address in addresses)
    searched = any(_SEARCH_ADDRESS.search(a) for a in addresses) or (not dated and any(map(_SEARCH.fullmatch, named)))
    if searched and not article:
        raise _refused("search", "is a page of search results")
    if any(_TAG_ADDRESS.search(a) for a in addresses) and not article:
        raise _refused("tag", "is the list of a tag")
    if any(map(_LOGIN.fullmatch, named)) and page.has(("input[type=password]",)) and _visible_words(page) < _LOGIN_WORDS:
        raise _refused("login", "is a form to log in; the article was not delivered")


def is_article(facts: Facts) -> bool:
    """The page calls itself an article."""
    return bool(_ARTICLES & facts.kinds)


def check_body(page: Page, facts: Facts, body: Body, url: str | None) -> None:
    """Raises ExtractError where what was read is no article's text (kind spam, video, photo, list)."""
    said = " ".join(leaf.text for leaf in body.leaves if leaf.kind is not None)[:_SAMPLE].casefold()
    words = sum(leaf.words for leaf in body.leaves if leaf.kind not in (None, BlockKind.CAPTION))
    hits = [said.count(phrase) for phrase in _SPAM if phrase in said]
    if len(hits) >= _SPAM_PHRASES and sum(hits) * _SPAM_SHARE > min(words, word_count(said)):
        raise _refused("spam", "is made of words that advertise gambling")
    article = is_article(facts)
    if not article and words < _VIDEO_WORDS and _is_video(facts):
        raise _refused("video", "is a video with a few words")
    captions = sum(leaf.kind is BlockKind.CAPTION for leaf in body.leaves)
    if (
        not article
        and words < _PHOTO_WORDS
        and ("ImageGallery" in facts.kinds or (captions >= _PHOTOS and captions * 12 > words))
    ):
        raise _refused("photo", "is a series of pictures with their captions")
    if not article and _is_list(facts, body, url):
        tagged = any(map(_TAG_NAME.fullmatch, page.classes))
        raise _refused("tag", "is the list of a tag") if tagged else _refused("list", "is a list of articles")


def check_empty(facts: Facts) -> None:
    """Raises ExtractError where a page without a text is a page of pictures or a video."""
    if "ImageGallery" in facts.kinds:
        raise _refused("photo", "is a series of pictures with their captions")
    if _is_video(facts):
        raise _refused("video", "is a video without words")


def _is_list(facts: Facts, body: Body, url: str | None) -> bool:
    """A list, or a front page, has dates too, and may be sent in place of an article that was removed. Where the address says
    something else than the title, its dates are not believed, and what little text it has besides is its foot."""
    told = said_in(url or facts.canonical, facts.title)
    if told is not None and told < _TOLD:
        return max(body.teasers, body.listed) >= _TEASERS or body.titles >= _ABOVE
    return not _is_dated(facts) and max(body.teasers, body.listed if told is None else 0.0) >= _TEASERS


_TOLD = 0.5  # share of the words of an article's address that are its title's


def _is_dated(facts: Facts) -> bool:
    """The page itself names a date of publication; a date that merely stands on it says nothing."""
    return any(claim.source in (DateSource.SITE, DateSource.JSON_LD, DateSource.META) for claim in facts.published)


def _is_video(facts: Facts) -> bool:
    return any(kind == "VideoObject" or kind.startswith("og:video") for kind in facts.kinds)


def _refused(kind: str, message: str) -> ExtractError:
    return ExtractError(message, kind=kind)


def _parts(name: str) -> list[str]:
    """A title and its parts: `404 - Không tìm thấy trang | Báo A`."""
    return [name, *(part.strip() for part in re.split(r"\s[|»–—-]\s", name))]


def _window_title(page: Page) -> str | None:
    return next((title.text for title in page.tagged("title") if title.text), None)


_MANY = 200


def _visible_words(page: Page) -> int:
    """About; a page of more than a few hundred is not counted to its end."""
    words = 0
    for element in page.tree.iter("p", "li", "div", "span", "h1", "h2", "h3", "td", "a", "body"):
        words += len((element.text or "").split())
        if words > _MANY:
            break
    return words
