"""Dates as Vietnamese pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import dates


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
    ],
)
def test_a_date_line_is_read_and_recognised(written: str, iso: str) -> None:
    found = dates.parse(written)
    assert found
    assert found.isoformat() == iso
    assert dates.is_date_line(written)


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


@given(st.text(alphabet="0123456789/-:. |TZ+ngàyhángmGAPM,()", max_size=60) | st.text(max_size=60))
def test_any_text_is_taken_and_what_is_found_is_aware(line: str) -> None:
    dates.is_date_line(line)
    found = dates.parse(line)
    assert found is None or found.tzinfo is not None
