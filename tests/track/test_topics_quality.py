"""How well the shipped rules flag 398 labelled texts, more than a third of which were kept from the rules. Floors.

The labels are ours: core, the text is about ASEAN; related, it has a part in it beside something else; mention, it is named; sport.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bench import topics as bench
from track import changes, topics

ASEAN = topics.load((bench.ROOT / "topics" / "asean.toml").read_text(encoding="utf-8"), "asean.toml")
LEVELS = {"core", "related", "mention", "sport", "none"}
GROUPS = "politics economy sport weather advert bilateral sea abbreviation unaccented english culture"


def test_the_texts_are_what_they_say() -> None:
    sets = [bench.texts(name) for name in bench.SETS]
    rows = [row for one in sets for row in one]
    assert len(rows) >= 300
    assert len(sets[1]) * 3 >= len(rows)
    assert {row["level"] for row in rows} == LEVELS
    for one in sets:
        assert {row["group"] for row in one} == set(GROUPS.split())
    assert len({row["title"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    said = " ".join(row["title"] + row["text"] for row in rows if row["level"] != "core")
    assert all(word in said for word in ("AFF", "AEC", "ACB", "AIA", "ATM", "COC", "DOC", "SOM", "TAC", "ABAC"))


def test_the_fresh_texts_are_of_every_level_and_none_is_an_older_one() -> None:
    rows = [row for name in bench.FRESH for row in bench.texts(name)]
    assert len(rows) >= 80
    assert all({row["level"] for row in bench.texts(name)} == LEVELS for name in bench.FRESH)
    older = {row["title"] for name in bench.SETS for row in bench.texts(name)}
    assert len({row["title"] for row in rows} - older) == len(rows)
    assert {row["group"] for row in rows} <= set(GROUPS.split())


@pytest.mark.parametrize("name", bench.SETS)
def test_core_is_found_and_nothing_else_is_taken_for_it(name: str) -> None:
    pairs = bench.judged(bench.texts(name), ASEAN)
    precision, recall = bench.core(pairs)
    assert precision >= 0.97
    assert recall >= 0.97
    assert sum(a == b for a, b in pairs) / len(pairs) >= 0.95


def test_core_is_told_from_the_rest_in_texts_that_were_written_after_the_rules() -> None:
    pairs = [pair for name in bench.FRESH for pair in bench.judged(bench.texts(name), ASEAN)]
    precision, recall = bench.core(pairs)
    assert precision >= 0.9
    assert recall >= 0.9
    assert sum(a == b for a, b in pairs) / len(pairs) >= 0.85


@pytest.mark.parametrize(
    ("title", "lead", "levels"),
    [
        ("Ngân hàng Đông Á nâng cấp hệ thống EAS", "Khách hàng chờ một đêm.", "none"),
        ("Đội tuyển dự ASEAN-Cup", "Trận đấu ở Hà Nội.", "sport none"),
        ("ASEAN U23 Championship: chờ ngày khai mạc", "Vé bán từ thứ hai.", "sport"),
        ("Cúp bóng đá nam ASEAN 2026 đổi thể thức", "Giải có mười đội.", "sport"),
        ("ASEAN U-23 khởi tranh", "Vé bán từ thứ hai.", "sport"),
        ("Giải Quần vợt ASEAN mở rộng", "Có 150 người dự.", "sport"),
        ("Bóng rổ ASEAN trở lại", "Vé bán từ thứ hai.", "sport"),
        ("FIFA ASEAN Cup có ngày thi đấu", "Vé bán từ thứ hai.", "sport"),
        ("Bảy huy chương Olympic Toán ASEAN", "Các em về nước hôm qua.", "none"),
        ("Chung cư Asean Garden mở bán", "Giá từ 3 tỷ đồng.", "none"),
        ("Tour ASEAN 5 ngày 4 đêm", "Giá từ 9 triệu đồng.", "none"),
        ("Asean Plaza cho thuê mặt bằng", "Giá từ 9 triệu đồng.", "none"),
        ("Thủ tướng lên đường", "Thủ tướng dự Hội nghị Cấp cao lần thứ 47 của Hiệp hội các quốc gia Đông Nam Á.", "core"),
        ("Khối họp", "Ngoại trưởng các quốc gia thành viên Hiệp hội các quốc gia Đông Nam Á họp tại Luang Prabang.", "core"),
        ("Việt Nam – Lào tăng cường phối hợp", "Hai bên phối hợp chặt chẽ trong ASEAN.", "mention"),
        ("Hai thủ tướng gặp nhau", "Nhân dịp Hội nghị Cấp cao ASEAN 47, Thủ tướng gặp Thủ tướng Ấn Độ.", "related"),
        ("Hai thủ tướng gặp nhau", "Trong chuyến công tác tham dự Hội nghị Cấp cao ASEAN, hai ông gặp nhau.", "related"),
        ("Hỏi đáp: thuế nhập khẩu ô tô", "Theo Hiệp định Thương mại hàng hóa ASEAN, thuế là 0%.", "mention"),
        ("Triệt phá đường dây ma túy", "Công an phối hợp với ASEANAPOL bắt 12 người.", "mention"),
        ("Ông A, cựu Phó Tổng Thư ký ASEAN, làm hiệu trưởng", "Trường công bố hôm qua.", "mention"),
        ("Bộ quy tắc ứng xử ở công ty", "Mời tải file DOC.", "none"),
        ("Thị trường khách sạn phục hồi", "Giá phòng khách sạn trong ASEAN tăng 5%.", "mention"),
        ("Thủ tướng đến Cebu", "Thủ tướng bắt đầu chuyến công tác tham dự Hội nghị Cấp cao ASEAN 48.", "core"),
        (
            "Hai tổng thống gặp nhau",
            "Trong khuôn khổ chuyến công tác tham dự Hội nghị Cấp cao ASEAN, hai ông gặp nhau.",
            "related",
        ),
        ("Diễn đàn Du lịch ASEAN khai mạc", "Diễn đàn có 1.000 gian hàng tour của các nước ASEAN.", "core"),
        ("Nhân dịp kỷ niệm 59 năm thành lập ASEAN", "Lễ thượng cờ diễn ra tại Hà Nội.", "core"),
        ("Hội nghị Cấp cao ASEAN khai mạc tại khách sạn Shangri-La", "Các nhà lãnh đạo dự lễ.", "core"),
        ("Bộ trưởng Du lịch ASEAN họp về tour xuyên biên giới", "Hội nghị ra tuyên bố.", "core"),
    ],
)
def test_what_the_name_stands_in_and_behind(title: str, lead: str, levels: str) -> None:
    text = f"{lead}\n" + "Người dân trong vùng nói rằng mùa nước năm nay đến muộn. " * 10
    row = {"title": title, "text": text, "published": "2026-05-08"}
    assert topics.explain(bench.article(row), ASEAN).verdict in levels.split()


def test_flagging_costs_less_than_the_hashes_and_the_sample_of_a_text() -> None:
    """Those take 1.2 ms for 700 words and are taken of each text; `bench/topics.py` prints the milliseconds."""
    assert sum(rule.spelled for rule in ASEAN.rules) >= 500
    lines = [line for row in bench.texts("tuned") for line in row["text"].split("\n")]
    article = bench.article({"title": "ASEAN", "text": "\n".join(lines[:45]), "published": "2025-10-01"})
    assert len(article.text.split()) > 700

    def least(work: Callable[[], object]) -> float:
        taken = []
        for _ in range(60):
            start = time.process_time()
            work()
            taken.append(time.process_time() - start)
        return min(taken)

    assert least(lambda: topics.flag(article, [ASEAN])) < least(lambda: changes.fingerprint(article))
