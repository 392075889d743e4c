"""What an answer means for the address that was asked, pure: a page to keep, or the named outcome instead.

Blocks look like success: a 200 may be a challenge, a wall or nothing. A page is refused for what it says only where it has
hardly any text and says of itself in no way that it is an article; what is kept wrongly is found out when it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

import urls
from model import Outcome

BLOCKING = frozenset({401, 403, 429, 451})
_GONE = frozenset({404, 410})
_HTML = frozenset({"", "text/html", "application/xhtml+xml"})
_NOTHING = b" \t\r\n\f\v\0\xef\xbb\xbf"  # with UTF-8's mark

_THIN_BYTES = 60_000  # the longest challenge pages are half of that; a longer page is not looked into
_THIN_TEXT = 1_000  # letters that a reader sees on a page that stands in for another
_BARE_TEXT = 200  # the same of a page that is a script and no more
_HEAD_BYTES = 200_000
_SOON = 10  # seconds; a page that loads itself anew later is a live report

# Signs that a page gives of being an article, whatever else stands on it; the usual ones are found fast.
_ARTICLES = (b'"NewsArticle"', b"article:published_time", b"articleBody")
_OG_ARTICLE = re.compile(rb"og:type[\"']?\s+content=[\"']?article", re.IGNORECASE)
_ARTICLE = re.compile(
    rb"articleBody|NewsArticle|[\"'](?:Article|ReportageNewsArticle|BlogPosting)[\"']|article:published_time"
    rb"|og:type[\"']?\s+content=[\"']?article|<article\b",
    re.IGNORECASE,
)
# Pages that stand in for the article until a browser has proved itself.
_CHALLENGES = (
    b"<title>Just a moment...",
    b"<title>Attention Required! | Cloudflare",
    b"_cf_chl_opt",
    b"cf-browser-verification",
    b"_Incapsula_Resource",
    b"Incapsula incident ID",
    b"sucuri_cloudproxy_js",
    b"<title>DDoS-Guard",
    b"slowAES.decrypt",
    b"Cloudrity",
)
# One of these is on every page that stands in; they are looked for before anything slower is.
_SUSPICIOUS = (*_CHALLENGES, b"document.cookie", b"assword", b"ASSWORD", b"efresh", b"EFRESH")
# No pattern may go over a tag's end, or a page of open tags would take seconds.
_COOKIE_CHALLENGE = re.compile(rb"""document\.cookie\s*=\s*["'](?:D1N|muid_\w+)=""")
_SETS_COOKIE = re.compile(rb"document\.cookie\s*=")
_LOADS_ANEW = re.compile(rb"location\.(?:reload|replace|assign)\s*\(|location(?:\.href)?\s*=|\.submit\(\)")
_REFRESH = re.compile(rb"""<meta\b[^<>]{0,500}http-equiv\s{0,9}=\s{0,9}["']?refresh\b[^<>]{0,2000}""", re.IGNORECASE)
_REFRESH_TO = re.compile(r"""content\s*=\s*["']?\s*(\d+)(?:\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'>\s]*))?""", re.IGNORECASE)
_PASSWORD = re.compile(rb"""<input\b[^<>]{0,500}type\s{0,9}=\s{0,9}["']?password\b""", re.IGNORECASE)
_LOGIN_PATH = re.compile(r"/(?:login|log-in|signin|sign-in|dang-nhap|dangnhap|sso|oauth2?)(?=[/.]|$)", re.IGNORECASE)
_TARGET = re.compile(rb"""\b(?:href|content)\s{0,9}=\s{0,9}["']?([^"'<>\s]+)""", re.IGNORECASE)
_LONGEST_TAG = 2_500
_UNSEEN = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>?", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A response, as far as it decides."""

    status: int
    asked: str
    url: str  # after redirects
    content_type: str
    coded: bool  # in a content coding that we did not undo
    challenged: bool  # the server says itself that this is a challenge page
    body: bytes


def outcome(answer: Answer) -> Outcome:
    """CAPTURED for a page that is to be kept, else what became of it."""
    if answer.status in BLOCKING or answer.challenged:
        return Outcome.BLOCKED
    if answer.status in _GONE:
        return Outcome.GONE
    if answer.status != 200 or len(answer.url) > urls.LONGEST:
        return Outcome.FAILED
    return _by_address(answer) or _by_form(answer) or _by_text(answer) or Outcome.CAPTURED


def _by_address(answer: Answer) -> Outcome | None:
    """Many sites send the readers of a removed article to the front page, or to its section."""
    if answer.asked == answer.url or urls.identity(answer.asked) == urls.identity(answer.url):
        return None
    if _LOGIN_PATH.search(urlsplit(answer.url).path) and not _LOGIN_PATH.search(urlsplit(answer.asked).path):
        return Outcome.BLOCKED
    return Outcome.GONE if urls.is_home(answer.url) or urls.is_list(answer.url) else None


def _by_form(answer: Answer) -> Outcome | None:
    if answer.coded or answer.content_type.partition(";")[0].strip().lower() not in _HTML:
        return Outcome.NOT_HTML
    return None if answer.body[:4_096].strip(_NOTHING) or answer.body.strip(_NOTHING) else Outcome.FAILED


def _by_text(answer: Answer) -> Outcome | None:
    if _stands_in(answer):
        return Outcome.BLOCKED
    return Outcome.GONE if _is_elsewhere(answer) else None


# ---------------------------------------------------------------- pages that stand in for another


def _stands_in(answer: Answer) -> bool:
    """A challenge, a login wall, or a script that lets in who can run it."""
    body = answer.body
    if len(body) > _THIN_BYTES or any(mark in body for mark in _ARTICLES):  # nearly every article ends here
        return False
    if not any(mark in body for mark in _SUSPICIOUS) or _ARTICLE.search(body):
        return False
    if _is_challenge(body) or _PASSWORD.search(body):
        return _seen(body) < _THIN_TEXT
    return (_is_cookie_script(body) or _refreshes_itself(answer)) and _seen(body) < _BARE_TEXT


def _is_challenge(body: bytes) -> bool:
    return any(mark in body for mark in _CHALLENGES) or bool(_COOKIE_CHALLENGE.search(body))


def _seen(body: bytes) -> int:
    """How many bytes of text a reader sees, blanks aside."""
    return sum(map(len, _UNSEEN.sub(b" ", body).split()))


def _is_cookie_script(body: bytes) -> bool:
    return bool(_SETS_COOKIE.search(body) and _LOADS_ANEW.search(body))


def _refreshes_itself(answer: Answer) -> bool:
    found = _REFRESH.search(answer.body)
    told = _REFRESH_TO.search(found[0].decode("utf-8", "replace")) if found else None
    if not told or int(told[1][:6]) > _SOON:
        return False
    target = _joined(answer.url, told[2] or "")
    return target is not None and urls.canonical_key(target) == urls.canonical_key(answer.url)


# ---------------------------------------------------------------- another page under the article's address


def _is_elsewhere(answer: Answer) -> bool:
    """The front page, or a list, is sent with a 200 where an article was: all that the page calls itself is such a page."""
    named = _names(answer.body)
    if not named or not all(_is_other(name, answer) for name in named) or not urls.is_article(answer.asked):
        return False
    # Some sites call every page of theirs by the front page's name.
    return not any(mark in answer.body for mark in _ARTICLES) and not _OG_ARTICLE.search(answer.body)


def _names(body: bytes) -> list[str]:
    """What the first canonical link and og:url say."""
    tags = (_tag_with(body, mark) for mark in (b"canonical", b"og:url"))
    found = (_TARGET.search(tag) for tag in tags)
    return [unescape(target[1].decode("utf-8", "replace")) for target in found if target]


def _tag_with(body: bytes, mark: bytes) -> bytes:
    place = body.find(mark, 0, _HEAD_BYTES)
    start = body.rfind(b"<", max(0, place - _LONGEST_TAG), max(0, place))
    is_tag = place >= 0 and body[start : start + 5].lower() in (b"<link", b"<meta")
    return body[start : body.find(b">", place, place + _LONGEST_TAG)] if is_tag else b""


def _is_other(told: str, answer: Answer) -> bool:
    if told in (answer.asked, answer.url):
        return False
    name = _joined(answer.url, told) or ""
    if not urls.is_web(name) or not urls.same_site(name, answer.url) or urls.identity(name) == urls.identity(answer.asked):
        return False
    return urls.is_home(name) or urls.is_list(name)


def _joined(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link)
    except ValueError:
        return None
