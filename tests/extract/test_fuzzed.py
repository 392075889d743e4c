"""What fuzzing found, and a short run of it: only ExtractError comes out of a page, or an article that keeps its promises."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from bench import fuzz
from model import Capture

SAID = "Hai bên đã họp và nhất trí với nhau về việc chia sẻ nguồn nước của con sông chung trong mùa khô năm nay."

# name: (page, address)
FOUND: dict[str, tuple[str, str | None]] = {
    "the place of the text is an element whose name is none": (f'<body><s="x" id="login">{f"<p>{SAID}</p>" * 4}</s>', None),
    "a title is cut at a blank": (f"<title>{'a' * 399} {'b' * 9}</title><p>{SAID}</p><p>{SAID}</p>", None),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(name: str) -> None:
    body, url = FOUND[name]
    fuzz.check(fuzz.capture_of(body.encode(), url))


@settings(max_examples=300, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(fuzz.captures())
def test_composed_pages_keep_their_promises(capture: Capture) -> None:
    fuzz.check(capture)


@pytest.mark.parametrize("broken", ["", "\x00", "a", "<", "<p>", "</p>", "<!--", "&", "&#", "\ufeff", "\ud800", "|", "![", "# "])
def test_the_smallest_pages_are_read_or_refused(broken: str) -> None:
    for body in (broken, f"<p>{broken}{SAID}{broken}</p>", f"{broken}{SAID}\n{broken}\n{SAID}", broken * 100):
        fuzz.check(fuzz.capture_of(body.encode("utf-8", "surrogatepass")))
