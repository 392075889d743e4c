"""Dates as Vietnamese pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import dates
from model import Certainty, DateSource


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("08:01 | 26/02/2026", "2026-02-26T08:01:00+07:00"),
        ("07:00 | 24/01/2025 GMT+7", "2025-01-24T07:00:00+07:00"),
        ("05/09/2026 13:30", "2026-09-05T13:30:00+07:00"),
        ("18/06/2024 09:47", "2024-06-18T09:47:00+07:00"),
        ("Thứ bảy 28/02/2026 10:38", "2026-02-28T10:38:00+07:00"),
        ("Thứ Tư, 04/09/2024 09:04", "2024-09-04T09:04:00+07:00"),
        ("Thứ Tư , 22/11/2017", "2017-11-22T00:00:00+07:00"),
        ("01/08/2022, 15:39", "2022-08-01T15:39:00+07:00"),
        ("15:26 - 12/07/2023", "2023-07-12T15:26:00+07:00"),
        ("21:35, ngày 25-09-2015", "2015-09-25T21:35:00+07:00"),
        ("18-05-2022", "2022-05-18T00:00:00+07:00"),
        ("Ngày phát hành: 15/06/2021", "2021-06-15T00:00:00+07:00"),
        ("27/08/2015 09:08 GMT+7", "2015-08-27T09:08:00+07:00"),
        ("Thứ Năm, ngày 25 tháng 04 năm 2024", "2024-04-25T00:00:00+07:00"),
        ("Thứ bảy, 26/3/2016, 14:17 (GMT+7)", "2016-03-26T14:17:00+07:00"),
        ("September 09, 2026 9:33 AM GMT+7", "2026-09-09T09:33:00+07:00"),
        ("September 09, 2026 12:05 AM", "2026-09-09T00:05:00+07:00"),
        ("Wed, 02 Oct 2002 13:00:00 GMT", "2002-10-02T13:00:00+00:00"),
        ("2026-09-05T09:18:48+0700", "2026-09-05T09:18:48+07:00"),
        ("2026-09-05T13:30:00+07:00", "2026-09-05T13:30:00+07:00"),
        ("2026-09-05T13:30:00Z", "2026-09-05T13:30:00+00:00"),
        ("2026-09-05T13:30:00-05:00", "2026-09-05T13:30:00-05:00"),
        ("05/10/2026 15:42 GMT+7", "2026-10-05T15:42:00+07:00"),
        ("13/09/2020, 18:15", "2020-09-13T18:15:00+07:00"),
        ("12/07/2020 - 15:26", "2020-07-12T15:26:00+07:00"),
        ("Thứ Tư, 11/02/2026 | 10:00 GMT+7", "2026-02-11T10:00:00+07:00"),
        ("Chủ Nhật, 08:14, 21/06/2026", "2026-06-21T08:14:00+07:00"),
        ("Thứ Sáu, 21-10-2022, 10:41", "2022-10-21T10:41:00+07:00"),
        ("Thứ Hai, 01/04/2026 09:00 (GMT +7)", "2026-04-01T09:00:00+07:00"),
        ("09:33 ngày 5 tháng 9 năm 2026", "2026-09-05T09:33:00+07:00"),
        ("9h05, 05/09/2026", "2026-09-05T09:05:00+07:00"),
        ("9 giờ 05 ngày 5/9/2026", "2026-09-05T09:05:00+07:00"),
        ("05/09/2026 1:30:00 CH", "2026-09-05T13:30:00+07:00"),
        ("05/09/2026 1:30 SA", "2026-09-05T01:30:00+07:00"),
        ("05/09/2026 13:30 PM", "2026-09-05T13:30:00+07:00"),
        ("5 Tháng Chín, 2026", "2026-09-05T00:00:00+07:00"),
        ("Tháng Mười Một 22, 2023", "2023-11-22T00:00:00+07:00"),
        ("2026/09/05 9:33 PM", "2026-09-05T21:33:00+07:00"),
        ("5th September 2026", "2026-09-05T00:00:00+07:00"),
        ("05/09/2026 10:00 GMT+05:30", "2026-09-05T10:00:00+05:30"),
        ("Ngày đăng: 19/08/2026 - Lượt xem: 1475", "2026-08-19T00:00:00+07:00"),
        ("25:61 05/09/2026", "2026-09-05T00:00:00+07:00"),
    ],
)
def test_a_date_line_is_read_and_recognised(written: str, iso: str) -> None:
    found = dates.parse(written)
    assert found
    assert found.isoformat() == iso
    assert dates.is_date_line(written)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-09-05T13:30:00&#x2B;07:00", "2026-09-05T13:30:00+07:00"),
        ("2026-09-05T13:30:00&amp;#x2B;07:00", "2026-09-05T13:30:00+07:00"),
        ("Tòa hòa giải thành vụ tranh chấp28/10/2025 19:36", "2025-10-28T19:36:00+07:00"),
        ("Hội nghị khai mạc ngày 17-8-2021 tại Hà Nội", "2021-08-17T00:00:00+07:00"),
        ("(28/7/1995 – 28/7/2021)", "1995-07-28T00:00:00+07:00"),
        ("05/09/2026 13:30 - Cập nhật: 06/09/2026 10:00", "2026-09-05T13:30:00+07:00"),
        ("Đăng 05/09/2026 - Cập nhật: 06/09/2026 10:00", "2026-09-05T00:00:00+07:00"),
        ("9/5/2026 1:30:00 PM", "2026-05-09T13:30:00+07:00"),
        ("(11.15)", None),
        ("25-10", None),
        ("lúc 9 giờ ngày 25/10", None),
    ],
)
def test_a_date_in_other_words(written: str, iso: str | None) -> None:
    found = dates.parse(written)
    assert (found.isoformat() if found else None) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("9/5/2026 1:30:00 PM", "2026-09-05T13:30:00+07:00"),
        ("8/5/2026 8:35:00 PM", "2026-08-05T20:35:00+07:00"),
        ("12/31/2026 12:00:00 AM", "2026-12-31T00:00:00+07:00"),
        ("2026-09-05T13:30:00Z", "2026-09-05T13:30:00+00:00"),
        ("31/12/2026 1:30:00 PM", None),
    ],
)
def test_the_month_stands_first_where_the_caller_says_so(written: str, iso: str | None) -> None:
    found = dates.parse(written, month_first=True)
    assert (found.isoformat() if found else None) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("9/5/2026 1:30:00 PM", "2026-09-05T13:30:00+07:00"),  # as .NET writes it for machines
        ("9/5/2026 1:30 PM", "2026-05-09T13:30:00+07:00"),
        ("05/09/2026 13:30", "2026-09-05T13:30:00+07:00"),
    ],
)
def test_a_value_for_machines(written: str, iso: str) -> None:
    found = dates.of_machine(written)
    assert found
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Cẩm Tú - 15:00 30/06/2026", "Cẩm Tú"),
        ("By Joseph Tsidulko November 19, 2019, 07:47 PM", "By Joseph Tsidulko"),
        ("Thứ Tư, 04/09/2024 09:04", ""),
        ("không có ngày", "không có ngày"),
    ],
)
def test_a_line_without_its_date(line: str, rest: str) -> None:
    assert dates.without(line) == rest


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://baochinhphu.vn/a-102260309201000198.htm", "2026-03-09T20:10:00+07:00"),
        ("https://tuoitre.vn/a-20260309201000198.htm?x=1", None),  # no site in front: another CMS
        ("https://baochinhphu.vn/a-102269909201000198.htm", None),
        ("https://baochinhphu.vn/a-102305719.htm", None),
        ("https://baoquocte.vn/a-371204.html", None),
    ],
)
def test_when_an_address_says_that_its_article_was_made(url: str, iso: str | None) -> None:
    found = dates.of_address(url)
    assert (found.isoformat() if found else None) == iso


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


SITE, LD, META, GUESS = DateSource.SITE, DateSource.JSON_LD, DateSource.META, DateSource.GUESS


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], []),
        ([(SITE, None)], []),
        ([(SITE, "2026-03-10T17:25+07:00")], [("2026-03-10T17:25+07:00", "site", "likely")]),
        ([(GUESS, "2026-03-10T00:00+07:00")], [("2026-03-10T00:00+07:00", "guess", "doubtful")]),
        (
            [(SITE, "2026-03-10T00:00+07:00"), (LD, "2026-03-10T17:25+07:00")],  # the clock is joined
            [("2026-03-10T17:25+07:00", "site", "sure")],
        ),
        (
            [(SITE, "2026-03-10T17:25+07:00"), (LD, "2026-03-12T08:00+07:00"), (META, "2026-03-12T08:00+07:00")],
            [("2026-03-10T17:25+07:00", "site", "doubtful"), ("2026-03-12T08:00+07:00", "json-ld", "sure")],
        ),
        (
            [(SITE, "2026-03-10T20:30+07:00"), (LD, "2026-03-10T20:30+00:00")],  # the same clock, in a wrong zone
            [("2026-03-10T20:30+07:00", "site", "sure")],
        ),
        (
            [(SITE, "2026-03-10T00:00+07:00"), (LD, "2026-03-11T08:00+07:00")],
            [("2026-03-10T00:00+07:00", "site", "doubtful"), ("2026-03-11T08:00+07:00", "json-ld", "doubtful")],
        ),
    ],
)
def test_what_several_places_claim(found: list[tuple[DateSource, str | None]], told: list[tuple[str, str, str]]) -> None:
    claims = dates.claims(*((source, at(written) if written else None) for source, written in found))
    assert [(c.moment, c.source, c.certainty) for c in claims] == [(at(w), s, c) for w, s, c in told]


def test_a_claim_far_from_the_making_of_the_article_is_doubtful() -> None:
    claims = dates.claims((SITE, at("2026-03-10T17:25+07:00")), (LD, at("2026-03-10T17:25+07:00")))
    near, far = at("2026-03-09T08:00+07:00"), at("2026-02-01T08:00+07:00")
    assert [c.certainty for c in dates.bounded(claims, near)] == [Certainty.SURE]
    assert [c.certainty for c in dates.bounded(claims, far)] == [Certainty.DOUBTFUL]
    assert dates.bounded(claims, None) == claims


_YEARS = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-01-04"))  # so near that they touch


@given(st.lists(st.tuples(st.sampled_from(DateSource), st.datetimes(*_YEARS, timezones=st.just(dates.ZONE)))))
def test_claims_of_claims_are_the_same_dates(found: list[tuple[DateSource, datetime]]) -> None:
    once = dates.claims(*((source, moment) for source, moment in found))
    again = dates.claims(*((claim.source, claim.moment) for claim in once))
    assert [(c.source, c.moment) for c in again] == [(c.source, c.moment) for c in once]


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 27/12, Thứ trưởng Bộ Ngoại giao chủ trì cuộc họp",
        "25/10",
        "31/02/2024",
        "(28/7/1995 – 28/7/2021)",
        "Hội nghị họp ngày 25/10/2025 tại Hà Nội",
        "99/99/2024 25:61",
        "",
    ],
)
def test_what_is_no_date_line(line: str) -> None:
    assert not dates.is_date_line(line)


def test_a_page_is_not_dated_after_its_capture_but_for_a_fast_clock() -> None:
    captured = datetime(2026, 11, 22, tzinfo=UTC)
    assert dates.possible(captured + timedelta(hours=20), captured)
    assert not dates.possible(captured + timedelta(days=2), captured)
    assert not dates.possible(None, captured)
    assert not dates.possible(datetime(1, 1, 1, tzinfo=UTC), captured)


@given(st.text(alphabet="0123456789/-:. |TZ+ngàyhángmGAPM,()", max_size=60) | st.text(max_size=60))
def test_any_text_is_taken_and_what_is_found_is_aware(line: str) -> None:
    dates.is_date_line(line)
    dates.without(line)
    dates.of_address(line)
    for month_first in (False, True):
        found = dates.parse(line, month_first=month_first)
        assert found is None or found.tzinfo is not None
