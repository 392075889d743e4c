"""What the store and the digest make of articles that are edited, copied, dated anew, and read by another reader.

A real store, and the pipeline's keeper as it is; articles by hand, and a clock of our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

import digest as telling
import pipeline
import store
from model import (
    Article,
    Capture,
    Certainty,
    Confidence,
    Credit,
    DateClaim,
    DateSource,
    Digest,
    Event,
    EventKind,
    LikenessKind,
)
from tests import syndication
from track import changes, stories

NOW = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = [syndication.paragraph(Random(seed), 60) for seed in range(24)]  # noqa: S311 - invented news


class Press:
    """Pages as they come, one after another, an hour apart."""

    def __init__(self, home: Path) -> None:
        self.books = store.open_store(home)
        self.now = NOW
        self.count = 0

    def page(self, identity: str, said: Sequence[str], *, reader: str = "generic", days_ago: int = 0, **fields: object) -> str:
        """An article as it is read at this moment: what it means. `days_ago`: when its page was saved."""
        self.now += HOUR
        self.count += 1
        found = written(identity, said, reader=reader, **fields)
        capture = Capture(
            identity=identity,
            body=f"{self.count}".encode(),
            captured_at=self.now - timedelta(days=days_ago),
            captured_exactly=True,
            url=f"https://{identity}",
        )
        (archived,) = self.books.archive([capture])
        return self.read(archived, found)

    def read(self, archived: store.archive.Archived, found: Article, earlier: tuple[int, Article] | None = None) -> str:
        again = (earlier[0], reading(earlier[1])) if earlier else None
        with self.books.transaction():
            done = pipeline._keep(self.books, archived, replace(reading(found), earlier=again), self.now)
        assert done
        return done.state

    def digest(self) -> Digest:
        """Told, and marked as told."""
        built = telling.build(self.books.untold(), now=self.now, timezone="Asia/Ho_Chi_Minh", notices=self.books.untold_notices())
        self.books.tell("", built.versions, self.now, [notice.event.event_id for notice in built.notices])
        return built

    def events(self, article_id: int = 1) -> list[str]:
        return [str(event.kind) for event in self.books.events(article_id)]

    def story(self, article_id: int) -> list[int]:
        kept = self.books.kept(article_id)
        assert kept
        return [] if kept.story is None else [one.article_id for one in self.books.stories.members(kept.story)]


def reading(article: Article) -> pipeline.Reading:
    return pipeline.Reading(article=article, fingerprint=changes.fingerprint(article), flags=())


def written(identity: str, said: Sequence[str], *, reader: str = "generic", **fields: object) -> Article:
    published = fields.pop("published", None)
    made = syndication.article(str(fields.pop("title", f"Tin của {identity}")), list(said), identity.split("/")[0])
    claims = (claim(published),) if isinstance(published, datetime) else ()
    return replace(
        made,
        identity=identity,
        url=f"https://{identity}",
        outlet=f"Báo {made.site}",
        reader=reader,
        published_claims=claims,
        **fields,
    )


def claim(moment: datetime) -> DateClaim:
    return DateClaim(moment=moment, source=DateSource.META, certainty=Certainty.SURE)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    yield made
    made.books.close()


def groups(told: Digest) -> dict[str, list[int]]:
    return {group.name: [one.article_id for one in group.items] for group in told.groups}


# ---------------------------------------------------------------- edits


def test_an_edit_keeps_what_kind_it_is_and_the_digest_says_it(press: Press) -> None:
    press.page("a.vn/tin-1", ["Giá xăng giảm 320 đồng một lít.", *WORDS[:3]])
    assert groups(press.digest()) == {"rest": [1]}
    assert press.page("a.vn/tin-1", ["Giá xăng giảm 230 đồng một lít.", *WORDS[:3]]) == "edited"
    told = press.digest()
    [edit] = told.groups[0].items[0].edits
    assert (edit.kinds, edit.material) == (("number",), True)
    assert "number: “320” → “230”" in telling.render(told, "text").replace("\n", " ")


def test_an_edit_of_a_text_too_long_to_be_compared_is_told(press: Press) -> None:
    long = WORDS * 20
    press.page("a.vn/tin-1", long)
    press.digest()
    assert press.page("a.vn/tin-1", ["Một câu.", *long]) == "edited"
    [edit] = press.digest().groups[0].items[0].edits
    assert (edit.material, edit.changed, edit.proofs) == (True, 0, ())


def test_a_small_edit_is_told_in_one_line(press: Press) -> None:
    press.page("a.vn/tin-1", ["Nghành dệt may chia sẽ kinh nghiệm.", *WORDS[:3]])
    press.digest()
    press.page("a.vn/tin-1", ["Ngành dệt may chia sẻ kinh nghiệm.", *WORDS[:3]])
    told = press.digest()
    assert groups(told) == {"minor": [1]}
    said = telling.render(told, "text")
    assert "1 small change: “Tin của a.vn/tin-1” (edited: typo; article 1)" in said
    assert not press.digest().versions, "nothing is told twice"


def test_a_text_that_was_there_before_makes_no_version_and_no_alarm(press: Press) -> None:
    one, other = ["Một câu như vậy.", *WORDS[:3]], ["Hai câu như vậy.", *WORDS[:3]]
    press.page("a.vn/tin-1", one)
    press.digest()
    press.page("a.vn/tin-1", other)
    press.digest()
    assert press.page("a.vn/tin-1", one) == "restored"
    kept = press.books.kept(1)
    assert kept
    assert (len(kept.versions), kept.shown) == (2, 0)
    told = press.digest()
    assert not told.groups
    assert "shows version 1 again" in telling.render(told, "text")
    assert not press.digest().notices
    assert press.page("a.vn/tin-1", one) == "unchanged"


def test_a_page_that_was_saved_before_what_is_stored_is_an_older_version_and_no_edit(press: Press) -> None:
    """Somebody adds an older crawl to a site that is watched."""
    old, new = ["Giá xăng giảm 807 đồng.", *WORDS[:3]], ["Giá xăng giảm 870 đồng.", *WORDS[:3]]
    press.page("a.vn/tin-1", new, days_ago=1)
    press.digest()
    assert press.page("a.vn/tin-1", old, days_ago=2) == "older"
    assert press.page("a.vn/tin-1", old, days_ago=3) == "unchanged"
    assert not press.digest().versions
    kept = press.books.kept(1)
    assert kept
    assert (len(kept.versions), kept.shown, [one.is_older for one in kept.versions]) == (2, 0, [False, True])
    assert "870" in kept.article.text
    assert press.events() == []
    hour = timedelta(minutes=30)
    assert [one.version_id for one in press.books.between(NOW, press.now + hour)] == [kept.current_id]
    assert press.books.between(press.now - 2 * HOUR + hour, press.now + hour) == []
    assert press.page("a.vn/tin-1", new) == "unchanged"
    assert press.page("a.vn/tin-1", [*new, "Một câu nữa."]) == "edited"
    assert press.page("a.vn/tin-1", old) == "restored"


def test_a_clock_that_was_set_back_hides_no_edit(press: Press) -> None:
    press.page("a.vn/tin-1", ["Giá xăng giảm 807 đồng.", *WORDS[:3]])
    press.now -= timedelta(days=30)
    assert press.page("a.vn/tin-1", ["Giá xăng giảm 870 đồng.", *WORDS[:3]]) == "edited"


def test_a_text_that_no_digest_told_and_that_comes_back_is_told_once(press: Press) -> None:
    one, other = ["Một câu như vậy.", *WORDS[:3]], ["Hai câu như vậy.", *WORDS[:3]]
    press.page("a.vn/tin-1", one)
    press.page("a.vn/tin-1", other)
    assert groups(press.digest()) == {"rest": [1]}
    assert press.page("a.vn/tin-1", one) == "restored"
    assert groups(press.digest()) == {"rest": [1]}
    assert not groups(press.digest())


def test_a_store_whose_hashes_are_of_an_older_key_alarms_nobody(press: Press) -> None:
    """An upgrade raises the key; nothing is an edit by that, and a text that was there before is still known."""
    one, other = ["Một câu như vậy.", *WORDS[:3]], ["Hai câu như vậy.", *WORDS[:3]]
    press.page("a.vn/tin-1", one)
    press.page("a.vn/tin-1", other)
    press.page("b.vn/tin-2", [*WORDS[4:8]])
    press.page("c.vn/tin-3", ["Giá xăng giảm 320 đồng một lít.", *WORDS[8:11]])
    press.digest()
    old = "UPDATE versions SET edit_hash = substr(edit_hash, 3)"  # as they were before they began with a version
    press.books._connection.execute(old)
    assert press.page("a.vn/tin-1", one) == "restored"
    press.digest()
    press.books._connection.execute(old)
    assert press.page("a.vn/tin-1", one) == "unchanged"
    assert press.page("b.vn/tin-2", [*WORDS[4:7], f"{WORDS[7]} (Cập nhật lúc 10:30)"]) == "unchanged"
    assert press.page("c.vn/tin-3", ["Giá xăng giảm 230 đồng một lít.", *WORDS[8:11]]) == "edited"
    told = press.digest()
    assert [item.article_id for group in told.groups for item in group.items] == [3]
    assert {row["edit_hash"][:2] for row in press.books._rows("SELECT edit_hash FROM versions")} == {"2:"}


def test_a_capture_read_again_over_a_hash_of_an_older_key_is_no_edit(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:3])
    press.books._connection.execute("UPDATE versions SET edit_hash = 'x'")
    now = written("a.vn/tin-1", WORDS[:3], reader="mastercms")
    (archived,) = press.books.archive(
        [Capture(identity="a.vn/tin-1", body=b"x", captured_at=press.now, captured_exactly=True, url="https://a.vn/tin-1")]
    )
    assert press.read(archived, now, earlier=(1, now)) == "unchanged"
    kept = press.books.kept(1)
    assert kept
    assert [version.edit for version in kept.versions] == [None]
    assert not press.events()


def test_what_only_one_of_two_versions_is_read_by_is_no_edit(press: Press) -> None:
    """The first page is lost, so that a better reader reads the second alone: what the reader leaves out the press did not."""
    press.page("a.vn/tin-1", ["Giá xăng giảm 320 đồng.", *WORDS[:3]])
    press.page("a.vn/tin-1", ["Giá xăng giảm 230 đồng.", *WORDS[:3]])
    press.books._connection.execute("UPDATE versions SET reader = '1 generic ' WHERE id = 1")
    fewer = written("a.vn/tin-1", ["Giá xăng giảm 230 đồng.", *WORDS[:2]])
    assert press.page("a.vn/tin-1", ["Giá xăng giảm 230 đồng.", *WORDS[:3]]) == "unchanged"
    (archived,) = press.books.archive(
        [Capture(identity="a.vn/tin-1", body=b"x", captured_at=press.now, captured_exactly=True, url="https://a.vn/tin-1")]
    )
    assert press.read(archived, fewer, earlier=(2, fewer)) == "unchanged"
    kept = press.books.kept(1)
    assert kept
    assert kept.article.text == fewer.text
    edit = kept.versions[1].edit
    assert edit
    assert edit.kinds == ("number",)


def test_texts_that_go_to_and_fro_are_told_as_unstable_once_and_then_no_more(press: Press) -> None:
    one, other = ["Một câu như vậy.", *WORDS[:3]], ["Hai câu như vậy.", *WORDS[:3]]
    press.page("a.vn/tin-1", one)
    press.digest()
    press.page("a.vn/tin-1", other)
    for said in (one, other, one, other, one):
        press.page("a.vn/tin-1", said)
    assert press.events() == [*["restored"] * 3, "unstable", *["restored"] * 2]
    assert "is unstable: went back to an earlier text 3 times in 14 days" in telling.render(press.digest(), "text").replace(
        "\n    ", " "
    )
    press.page("a.vn/tin-1", ["Giá xăng là 500 đồng.", *WORDS[:3]])
    assert groups(press.digest()) == {"minor": [1]}
    press.now += timedelta(days=15)
    press.page("a.vn/tin-1", ["Giá xăng là 900 đồng.", *WORDS[:3]])
    assert groups(press.digest()) == {"rest": [1]}, "it has been quiet for long enough"


def test_a_date_that_moves_alone_is_an_event_and_no_version(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("a.vn/tin-1", WORDS[:3], published=morning)
    press.digest()
    assert press.page("a.vn/tin-1", WORDS[:3], published=morning + timedelta(days=1)) == "unchanged"
    assert press.events() == ["redated"]
    told = press.digest()
    assert "published: 22/11/2026 08:00 → 23/11/2026 08:00" in telling.render(told, "text").replace("\n  ", " ")
    press.page("a.vn/tin-1", WORDS[:3], published=morning + timedelta(days=1))
    assert press.events() == ["redated"]
    press.page("a.vn/tin-1", [*WORDS[:3], "Thêm một câu nữa."], published=morning + timedelta(days=2))
    assert press.events() == ["redated"], "a date that moves with the text is not silent"


def test_a_page_that_says_now_whenever_it_is_asked_has_no_new_date(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:3], modified_claims=(claim(press.now),))
    press.page("a.vn/tin-1", WORDS[:3], modified_claims=(claim(press.now + HOUR),))
    press.page("a.vn/tin-1", WORDS[:3], modified_claims=(claim(press.now + HOUR),))
    assert press.events() == []


def test_what_another_reader_makes_of_a_page_is_not_the_publishers_edit(press: Press) -> None:
    press.page("a.vn/tin-1", [*WORDS[:3], "Một dòng của khung."], reader="generic")
    press.digest()
    press.now += HOUR
    capture = Capture(identity="a.vn/tin-1", body=b"x", captured_at=press.now, captured_exactly=True, url="https://a.vn/tin-1")
    (archived,) = press.books.archive([capture])
    now, again = written("a.vn/tin-1", WORDS[:3], reader="mastercms"), written("a.vn/tin-1", WORDS[:3], reader="mastercms")
    assert press.read(archived, now, earlier=(1, again)) == "unchanged"
    kept = press.books.kept(1)
    assert kept
    assert len(kept.versions) == 1
    assert "khung" not in kept.article.text
    assert not press.digest().versions


def test_what_happened_is_told_once_and_only_of_what_was_told(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:3])
    press.books.note(Event(article_id=1, kind=EventKind.GONE, at=press.now, said="404 Not Found, 4 checks over 3 days"))
    assert not press.digest().notices, "nobody knew of it"
    press.books.note(Event(article_id=1, kind=EventKind.RETURNED, at=press.now, said="answers again"))
    told = press.digest()
    said = telling.render(told, "text").replace("\n    ", " ")
    assert "Tin của a.vn/tin-1 (Báo a.vn, article 1) is there again: answers again" in said
    for form in ("markdown", "html", "json"):
        assert "answers again" in telling.render(told, form)
    assert not press.digest().notices
    back = telling.build([], now=press.now, timezone="UTC", notices=press.books.notices_between(NOW, None))
    assert [str(one.event.kind) for one in back.notices] == ["gone", "returned"]


# ---------------------------------------------------------------- copies and stories


def test_a_copy_on_another_site_is_one_text_and_told_once(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:5], title="Bản gốc")
    assert press.page("b.vn/tin-2", WORDS[:5], title="Đăng lại") == "copy"
    told = press.digest()
    assert groups(told) == {"rest": [1]}
    assert [copy.article_id for copy in told.groups[0].items[0].copies] == [2]
    assert press.story(1) == [1, 2]


def test_most_of_a_text_makes_a_story_and_both_are_shown(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:6], title="Bản gốc")
    assert press.page("b.vn/tin-2", [*WORDS[:4], WORDS[20]], title="Bản cắt") == "new"
    told = press.digest()
    assert groups(told) == {"rest": [2, 1]}
    [link] = press.books.stories.links(2)
    assert (link.article_id, link.likeness.kind) == (1, LikenessKind.NEAR)
    assert link.likeness.one_in_other < 0.85 < 1.0
    said = telling.render(told, "text")
    assert "story: 2 articles, first in Báo a.vn (doubtful), which has" in said
    assert "story: 2 articles; who had it first is not clear" in said


def test_a_part_links_and_makes_no_story(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:5])
    press.page("b.vn/tin-2", [*WORDS[3:5], *WORDS[10:13]])
    assert [link.likeness.kind for link in press.books.stories.links(1)] == ["overlap"]
    assert press.story(1) == []


def test_an_earlier_origin_that_comes_to_light_is_the_root_and_nothing_is_told_twice(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("b.vn/tin-2", WORDS[:5], published=morning + 2 * HOUR, origin_url="https://a.vn/tin-1")
    press.page("c.vn/tin-3", WORDS[:5], published=morning + 5 * HOUR)
    press.digest()
    assert press.page("a.vn/tin-1", WORDS[:5], title="Nguồn", published=morning) == "copy"
    kept = press.books.kept(3)
    assert kept
    assert kept.story
    assert press.books.stories.root_of(kept.story) == 3
    told = press.digest()
    assert groups(told) == {"copies": [3]}, "the text was told; that another paper had it first is one line"
    assert [(one.event.kind, one.event.before) for one in told.notices] == [(EventKind.REROOTED, "1")]
    found = stories.origin(press.books.stories.members(kept.story))
    assert found.confidence is Confidence.SURE
    assert "Báo b.vn (article 1) names it as its source" in found.evidence
    assert not press.digest().versions


def test_of_articles_in_one_digest_the_one_that_had_it_first_is_told(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("b.vn/tin-2", WORDS[:5], title="Sau", published=morning + HOUR, credit=Credit(name="Báo A", domain="a.vn"))
    press.page("a.vn/tin-1", WORDS[:5], title="Trước", published=morning)
    told = press.digest()
    assert groups(told) == {"rest": [2]}
    assert told.groups[0].items[0].title == "Trước"
    assert not told.notices, "nobody had been told another thing"


def test_a_round_up_of_two_stories_leaves_them_two(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:4])
    press.page("b.vn/tin-2", WORDS[:4])
    press.page("a.vn/tin-3", WORDS[10:13])
    press.page("b.vn/tin-4", WORDS[10:13])
    press.page("c.vn/tong-hop", [*WORDS[:4], *WORDS[10:13]])
    assert press.story(1) == [1, 2, 5]
    assert press.story(3) == [3, 4]


def test_an_origin_that_is_found_late_joins_what_was_made_of_it(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("b.vn/tin-1", WORDS[:4], published=morning + HOUR)
    press.page("c.vn/tin-2", WORDS[4:8], published=morning + 2 * HOUR)
    assert press.story(1) == []
    press.page("a.vn/tin-3", WORDS[:8], published=morning)
    assert press.story(3) == [1, 2, 3]


def test_an_edit_that_leaves_nothing_in_common_leaves_the_story(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:4])
    press.page("b.vn/tin-2", WORDS[:4])
    press.page("b.vn/tin-2", WORDS[12:16])
    assert press.story(1) == press.story(2) == []
    kept = press.books.kept(2)
    assert kept
    assert kept.copy_of is None
    assert press.books.stories.links(1) == ()
    press.page("c.vn/tin-3", WORDS[12:16])
    assert press.story(3) == [2, 3], "what it says now is found"


def test_issues_of_a_template_are_no_story(press: Press) -> None:
    for number, one in enumerate(syndication.series("gold", 4)):
        said = syndication.paragraphs(one)
        assert press.page(f"a.vn/gia-vang-{number}", said, title=one.title) == "new"
    assert all(press.story(number) == [] for number in (1, 2, 3, 4))


def test_a_story_tells_what_each_made_of_it(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("a.vn/tin-1", WORDS[:6], title="Tiêu đề gốc", published=morning)
    press.page("b.vn/tin-2", [*WORDS[:4], WORDS[20]], title="Tiêu đề khác", published=morning + timedelta(minutes=95))
    members = press.books.stories.members(1)
    texts = {one.article_id: press.books.kept(one.article_id).article for one in members}  # type: ignore[union-attr]
    told = stories.spread(1, members, texts, press.books.stories.links(1))
    first, second = told.carriers
    assert (first.article_id, first.delay, second.delay) == (1, None, 95 * 60)
    assert second.retitled
    assert second.cut >= 2
    assert second.added >= 1
    assert 0.5 < second.kept < 0.8
    assert 0 < second.own < 0.5


def test_a_story_lives_through_what_a_kill_takes_back(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:4])

    def page_and_end() -> None:
        with press.books.transaction():
            press.page("b.vn/tin-2", WORDS[:4])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        page_and_end()
    assert press.story(1) == []
    assert press.books.stories.links(1) == ()
    press.page("b.vn/tin-2", WORDS[:4])
    assert press.story(1) == [1, 2]


# ---------------------------------------------------------------- what a hostile reader of ours found


def test_a_version_that_was_never_told_and_comes_back_is_told_as_the_edit_that_it_is(press: Press) -> None:
    for price in (100, 200, 300, 200):
        press.page("a.vn/tin-1", [f"Giá là {price} đồng.", *WORDS[:3]])
        if price == 100:
            press.digest()
    told = press.digest()
    assert groups(told) == {"rest": [1]}
    assert "number: “100” → “200”" in telling.render(told, "text").replace("\n", " ")
    assert not told.notices
    assert not press.digest().versions


def test_copies_of_an_article_that_is_edited_are_copies_of_the_first_of_themselves(press: Press) -> None:
    for number in range(1, 8):
        press.page(f"s{number}.vn/tin", WORDS[:4], title="Cùng một tin")
    press.page("s1.vn/tin", [*WORDS[:4], "Thêm một câu của mình."], title="Cùng một tin")
    told = press.digest()
    assert groups(told) == {"rest": [2, 1]}
    assert [copy.article_id for copy in told.groups[0].items[0].copies] == [3, 4, 5, 6, 7]


def test_a_page_found_at_another_address_is_read_again_by_its_new_reader_too(press: Press) -> None:
    found = written("a.vn/tin-1", [*WORDS[:3], "Một dòng của khung."], reader="generic")
    capture = Capture(
        identity="m.a.vn/tin-1", body=b"1", captured_at=press.now, captured_exactly=True, url="https://m.a.vn/tin-1"
    )
    (first,) = press.books.archive([capture])
    press.read(first, found)
    (second,) = press.books.archive([replace(capture, body=b"2", captured_at=press.now + HOUR)])
    earlier = press.books.earlier(second)
    assert earlier
    assert earlier.capture_id == first.capture_id


def test_what_another_reader_made_of_a_page_waits_until_both_are_read_by_one(press: Press) -> None:
    press.page("a.vn/tin-1", [*WORDS[:3], "Một dòng của khung."], reader="generic")
    capture = Capture(identity="a.vn/tin-1", body=b"x", captured_at=press.now, captured_exactly=True, url="https://a.vn/tin-1")
    (archived,) = press.books.archive([capture])
    answer = reading(written("a.vn/tin-1", WORDS[:3], reader="mastercms"))
    keeper = pipeline._Keeper(press.books, lambda: press.now)
    assert keeper.keep([(archived, answer)]) == []
    assert keeper.put_off() == [archived]
    assert press.books.state(archived) == "pending"
    again = replace(answer, earlier=(1, answer))
    assert [done.state for done in keeper.keep([(archived, again)])] == ["unchanged"]
    (other,) = press.books.archive([replace(capture, body=b"y", captured_at=press.now + HOUR)])
    lone = reading(written("a.vn/tin-1", WORDS[:2], reader="vccorp"))
    assert keeper.keep([(other, lone)]) == []
    assert [done.state for done in keeper.keep([(other, lone)])] == ["edited"], "it waits once"


def test_a_capture_that_is_read_again_takes_no_date_back_that_was_seen_later(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("a.vn/tin-1", WORDS[:3], published=morning)
    press.digest()
    press.page("a.vn/tin-1", WORDS[:3], published=morning + timedelta(days=1))
    again = reading(written("a.vn/tin-1", WORDS[:3], published=morning))
    with press.books.transaction():
        pipeline._judge(press.books, 1, again, pipeline._known(press.books, 1, again, press.now), press.now)
    press.page("a.vn/tin-1", WORDS[:3], published=morning + timedelta(days=1))
    assert press.events() == ["redated"]


def test_a_date_that_another_reader_reads_elsewhere_is_no_redating(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("a.vn/tin-1", WORDS[:3], published=morning, reader="generic")
    press.page("a.vn/tin-1", WORDS[:3], published=morning + HOUR, reader="mastercms")
    assert press.events() == []


def test_versions_that_say_the_same_as_they_are_read_today_are_not_told(press: Press) -> None:
    press.page("a.vn/tin-1", WORDS[:3], reader="old")
    press.digest()
    press.page("a.vn/tin-1", [*WORDS[:3], "Một dòng của khung."], reader="old")
    again = reading(written("a.vn/tin-1", WORDS[:3], reader="new"))
    with press.books.transaction():
        pipeline._judge(press.books, 2, again, pipeline._known(press.books, 2, again, press.now), press.now)
    assert not press.digest().versions


def test_an_edit_of_what_was_told_is_told_though_the_text_is_a_copy_now(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("b.vn/tin-1", WORDS[:4], published=morning + HOUR)
    press.digest()
    press.page("b.vn/tin-1", [*WORDS[:4], "Có 300 người chết ở đó."], published=morning + HOUR)
    press.page("a.vn/tin-2", [*WORDS[:4], "Có 300 người chết ở đó."], published=morning)
    told = press.digest()
    assert [one.article_id for group in told.groups for one in group.items] == [1]
    assert told.groups[0].items[0].edits
    assert [copy.article_id for copy in told.groups[0].items[0].copies] == [2]
    press.page("c.vn/tin-3", WORDS[10:13])
    press.page("d.vn/tin-4", [*WORDS[10:13], "Có 30 người chết ở đó."])
    press.digest()
    assert press.page("d.vn/tin-4", WORDS[10:13]) == "edited"
    told = press.digest()
    assert groups(told) == {"rest": [4]}
    assert "removed: − “Có 30 người chết ở đó.”" in telling.render(told, "text").replace("\n", " ")


def test_looking_back_shows_a_text_that_was_taken_back_as_taken_back(press: Press) -> None:
    press.page("a.vn/tin-1", ["Giá là 100 đồng.", *WORDS[:3]])
    since = press.now + HOUR / 2
    press.page("a.vn/tin-1", ["Giá là 200 đồng.", *WORDS[:3]])
    between = press.now + HOUR / 2
    press.page("a.vn/tin-1", ["Giá là 100 đồng.", *WORDS[:3]])
    assert press.books.between(since, None) == [], "nothing differs in the end"
    [then] = press.books.between(since, between)
    assert (then.lead, len(then.edits)) == ("Giá là 200 đồng.", 1)
    [whole] = press.books.between(None, None)
    assert (whole.lead, whole.edited) == ("Giá là 100 đồng.", False)


def test_a_story_whose_link_leaves_is_no_story(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    press.page("b.vn/tin-1", WORDS[:4], published=morning + HOUR)
    press.page("c.vn/tin-2", WORDS[4:8], published=morning + 2 * HOUR)
    press.page("a.vn/tin-3", WORDS[:8], published=morning)
    assert press.story(1) == [1, 2, 3]
    press.page("a.vn/tin-3", WORDS[12:16], published=morning)
    assert press.story(1) == press.story(2) == press.story(3) == []


def test_who_was_first_is_judged_anew_when_the_first_leaves_or_is_dated_anew(press: Press) -> None:
    morning = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
    for number, hour in ((1, 1), (2, 3), (3, 2)):
        press.page(f"s{number}.vn/tin", WORDS[:4], title="Cùng một tin", published=morning + hour * HOUR)
    kept = press.books.kept(1)
    assert kept
    assert kept.story
    assert press.books.stories.root_of(kept.story) == 1
    press.page("s1.vn/tin", WORDS[12:16], published=morning + HOUR)
    assert press.story(2) == [2, 3]
    assert press.books.stories.root_of(kept.story) == 3
    press.page("s2.vn/tin", WORDS[:4], title="Cùng một tin", published=morning)
    assert press.books.stories.root_of(kept.story) == 2
