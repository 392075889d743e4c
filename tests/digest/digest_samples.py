"""Digest values by hand, for the tests of the room."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from model import Copy, Credit, Evidence, Field, Flag, Level, News

NOW = datetime(2026, 11, 22, 5, 45, tzinfo=UTC)
ZONE = "Asia/Ho_Chi_Minh"


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates and controls too
OFFSETS = st.integers(-23 * 3600, 23 * 3600).map(lambda seconds: timezone(timedelta(seconds=seconds)))
TIMES = st.datetimes(timezones=OFFSETS)


def any_value(kind: Any, words: st.SearchStrategy[str] = ANY_TEXT) -> st.SearchStrategy[Any]:
    """Any value of a type of the model, by the type hints of its fields; texts are drawn from `words`."""
    if get_origin(kind) is UnionType:
        return st.none() | any_value(get_args(kind)[0], words)
    if get_origin(kind) is tuple:
        return st.lists(any_value(get_args(kind)[0], words), max_size=2).map(tuple)
    if is_dataclass(kind):
        return st.builds(kind, **{name: any_value(hint, words) for name, hint in get_type_hints(kind).items()})
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    plain = {str: words, datetime: TIMES, bool: st.booleans(), int: st.integers(0, 2**40), float: st.floats(allow_nan=False)}
    return plain[kind]


def evidence(rule: str, words: str, field: Field = Field.TEXT, start: int = 0) -> Evidence:
    return Evidence(rule=rule, text=words, field=field, start=start, end=start + len(words))


def flag(level: Level = Level.CORE, score: float = 10.0, *found: Evidence, topic: str = "ASEAN") -> Flag:
    return Flag(topic=topic, level=level, score=score, rules="3f2a", evidence=found)


def copy(article_id: int, **changes: Any) -> Copy:
    known: dict[str, Any] = {
        "title": "Bản sao",
        "outlet": f"Báo {article_id}",
        "url": f"https://b{article_id}.vn/x",
        "first_seen": NOW,
    }
    return Copy(article_id=article_id, **known | changes)


def news(article_id: int, **changes: Any) -> News:
    """An article without a flag, found now and dated; `changes` are fields of News."""
    plain: dict[str, Any] = {
        "version_id": article_id * 10,
        "identity": f"baoquocte.vn/{article_id}",
        "url": f"https://baoquocte.vn/bai-{article_id}.html",
        "site": "baoquocte.vn",
        "outlet": "Báo Thế giới và Việt Nam",
        "title": f"Bài {article_id}",
        "lead": None,
        "section": None,
        "published": datetime(2026, 11, 21, 1, 0, tzinfo=UTC),
        "first_seen": NOW,
        "changed": NOW,
        "edited": False,
        "old_title": None,
        "credit": None,
        "origin_url": None,
        "flags": (),
        "copy_of": None,
    }
    return News(article_id=article_id, **plain | changes)


def sample() -> list[News]:
    """A day's news, as the press writes it."""
    summit = flag(
        Level.CORE,
        31.44,
        evidence("summit", "Hội nghị Cấp cao ASEAN", Field.TITLE, 58),
        *(evidence("asean", "ASEAN", Field.TEXT, 40 * n) for n in range(57)),
        evidence("asean", "Asean", Field.TEXT, 4000),
        evidence("som", "Trưởng SOM ASEAN Việt Nam", Field.LEAD, 62),
        *(
            evidence(f"member-{n}", name, Field.TEXT, 300 + n)
            for n, name in enumerate(["Lào", "Thái Lan", "Ma-lai-xi-a", "Bru-nây"])
        ),
        evidence("community", "Cộng đồng ASEAN", Field.TEXT, 812),
        evidence("vision", "Tầm nhìn Cộng đồng ASEAN 2045", Field.TEXT, 1200),
    )
    first = news(
        1,
        title="Công tác chuẩn bị chu đáo, kỹ lưỡng và bài bản cho Hội nghị Cấp cao ASEAN",
        lead="Ngày 7/10, tại Vientiane, Lào, Thứ trưởng Ngoại giao Đỗ Hùng Việt, Trưởng SOM ASEAN Việt Nam dẫn đầu đoàn dự cuộc "
        "họp trù bị cho Hội nghị cấp cao ASEAN lần thứ 44, 45 và các hội nghị liên quan. Công tác tổ chức, an ninh, lễ tân "
        "được Chủ tịch Lào lên kế hoạch từ sớm, chuẩn bị chu đáo, kỹ lưỡng và bài bản.",
        section="Ngoại giao",
        edited=True,
        old_title="Chuẩn bị kỹ lưỡng cho các Hội nghị cấp cao ASEAN",
        published=datetime(2026, 11, 22, 2, 47, tzinfo=UTC),
        flags=(summit,),
        credit=Credit(name="TTXVN", domain="baotintuc.vn"),
        origin_url="https://baotintuc.vn/thoi-su/cong-tac-chuan-bi-chu-dao-20261122084512345.htm",
        copies=(copy(31, outlet="VietnamPlus", title="SOM ASEAN: Chuẩn bị chu đáo cho Hội nghị cấp cao"),),
    )
    second = news(
        2,
        site="baochinhphu.vn",
        outlet="Báo Điện tử Chính phủ",
        url="https://baochinhphu.vn/viet-nam-tiep-tuc-khang-dinh-102240618094700123.htm",
        title="Việt Nam tiếp tục khẳng định hình ảnh thành viên chủ động, tích cực, trách nhiệm và sáng tạo trong ASEAN",
        lead="(Chinhphu.vn) - Các quan điểm, đề xuất, sáng kiến của Việt Nam đáp ứng quan tâm và lợi ích chung của khu vực, "
        "góp phần củng cố đoàn kết và vai trò trung tâm của ASEAN.",
        published=datetime(2024, 6, 18, 2, 47, tzinfo=UTC),
        flags=(flag(Level.CORE, 18.2, evidence("asean", "ASEAN", Field.TITLE, 112), evidence("asean", "ASEAN", Field.TEXT, 9)),),
    )
    third = news(
        3,
        identity="saved:002_6fcc68e241aba17d.txt",
        site=None,
        outlet=None,
        url=None,
        title="Ưu tiên phát triển tiểu vùng trong quá trình xây dựng cộng đồng ASEAN",
        lead="Tiếp nối các hoạt động trong chuỗi Hội nghị Bộ trưởng Ngoại giao ASEAN lần thứ 54 và các Hội nghị liên quan, "
        "tại Hội nghị Hội đồng điều phối ASEAN (ACC) lần thứ 29, Bộ trưởng Ngoại giao Bùi Thanh Sơn dẫn đầu đoàn Việt Nam.",
        published=None,
        flags=(flag(Level.CORE, 22.9, evidence("acc", "Hội đồng điều phối ASEAN", Field.LEAD, 130)),),
    )
    fourth = news(
        4,
        title="Việt Nam-Lào: Song hành chặt chẽ, phát triển mạnh mẽ",
        lead="Sự hiện diện của Phó Thủ tướng Chính phủ, Bộ trưởng Ngoại giao Bùi Thanh Sơn tại thủ đô Vientiane từ 16-18/12.",
        flags=(flag(Level.MENTION, 3.0, evidence("asean", "ASEAN", Field.TEXT, 2210)),),
    )
    copied = news(5, copy_of=4, outlet="Báo Lào Cai", url="https://baolaocai.vn/viet-nam-lao-post392817.html", title=fourth.title)
    rest = news(
        6, title="Giá xăng dầu giảm từ 15 giờ chiều nay", lead="Liên Bộ Công Thương - Tài chính điều chỉnh giá bán lẻ xăng dầu."
    )
    late = news(
        7,
        copy_of=900,
        title="ASEAN+3 nhất trí tăng cường hợp tác tài chính",
        outlet="Báo Bình Phước",
        site="baobinhphuoc.com.vn",
        url="https://baobinhphuoc.com.vn/news/asean-3-nhat-tri-165210",
        flags=(flag(Level.CORE, 12.5, evidence("asean-plus", "ASEAN+3", Field.TITLE, 0)),),
    )
    return [first, second, third, fourth, copied, rest, late]
