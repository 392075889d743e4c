"""Credits: who a text names as its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import outlets


@pytest.mark.parametrize(
    ("lead", "domain", "rest"),
    [
        ("(Chinhphu.vn) - Các quan điểm", "baochinhphu.vn", "Các quan điểm"),
        ("(Chinhphu.vn) –  Chiều nay", "baochinhphu.vn", "Chiều nay"),
        ("VOV.VN - Hôm nay", "vov.vn", "Hôm nay"),
        ("NDO - Hội nghị Nông - Lâm nghiệp", "nhandan.vn", "Hội nghị Nông - Lâm nghiệp"),
        ("Baoquocte.vn. CBAM sẽ tác động", "baoquocte.vn", "CBAM sẽ tác động"),
        ("TGVN. Hôm nay", "baoquocte.vn", "Hôm nay"),
        ("(CLO) Ông Pete", "congluan.vn", "Ông Pete"),
        ("Kinhtedothi - Trong tuần qua", "kinhtedothi.vn", "Trong tuần qua"),
        ("GD&TĐ - Sáng nay", "giaoducthoidai.vn", "Sáng nay"),
        ("Hà Nội (TTXVN) - Chiều nay", "vnanet.vn", "Hà Nội (TTXVN) - Chiều nay"),
        ("Việt Nam - Lào ký kết", None, "Việt Nam - Lào ký kết"),
        ("Đầu tư - thương mại tăng", None, "Đầu tư - thương mại tăng"),
        ("ASEAN - Trung Quốc ký", None, "ASEAN - Trung Quốc ký"),
        ("(Sửa đổi) Nghị định mới", None, "(Sửa đổi) Nghị định mới"),
        ("VOV.VN -", None, "VOV.VN -"),
    ],
)
def test_the_prefix_of_a_lead(lead: str, domain: str | None, rest: str) -> None:
    credit, text = outlets.lead_prefix(lead)
    assert (credit.domain if credit else None, text) == (domain, rest)


@pytest.mark.parametrize(
    ("line", "name", "url"),
    [
        ("Nguồn TG&VN: https://baoquocte.vn/a-297921.html", "Báo Thế giới và Việt Nam", "https://baoquocte.vn/a-297921.html"),
        ("Nguồn VOV: https://vov.vn/x-1001128.vov", "VOV", "https://vov.vn/x-1001128.vov"),
        ("Link bài gốc https://nhandan.vn/a-post1.html", "Báo Nhân Dân", "https://nhandan.vn/a-post1.html"),
        ("Nguồn Blog: https://blog.example.org/x.", "Blog", "https://blog.example.org/x"),
        ("Nguồn: VOV", "VOV", None),
        ("Theo TTXVN", "Thông tấn xã Việt Nam", None),
        ("(Theo Dân trí)", "Dân trí", None),
        ("Theo đó, hai bên ký kết", None, None),
        ("Nguồn nhân lực chất lượng cao", None, None),
        ("Nguồn", None, None),
    ],
)
def test_a_line_that_names_the_source(line: str, name: str | None, url: str | None) -> None:
    credit, origin = outlets.source_line(line)
    assert (credit.name if credit else None, origin) == (name, url)


@pytest.mark.parametrize(
    "line",
    [
        "BNG",
        "TTXVN",
        "HNM",
        "Như Tâm",
        "Vũ Minh (t/h)",
        "Nhóm PV/VOV.VN",
        "(TTXVN/Vietnam+)",
        "M.K./VOV.VN(biên dịch)",
        "Theo Thái Sơn/Báo QĐND",
    ],
)
def test_a_signature(line: str) -> None:
    assert outlets.is_signature(line)


@pytest.mark.parametrize(
    "line", ["Hết.", "Ưu tiên cao nhất", "Nỗ lực tạo đột phá", "", "Hội nghị bế mạc vào chiều nay.", "x" * 70]
)
def test_no_signature(line: str) -> None:
    assert not outlets.is_signature(line)


@pytest.mark.parametrize(
    ("line", "name"), [("Như Tâm", "Như Tâm"), ("Vũ Minh (t/h)", "Vũ Minh"), ("BNG", None), ("Dân Trí", None), (None, None)]
)
def test_a_person_is_no_outlet(line: str | None, name: str | None) -> None:
    assert outlets.person(line) == name


@pytest.mark.parametrize(
    ("site", "name"),
    [("baoquocte.vn", "Báo Thế giới và Việt Nam"), ("en.baochinhphu.vn", "Báo Điện tử Chính phủ"), ("x.vn", None), (None, None)],
)
def test_the_outlet_of_a_site(site: str | None, name: str | None) -> None:
    found = outlets.by_site(site)
    assert (found.name if found else None) == name


@given(st.text(max_size=200))
def test_any_line_is_taken(line: str) -> None:
    outlets.lead_prefix(line)
    outlets.source_line(line)
    outlets.is_signature(line)
