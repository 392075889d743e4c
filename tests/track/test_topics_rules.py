"""What each key of a topic file does, on small topics of one's own; near misses; and that nothing makes it fail."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Article, Block, BlockKind, Certainty, DateClaim, DateSource, Field, Held, Level
from track import topics

ROOT = Path(__file__).parents[2]
ASEAN = topics.load((ROOT / "topics" / "asean.toml").read_text(encoding="utf-8"), "asean.toml")
HEAD = 'name = "X"\nbase = "base"\n[[term]]\nrule = "base"\nweight = 2\nphrases = ["Biển Hồ"]\n'
FILLER = "Người dân trong vùng nói rằng mùa nước năm nay đến muộn hơn mọi năm. " * 12


def topic(more: str = "") -> topics.Topic:
    return topics.load(HEAD + more, "x.toml")


def term(rule: str, *lines: str, weight: float = 2, words: str = 'phrases = ["hội nghị"]') -> str:
    return "\n".join(["", "[[term]]", f'rule = "{rule}"', f"weight = {weight}", words, *lines, ""])


def article(
    title: str = "Tin",
    *paragraphs: str,
    published: str | None = None,
    caption: str | None = None,
    lead: bool = True,
    **more: object,
) -> Article:
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=one) for one in paragraphs or (FILLER,)]
    if caption:
        blocks.insert(1, Block(kind=BlockKind.CAPTION, text=caption))
    moment = published and datetime.fromisoformat(published).replace(tzinfo=UTC)
    claims = (DateClaim(moment=moment, source=DateSource.META, certainty=Certainty.SURE),) if moment else ()
    fields = {"identity": "x", "url": None, "site": None, "outlet": None, "title": title, **more}
    return Article(**fields, blocks=tuple(blocks), has_lead=lead, published_claims=claims)  # type: ignore[arg-type]


def rules(found: Article, by: topics.Topic, day: date | None = None) -> list[str]:
    return [match.evidence.rule for match in topics.explain(found, by, day).matched]


def test_a_match_is_worth_its_weight_times_its_best_place() -> None:
    by = topic("\n[places]\ntitle = 5\nlead = 4\nfirst = 3\nrest = 2\ncaption = 1\nfirst_paragraphs = 1\n")
    said = "Biển Hồ."
    for found, place, score in (
        (article(said, "a", "b"), "title", 10),
        (article("T", said, "b"), "lead", 8),
        (article("T", "a", said), "first", 6),
        (article("T", "a", "b", said), "rest", 4),
        (article("T", said, lead=False), "first", 6),
        (article("T", "a", said, lead=False), "rest", 4),
        (article("T", "a", caption=said), "caption", 2),
        (article(said, said, said), "title", 10),
    ):
        one = topics.explain(found, by)
        assert (one.matched[0].place, one.score) == (place, score), found


def test_a_long_text_has_to_say_more_for_the_same_score() -> None:
    by = topic()
    short, long = (topics.explain(article("Biển Hồ", *[FILLER] * n), by).score for n in (1, 10))
    assert (short, long) == (6.0, round(6 / (len(FILLER.split()) * 10 / 400) ** 0.5, 2))


def test_a_caption_alone_flags_nothing_and_its_offsets_are_of_the_captions() -> None:
    by = topic("\n[places]\ncaption = 1\n")
    found = article("T", "a", "b", caption="Ảnh: Biển Hồ")
    assert topics.flag(found, [by]) == ()
    (one,) = topics.explain(found, by).matched
    assert (one.evidence.field, found.captions[one.evidence.start : one.evidence.end]) == (Field.CAPTIONS, "Biển Hồ")


def test_a_term_counts_in_its_places_alone() -> None:
    by = topic(term("title-only", 'places = ["title"]'))
    assert rules(article("Hội nghị", "Hội nghị"), by) == ["title-only"]
    (no,) = topics.explain(article("T", "Hội nghị"), by).unmatched
    assert no.why == "it counts in title alone"


def test_a_term_decides_where_it_says() -> None:
    by = topic(term("decisive", 'decides = ["title"]', weight=3))
    assert topics.explain(article("Hội nghị", FILLER), by).verdict == Level.CORE
    assert topics.explain(article("T", "Hội nghị", FILLER), by).verdict == Level.MENTION


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("Hội nghị của Biển Hồ", True),
        ("Hội nghị " + "rất dài " * 30 + "ở Biển Hồ", False),
        ("Hội nghị", False),
        ("Hội nghị APEC ở Biển Hồ", False),
        ("Hội nghị ở Biển Hồ bàn về APEC", True),
        ("hoi nghi o bien ho", True),
    ],
)
def test_words_that_must_or_must_not_be_near(said: str, counts: bool) -> None:
    by = topic(term("near", 'needs = ["Biển Hồ"]', 'unless = ["APEC"]'))
    assert ("near" in rules(article("T", said), by)) is counts


@pytest.mark.parametrize(
    ("needs", "unless", "said", "counts"),
    [
        ("SOM", "", "An awesome hội nghị", False),
        ("SOM", "", "Hội nghị SOM-2", True),
        ("Đông Á", "", "Hội nghị ở dong anh", False),
        ("Đông Á", "", "hoi nghi dong anh, dong a", True),
        ("Đông Á", "", "Hội nghị ở dong a", False),
        ("Biển Hồ", "á", "Hội nghị đáp lại Biển Hồ", True),
        ("Biển Hồ", "á", "Hội nghị á Biển Hồ", False),
        ("Biển Hồ", "á", "Hội nghị a Biển Hồ", True),
    ],
)
def test_words_near_by_are_whole_words(needs: str, unless: str, said: str, counts: bool) -> None:
    by = topic(term("near", f'needs = ["{needs}"]', *([f'unless = ["{unless}"]'] if unless else [])))
    assert ("near" in rules(article("T", said), by)) is counts


def test_a_text_of_very_many_matches_is_judged_in_time() -> None:
    by = topic(term("near", 'needs = ["Biển Hồ"]', "within = 30") + '\n[[consume]]\nrule = "cup"\nphrases = ["Cúp Biển Hồ"]\n')
    found = article("T", "Hội nghị Biển Hồ Cúp Biển Hồ " * 10_000)
    start = time.process_time()
    topics.flag(found, [by])
    assert time.process_time() - start < 2


def test_words_are_taken_away_however_they_are_joined() -> None:
    by = topic('\n[[consume]]\nrule = "cup"\nphrases = ["Biển Hồ Cup", "Biển Hồ U23 Cup"]\n')
    assert rules(article("T", "Biển Hồ-Cup, Biển Hồ – Cup, Biển Hồ U-23 Cup, Biển Hồ U 23 Cup, Biển Hồ-U23-Cup"), by) == []
    assert rules(article("T", "Biển Hồ, Cup"), by) == ["base"]


def test_words_are_taken_away_where_others_stand_near() -> None:
    by = topic('\n[[consume]]\nrule = "tour"\nphrases = ["Biển Hồ"]\nneeds = ["tour", "đêm"]\nwithin = 20\n')
    assert rules(article("Tour Biển Hồ", "Biển Hồ 5 ngày 4 đêm", "Biển Hồ đẹp", "Tour"), by) == ["base"]


def test_a_gap_in_words_of_passing_and_what_is_only_named_aside() -> None:
    more = '\n[passing]\nwords = ["phối hợp … trong"]\naside = [", cựu", "theo hội nghị"]\nwithin = 20\n' + LEVELS
    by = topic(term("summit", weight=3) + more)
    for title, level in (
        ("Phối hợp chặt chẽ trong Hội nghị", "related"),
        ("Phối hợp trong Hội nghị", "related"),
        ("Phoi hop chat che trong hoi nghi", "related"),
        ("Phối hợp một hai ba bốn trong Hội nghị", "core"),
        ("Ông A, cựu Chủ tịch Hội nghị", "mention"),
        ("Theo Hội nghị", "mention"),
    ):
        assert topics.explain(article(title, FILLER), by).verdict == level, title


def test_a_sport_section_is_told_by_the_folders_of_the_address() -> None:
    by = topic('\n[sport]\nsections = ["the-thao", "Bóng đá"]\n')
    for url, verdict in (("the-thao-quoc-te/a.htm", "sport"), ("tin/bong-da/a.htm", "sport"), ("tin/bong-da-1.htm", "mention")):
        assert topics.explain(article("T", "a", "Biển Hồ", url=f"https://a.vn/{url}"), by).verdict == verdict, url


def test_what_is_needed_may_stand_in_the_title_but_not_where_a_distance_is_given() -> None:
    found = article("Biển Hồ", "Hội nghị")
    assert "near" in rules(found, topic(term("near", 'needs = ["Biển Hồ"]')))
    assert "near" not in rules(found, topic(term("near", 'needs = ["Biển Hồ"]', "within = 30")))


def test_a_phrase_with_a_gap_ends_with_its_line_and_takes_no_words_of_another() -> None:
    gap = term("gap", 'needs = ["Biển Hồ"]', "within = 30", words='phrases = ["Hội nghị Bộ trưởng"]')
    by = topic(gap + term("whole", words='phrases = ["Bộ trưởng Biển Hồ"]'))
    assert rules(article("T", "Hội nghị Bộ trưởng Y tế Biển Hồ"), by) == ["gap", "base"]
    assert rules(article("T", "Hội nghị Bộ trưởng Biển Hồ"), by) == ["whole"]
    assert "gap" not in rules(article("T", "Hội nghị Bộ trưởng", "Biển Hồ"), by)


def test_what_stands_in_a_phrase_that_takes_its_words_away_is_needed_by_nothing() -> None:
    by = topic(term("near", 'needs = ["Biển Hồ"]') + '\n[[consume]]\nrule = "cup"\nphrases = ["Cúp Biển Hồ"]\n')
    found = topics.explain(article("T", "Hội nghị Cúp Biển Hồ"), by)
    assert found.matched == ()
    assert "its words belong to a phrase of `cup`" in [no.why for no in found.unmatched]


def test_letters_of_abbreviations_and_of_exact_phrases() -> None:
    by = topic(term("short", words='acronyms = ["SOM"]') + term("exact", 'case = "exact"', words='phrases = ["Hòa Bình"]'))
    assert rules(article("T", "SOM, som, Som, SOMTC, SOM-2"), by) == ["short", "short"]
    assert rules(article("T", "Hòa Bình, Hoà Bình, hòa bình, HÒA BÌNH"), by) == ["exact", "exact"]


@pytest.mark.parametrize(
    ("published", "day", "counts"),
    [
        ("2025-06-01", None, True),
        ("2025-01-01", None, True),
        ("2025-12-31", None, True),
        ("2026-01-01", None, False),
        ("2024-12-31", date(2025, 6, 1), False),
        (None, date(2025, 6, 1), True),
        (None, date(2026, 6, 1), False),
        (None, None, False),
    ],
)
def test_what_has_its_time_counts_by_the_day_of_publication_else_of_capture(
    published: str | None, day: date | None, counts: bool
) -> None:
    by = topic(term("chair", "from = 2025-01-01", "until = 2025-12-31"))
    assert ("chair" in rules(article("T", "Hội nghị", published=published), by, day)) is counts


def test_two_people_of_one_name_in_two_times() -> None:
    by = topic(term("first", "until = 2024-12-31") + term("second", "from = 2025-01-01"))
    assert [rules(article("T", "Hội nghị", published=f"{year}-05-05"), by) for year in (2024, 2025)] == [["first"], ["second"]]


def test_lines_without_marks_are_read_without_marks_and_no_others() -> None:
    by = topic()
    assert rules(article("T", "Nuoc o Bien Ho can dan."), by) == ["base"]
    assert rules(article("T", "Nước ở Bien Ho cạn dần."), by) == []
    assert rules(article("T", "Nước cạn dần.", "Bien Ho – “can dan”"), by) == ["base"]


def test_what_is_named_in_passing_does_not_decide() -> None:
    by = topic(term("summit", weight=3) + '\n[passing]\nwords = ["bên lề"]\nwithin = 20\n')
    beside = topics.explain(article("Gặp gỡ bên lề Hội nghị", FILLER), by)
    assert (beside.verdict, beside.matched[0].passing) == (Level.RELATED, "bên lề")
    assert beside.near[0] == "“Hội nghị” (summit) in the title does not decide: it stands behind “bên lề”"
    for title in ("Bên lề. Hội nghị", "Bên lề một cuộc gặp gỡ rất là dài, Hội nghị", "Hội nghị bên lề"):
        assert topics.explain(article(title, FILLER), by).verdict == Level.CORE, title


def test_sections_and_outlets_add_to_the_score_and_lift_what_has_a_strong_term() -> None:
    by = topic(
        '\n[[prior]]\nrule = "own"\nsections = ["Biển Hồ hôm nay"]\noutlets = ["bienho.vn"]\nadds = 1.5\nlevel = "related"\n'
    )
    bare = topics.explain(article("T", FILLER, "Biển Hồ"), by)
    for more in ({"section": "Biển Hồ hôm nay"}, {"breadcrumb": ("Biển Hồ hôm nay", "Tin")}, {"site": "bienho.vn"}):
        found = topics.explain(article("T", FILLER, "Biển Hồ", **more), by)
        assert (bare.verdict, found.verdict, found.score - bare.score) == ("mention", "related", 1.5)
        assert "`own`" in found.why[0]
    assert topics.flag(article("T", FILLER, site="bienho.vn"), [by]) == ()


def test_sport_is_a_verdict_of_its_own_and_no_flag() -> None:
    by = topic('\n[sport]\nwords = ["bàn thắng", "thủ môn", "trận đấu"]\nleast = 3\n')
    two = topics.explain(article("Biển Hồ thắng", "Bàn thắng đẹp.", "Thủ môn ngã."), by)
    three = topics.explain(article("Biển Hồ thắng", "Bàn thắng đẹp.", "Thủ môn ngã.", "Trận đấu hay."), by)
    assert (two.verdict, three.verdict, three.flag) == ("mention", "sport", None)
    assert "Bàn thắng, Thủ môn, Trận đấu" in three.why[0]


# ---------------------------------------------------------------- thresholds and near misses

LEVELS = "\n[levels]\ncore = 3.0\nrelated = 2.0\nmention = 1.0\npa" + "ragraphs = 2\nearly = 6\nnamed = 1\nwords = 150\n"


def test_near_misses_say_what_kept_a_flag_from_the_next_level() -> None:
    by = topic(term("summit", weight=3) + term("organ", words='phrases = ["ủy ban"]') + LEVELS)
    low = topics.explain(article("Hội nghị", *[FILLER] * 60), by)
    assert (low.verdict, low.near[0]) == ("mention", f"related from 2; it has {low.score:g}")
    far = topics.explain(article("T", *[FILLER] * 12, "Biển Hồ"), by)
    assert far.verdict == "none"
    assert far.why == (f"mention from 1; it has {far.score:g}",)
    one = topics.explain(article("T", "a", "Biển Hồ"), by)
    assert (one.verdict, one.near) == (
        "mention",
        ("1 of 2 different strong terms, none of them in the title", "no decisive term in title or lead"),
    )
    two = topics.explain(article("T", "a", "Biển Hồ", "Ủy ban"), by)
    assert two.verdict == "related"
    assert two.near == ("no decisive term in title or lead", "2 of 3 different strong terms that decide together")
    assert topics.explain(article("Hội nghị", "a", "b"), by).near == ()


def test_a_flag_keeps_its_reasons() -> None:
    by = topic(term("summit", weight=3) + LEVELS)
    (core,) = topics.flag(article("Hội nghị", "a"), [by])
    assert (core.why, core.near, core.rules) == (("“Hội nghị” (summit) decides in the title",), (), by.version)
    (mention,) = topics.flag(article("T", "a", "Biển Hồ"), [by])
    assert mention.why == ("named: base",)
    assert mention.near


def test_one_place_far_down_is_no_more_than_a_mention() -> None:
    """As in a joint statement of two countries: all of ASEAN in one paragraph."""
    by = topic(term("organ", words='phrases = ["ủy ban"]') + term("paper", words='phrases = ["hiệp ước"]') + LEVELS)
    down = article("T", "a", "b", "c", "d", "e", "Biển Hồ, Ủy ban và Hiệp ước")
    assert topics.explain(down, by).verdict == "mention"
    spread = article("T", "a", "Biển Hồ", "c", "Ủy ban", "e", "Hiệp ước")
    assert topics.explain(spread, by).verdict == "core"


# ---------------------------------------------------------------- other rules


def held(found: Article, *kept: topics.Topic) -> Held:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Held(
        article_id=1, version_id=1, is_current=True, captured=moment, article=found, flags=topics.flag(found, kept, moment.date())
    )


def test_what_other_rules_move() -> None:
    now, more = topic(), topic(term("summit", weight=3))
    found = article("Hội nghị", "a")
    gained = topics.compare(held(found, now), now, more)
    lost = topics.compare(held(found, more), more, now)
    assert gained
    assert lost
    assert (gained.levels, lost.levels) == (("none", "core"), ("core", "none"))
    assert (gained.before and gained.before.verdict, lost.after.why) == ("none", ("no term in it",))
    assert topics.compare(held(found, more), now, more) is None, "what counts is the flag as it is stored"
    changed = topics.compare(held(article("T", "Biển Hồ", "Hội nghị"), now), None, more)
    assert changed
    assert (changed.levels, changed.before) == (("mention", "related"), None)


# ---------------------------------------------------------------- nothing makes it fail

WORDS = st.sampled_from(
    [
        "ASEAN",
        "asean",
        "Hội nghị Cấp cao",
        "COC",
        "Biển Đông",
        "bên lề",
        "HLV",
        "ASEAN Cup",
        "\n",
        " - ",
        "Hiep hoi",
        "İ",
        "ß",
        "\u0301",
    ]
)
TEXT = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=20).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(st.tuples(st.sampled_from(BlockKind), TEXT), min_size=1, max_size=5), st.booleans(), TEXT)
def test_it_never_fails_and_its_offsets_are_of_the_stored_text(
    title: str, blocks: list[tuple[BlockKind, str]], lead: bool, section: str
) -> None:
    found = Article(
        identity="x",
        url=None,
        site=None,
        outlet=None,
        title=title,
        blocks=tuple(Block(kind=kind, text=said) for kind, said in blocks),
        has_lead=lead,
        section=section,
    )
    for day in (None, date(2025, 10, 27)):
        one = topics.explain(found, ASEAN, day)
        flags = topics.flag(found, [ASEAN], day)
        assert ((one.flag,) if one.flag else ()) == flags
        assert one.verdict in ("core", "related", "mention") if flags else one.verdict in ("sport", "none")
        assert not flags or [match.evidence for match in one.matched] == list(flags[0].evidence)
        for evidence in (*(match.evidence for match in one.matched), *(no.evidence for no in one.unmatched)):
            assert getattr(found, evidence.field)[evidence.start : evidence.end] == evidence.text
