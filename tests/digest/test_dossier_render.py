"""An evidence pack's page: what it shows, and that nothing from the web gets through as more than text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite

from digest_samples import ANY_TEXT, ZONE, any_value
from hypothesis import given
from hypothesis import strategies as st
from test_digest_render import ATTRIBUTES, HOSTILE, SLOW, TAGS, Page

from digest import dossier
from model import (
    Article,
    Block,
    BlockKind,
    Copy,
    Diff,
    Dossier,
    Edit,
    Event,
    Exhibit,
    Flag,
    Kept,
    Place,
    Step,
    Story,
    Taken,
    Wording,
)

NOW = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
WORDS = HOSTILE | ANY_TEXT
PLACE = Place(file="20261122.warc.gz", offset=0, length=9)


def taken(words: str = "a.vn/1", **fields: object) -> Taken:
    known: dict[str, object] = {
        "identity": words,
        "url": f"https://{words}",
        "source": words,
        "captured_at": NOW,
        "sha256": "0" * 64,
    }
    return Taken(capture_id=1, size=9, state="new", place=PLACE, **known | fields)  # type: ignore[arg-type]


def article(said: str = "Một câu.") -> Article:
    blocks = (Block(kind=BlockKind.PARAGRAPH, text=said),)
    return Article(
        identity="a.vn/1", url="https://a.vn/1", site="a.vn", outlet="Báo A", title="Tin", blocks=blocks, has_lead=True
    )


def made(found: Article, steps: int = 1, **fields: object) -> Dossier:
    wording = Wording(
        version_id=1,
        capture_id=1,
        seen=NOW,
        article=found,
        edit_hash="",
        copy_hash="",
        reader="3",
        edit=None,
        follows=None,
        flags=(),
    )
    kept = Kept(
        article_id=1, article=found, flags=(), first_seen=NOW, copy_of=None, versions=(), shown=0, current_id=steps, events=()
    )
    told = tuple(Step(number=n, wording=replace(wording, version_id=n), before=None, diff=None) for n in range(1, steps + 1))
    known: dict[str, object] = {"made": NOW, "program": "0.1.0", "kept": kept, "exhibits": (), "steps": told}
    return Dossier(**known | fields)  # type: ignore[arg-type]


def test_of_many_versions_the_first_and_the_last_and_the_current_are_shown_whole() -> None:
    page = dossier.page(made(article("Câu này đứng trong bài."), 100), ZONE)
    assert page.count("Câu này đứng trong bài.") == dossier.WHOLE
    assert page.count("As a file") == 100


def test_a_capture_that_is_not_in_the_pack_says_why() -> None:
    lost = Exhibit(taken=taken(pruned=NOW), problem="its bytes were dropped from the archive on 2026-11-22")
    page = Page(dossier.page(made(article(), exhibits=(lost,)), ZONE))
    assert "Not in this pack: its bytes were dropped from the archive on 2026-11-22" in page.text
    assert "Of 1 capture the bytes are not in this pack" in page.text


@SLOW
@given(
    found=any_value(Article, WORDS),
    flags=st.lists(any_value(Flag, WORDS), max_size=2),
    edit=any_value(Edit, WORDS),
    diff=any_value(Diff, WORDS),
    events=st.lists(any_value(Event, WORDS), max_size=2),
    story=any_value(Story, WORDS).filter(
        lambda story: all(isfinite(one.delay or 0) for one in story.carriers) and story.carriers
    ),
    copy=any_value(Copy, WORDS),
    words=WORDS,
)
def test_the_page_never_lets_a_text_become_markup(
    found: Article, flags: list[Flag], edit: Edit, diff: Diff, events: list[Event], story: Story, copy: Copy, words: str
) -> None:
    found = replace(found, blocks=found.blocks or article().blocks)
    plain = made(found)
    wording = replace(plain.steps[0].wording, edit=edit, flags=tuple(flags), reader=words)
    exhibit = Exhibit(
        taken=taken(words, error=words), record="captures/1.warc.gz", problem=words, url_asked=words, headers=((words, words),)
    )
    full = replace(
        plain,
        program=words,
        kept=replace(plain.kept, events=tuple(events)),
        exhibits=(exhibit,),
        steps=(Step(number=2, wording=wording, before=1, diff=diff),),
        story=story,
        original=copy,
        copies=(copy,),
    )
    raw = dossier.page(full, ZONE)
    page = Page(raw)
    assert {tag for tag, _ in page.tags} <= TAGS | {"em", "br", "code", "del", "ins", "strong"}
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES | {"open"}
    hrefs = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert all(href.startswith(("http://", "https://", "#", "versions/", "captures/")) for href in hrefs)
    assert not set("\x1b\x00\u202e\u200b") & set(raw)
