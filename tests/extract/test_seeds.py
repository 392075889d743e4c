"""The owner's saved pages read right: every line of each file is accounted for, by its number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

import extract
from model import Article, Block, BlockKind, Capture, Credit

SEEDS = Path(__file__).parents[2] / "seeds"
NOW = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What each line of a dump is, by its number in the file; what is named nowhere is a paragraph."""

    file: str
    title: int
    lead: int
    cut: int  # first line of what follows the article
    headings: tuple[int, ...] = ()
    captions: tuple[int, ...] = ()
    not_text: tuple[int, ...] = ()  # breadcrumbs, controls, dates, image alts, signatures
    rest: dict[str, object] = field(default_factory=dict)  # other fields of the article


CASES = [
    Expected(
        file="000_515ddf5382281e26.txt",
        title=3,
        lead=6,
        cut=72,
        headings=(11, 36, 49, 60),
        captions=(9, 30, 47, 58),
        not_text=(1, 8, 29, 46, 57),
        rest={"section": "Ngoại giao", "published": None, "credit": None, "origin_url": None},
    ),
    Expected(
        file="001_c663cb063f797fa1.txt",
        title=1,
        lead=5,
        cut=36,
        headings=(23,),
        not_text=(3, 33),
        rest={
            "section": "Quản trị",
            "published": datetime.fromisoformat("2024-06-18T09:47:00+07:00"),
            "credit": Credit(name="Báo Điện tử Chính phủ", domain="baochinhphu.vn"),
            "signature": "BNG",
            "origin_url": None,
        },
    ),
    Expected(
        file="002_6fcc68e241aba17d.txt",
        title=1,
        lead=4,
        cut=19,
        captions=(3, 13),
        not_text=(2, 12),
        rest={"published": None, "credit": None, "origin_url": None},
    ),
    Expected(
        file="003_a47c50ef6b43496d.txt",
        title=3,
        lead=5,
        cut=25,
        captions=(7, 21),
        not_text=(1, 6, 19),
        rest={"published": None, "credit": None, "origin_url": None},
    ),
    Expected(
        file="004_b8590c8849d7fb69.txt",
        title=1,
        lead=2,
        cut=26,
        headings=(5, 18),
        rest={
            "published": None,
            "credit": Credit(name="Báo Thế giới và Việt Nam", domain="baoquocte.vn"),
            "origin_url": "https://baoquocte.vn/viet-nam-lao-song-hanh-chat-che-phat-trien-manh-me-297921.html",
        },
    ),
]


def read(file: str) -> Article:
    body = (SEEDS / file).read_bytes()
    return extract.read(Capture(identity=f"saved:{file}", body=body, captured_at=NOW, captured_exactly=False))


def expected_blocks(case: Expected) -> list[Block]:
    """The article's blocks, from the numbered lines of the file alone; the lead goes first."""
    lines = (SEEDS / case.file).read_text(encoding="utf-8").split("\n")
    blocks = []
    for number, line in enumerate(lines[: case.cut - 1], 1):
        said = line.strip().strip("|").strip() if number in case.captions else line.strip()
        if not said or number in (case.title, case.lead, *case.not_text):
            continue
        kind = (
            BlockKind.HEADING
            if number in case.headings
            else BlockKind.CAPTION
            if number in case.captions
            else BlockKind.PARAGRAPH
        )
        blocks.append(Block(kind=kind, text=said))
    lead = lines[case.lead - 1].strip().removeprefix("(Chinhphu.vn) - ")
    return [Block(kind=BlockKind.PARAGRAPH, text=lead), *blocks]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file[:3])
def test_every_line_of_a_seed_is_what_it_is(case: Expected) -> None:
    article = read(case.file)
    lines = (SEEDS / case.file).read_text(encoding="utf-8").split("\n")
    assert article.title == lines[case.title - 1].strip()
    assert list(article.blocks) == expected_blocks(case)
    assert article.has_lead
    assert article.text == "\n".join(b.text for b in expected_blocks(case) if b.kind is not BlockKind.CAPTION)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file[:3])
def test_the_fields_of_a_seed(case: Expected) -> None:
    article = read(case.file)
    assert article.identity == f"saved:{case.file}"
    assert article.url is None
    assert article.language == "vi"
    assert {name: getattr(article, name) for name in case.rest} == case.rest


def test_a_paragraph_that_repeats_the_lead_stays() -> None:
    article = read("001_c663cb063f797fa1.txt")
    assert [block.text for block in article.blocks].count(article.lead) == 2


def test_reading_twice_gives_the_same() -> None:
    for case in CASES:
        assert read(case.file) == read(case.file)
