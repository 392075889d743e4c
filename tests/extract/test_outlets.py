"""Credits: who a text names as its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import bylines, outlets


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
        ("(VOV5) - Tháng này", "vovworld.vn", "Tháng này"),
        ("(VOVWORLD) - Tháng này", "vovworld.vn", "Tháng này"),
        ("QĐND - Trong mười hai ngày", "qdnd.vn", "Trong mười hai ngày"),
        ("QĐND Online – Sáng nay", "qdnd.vn", "Sáng nay"),
        ("(ĐCSVN) - Sáng nay", "dangcongsan.vn", "Sáng nay"),
        ("TCCSĐT - Sáng nay", "tapchicongsan.org.vn", "Sáng nay"),
        ("VTV.vn - Sáng nay", "vtv.vn", "Sáng nay"),
        ("(VTC News) - Sáng nay", "vtcnews.vn", "Sáng nay"),
        ("ANTD.VN - Sáng nay", "anninhthudo.vn", "Sáng nay"),
        ("TTO - Sáng nay", "tuoitre.vn", "Sáng nay"),
        ("TPO - Sáng nay", "tienphong.vn", "Sáng nay"),
        ("LĐO | Sáng nay", "laodong.vn", "Sáng nay"),
        ("(NLĐO) - Sáng nay", "nld.com.vn", "Sáng nay"),
        ("(PLO)- Sáng nay", "plo.vn", "Sáng nay"),
        ("(PLVN) - Sáng nay", "baophapluat.vn", "Sáng nay"),
        ("HNMO - Sáng nay", "hanoimoi.vn", "Sáng nay"),
        ("(SGGP) Sáng nay", "sggp.org.vn", "Sáng nay"),
        ("(Dân trí) - Sáng nay", "dantri.com.vn", "Sáng nay"),
        ("SKĐS - Sáng nay", "suckhoedoisong.vn", "Sáng nay"),
        ("(Ngày Nay) - Sáng nay", "ngaynay.vn", "Sáng nay"),
        ("(ĐTCK) Sáng nay", "tinnhanhchungkhoan.vn", "Sáng nay"),
        ("ĐNO - Sáng nay", "baodanang.vn", "Sáng nay"),
        ("VGP - This morning", "baochinhphu.vn", "This morning"),
        ("Hanoi (VNA) – This morning", "vnanet.vn", "Hanoi (VNA) – This morning"),
        ("Tin tức - sự kiện trong ngày", None, "Tin tức - sự kiện trong ngày"),
        ("(BTC) Ban tổ chức cho biết", None, "(BTC) Ban tổ chức cho biết"),
    ],
)
def test_the_prefix_of_a_lead(lead: str, domain: str | None, rest: str) -> None:
    credit, text = outlets.lead_prefix(lead)
    assert (credit.domain if credit else None, text) == (domain, rest)


def test_an_abbreviation_may_mean_another_outlet_at_home() -> None:
    assert [outlets.lead_prefix("(PLO) - Sáng nay", site)[0] for site in ("plo.vn", "baophapluat.vn", None)] == [
        outlets.by_site("plo.vn"),
        outlets.by_site("baophapluat.vn"),
        outlets.by_site("plo.vn"),
    ]


@pytest.mark.parametrize(
    ("alias", "domain"),
    [
        ("Báo Nhân Dân điện tử", "nhandan.vn"),
        ("BÁO NHÂN DÂN", "nhandan.vn"),
        ("báo Lao Động", "laodong.vn"),
        ("Báo TG&VN", "baoquocte.vn"),
        ("Thế giới và Việt Nam", "baoquocte.vn"),
        ("Tạp chí Cộng sản", "tapchicongsan.org.vn"),
        ("Báo Tin tức", "baotintuc.vn"),
        ("Tin tức", None),  # an ordinary word
        ("VNA", "vnanet.vn"),
        ("Vna", None),
        ("BTC", None),  # ban tổ chức
        ("báo", None),
        ("", None),
        ("x" * 5_000, None),
    ],
)
def test_the_names_of_an_outlet(alias: str, domain: str | None) -> None:
    found = outlets.by_alias(alias)
    assert (found.domain if found else None) == domain


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("BNG", "mofa.gov.vn"),
        ("Văn Giáp/Bnews/vnanet.vn", "bnews.vn"),
        ("Theo Thái Sơn/Báo QĐND", "qdnd.vn"),
        ("Hoàng Minh (Theo Reuters)", "reuters.com"),
        ("Vũ Minh (TTXVN)", "vnanet.vn"),
        ("Xuân Sơn/VOV-Vientiane", "vov.vn"),
        ("(TTXVN/Vietnam+)", "vietnamplus.vn"),
        ("Phóng viên Thu Hiền/TTXVN", "vnanet.vn"),
        ("- VNS", "vietnamnews.vn"),
        ("(Source: VNA)", "vnanet.vn"),
        ("Như Tâm", None),
        (None, None),
    ],
)
def test_the_outlet_that_a_signature_names(line: str | None, domain: str | None) -> None:
    found = outlets.by_signature(line)
    assert (found.domain if found else None) == domain


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
        "Vũ Minh (TTXVN)",
        "Phóng viên Thu Hiền/TTXVN",
        "Bài: Minh Anh",
        "Nhóm phóng viên",
    ],
)
def test_a_signature(line: str) -> None:
    assert outlets.is_signature(line)


@pytest.mark.parametrize(
    "line",
    [
        "Tin liên quan",
        "Bài viết",
        "Phóng viên đặt câu hỏi",
        "Hết.",
        "Ưu tiên cao nhất",
        "Nỗ lực tạo đột phá",
        "",
        "Hội nghị bế mạc vào chiều nay.",
        "x" * 70,
    ],
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


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Thu Hiền", ["Thu Hiền"]),
        ("Hoàng Lan và Đức Minh", ["Hoàng Lan", "Đức Minh"]),
        ("HOÀNG TRUNG - BÁ DŨNG", ["Hoàng Trung", "Bá Dũng"]),
        ("TRẦN HOÀNG YẾN", ["Trần Hoàng Yến"]),
        ("Quang Hòa (từ Vientiane, Lào)", ["Quang Hòa"]),
        ("Nguyễn Hà (thực hiện)", ["Nguyễn Hà"]),
        ("VŨ MINH tổng hợp", ["Vũ Minh"]),
        ("Phóng viên Thu Hiền/TTXVN", ["Thu Hiền"]),
        ("Vũ Minh (TTXVN)", ["Vũ Minh"]),
        ("Khánh Huyền/VOV-Tây Bắc", ["Khánh Huyền"]),
        ("Theo Thái Sơn/Báo QĐND", ["Thái Sơn"]),
        ("Hoàng Minh (Theo Reuters)", ["Hoàng Minh"]),
        ("Văn Giáp/Bnews/vnanet.vn", ["Văn Giáp"]),
        ("Bài: Tường Vy - Thiết kế: Quốc Huy", ["Tường Vy"]),
        ("Bài và ảnh: Lê Hòa", ["Lê Hòa"]),
        ("Bài và đồ họa: Chi Phan", ["Chi Phan"]),
        ("(Bài: Minh Anh, ảnh: Thu Hà)", ["Minh Anh"]),
        ("Thực hiện: Minh Anh, Thu Hà; Ảnh: Hải Vân", ["Minh Anh", "Thu Hà"]),
        ("PV Minh Anh - Ảnh: Hải Vân", ["Minh Anh"]),
        ("Ảnh: Hải Vân", []),
        ("Biên dịch: Minh Anh", ["Minh Anh"]),
        ("TS. Lê Hồng Hiệp", ["Lê Hồng Hiệp"]),
        ("PGS.TS. Nguyễn Văn An", ["Nguyễn Văn An"]),
        ("By Bao Chau", ["Bao Chau"]),
        ("Mary Clare Jalonick and Eric Tucker", ["Mary Clare Jalonick", "Eric Tucker"]),
        ("Ursula von der Leyen", ["Ursula von der Leyen"]),
        ("Đại Dương", ["Đại Dương"]),
        ("Báo Thế giới và Việt Nam", []),
        ("Theo TTXVN", []),
        ("Nhóm PV/VOV.VN", []),
        ("Ban biên tập", []),
        ("Đại sứ quán Việt Nam", []),
        ("Fox News", []),
        ("Associated Press", []),
        ("Hà Nội", []),
        ("(tổng hợp)", []),
        ("V.T.", []),
        ("M.K./VOV.VN(biên dịch)", []),
        ("PV", []),
        ("BNG", []),
        ("Linh", []),
        ("15:00 30/06/2026", []),
        ("", []),
        (None, []),
    ],
)
def test_the_people_of_a_byline(line: str | None, people: list[str]) -> None:
    assert list(bylines.people(line)) == people


@pytest.mark.parametrize(("line", "people"), [("Linh", ["Linh"]), ("PV", []), ("V.T.", []), ("TTXVN", []), ("admin", [])])
def test_one_word_is_a_name_where_authors_stand(line: str, people: list[str]) -> None:
    assert list(bylines.people(line, pen_names=True)) == people


ALIASES = ["TTXVN", "Báo Nhân Dân", "VOV", "Tuổi Trẻ", "Dân trí", "Chinhphu.vn", "Vietnam+", "Reuters", "The Straits Times"]


@given(st.lists(st.sampled_from([*ALIASES, "Minh Anh", "Theo", "(t/h)", "Bài:", "Ảnh:"]), max_size=8), st.sampled_from(" ,/-|"))
def test_no_outlet_is_a_person(parts: list[str], sign: str) -> None:
    for pen_names in (False, True):
        found = bylines.people(f" {sign} ".join(parts), pen_names=pen_names)
        assert not any(outlets.by_alias(name) for name in found)


@given(st.text(max_size=400))
def test_any_byline_is_taken(line: str) -> None:
    for pen_names in (False, True):
        assert not any(outlets.by_alias(name) for name in bylines.people(line, pen_names=pen_names))


@given(st.text(max_size=200))
def test_any_line_is_taken(line: str) -> None:
    outlets.by_signature(line)
    outlets.person(line)
    outlets.lead_prefix(line)
    outlets.source_line(line)
    outlets.is_signature(line)
