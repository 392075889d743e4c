"""What an answer means for the address that was asked, pure: a page to keep, or the named outcome instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

import urls
from model import Outcome

BLOCKING = frozenset({401, 403, 429, 451})
_GONE = frozenset({404, 410})
_HTML = frozenset({"", "text/html", "application/xhtml+xml"})
# Pages that stand in for the article until a browser has proved itself. They are short; the marks may occur in long, real pages.
_CHALLENGE = re.compile(
    rb"<title>Just a moment\.\.\.|_Incapsula_Resource|document\.cookie\s*=\s*[\"'](?:D1N|muid_\w+)=|Cloudrity"
)
_CHALLENGE_BYTES = 20_000


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
    if _led_away(answer):
        return Outcome.GONE
    if answer.coded or answer.content_type.partition(";")[0].strip().lower() not in _HTML:
        return Outcome.NOT_HTML
    if len(answer.body) < _CHALLENGE_BYTES and _CHALLENGE.search(answer.body):
        return Outcome.BLOCKED
    return Outcome.CAPTURED


def _led_away(answer: Answer) -> bool:
    """Many sites send the readers of a removed article to the front page, or to its section."""
    if urls.identity(answer.asked) == urls.identity(answer.url):
        return False
    return urls.is_home(answer.url) or urls.is_list(answer.url)
