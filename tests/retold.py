"""The owner's saved pages 000 and 004, and pages of our own that copy, cut and retitle them: a story, and an edit.

What README prints of them is what these give (test_retold.py).
"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from pathlib import Path

import extract
from model import Capture
from tests.commands import SEEDS

ORIGIN = "https://baoquocte.vn/viet-nam-lao-song-hanh-chat-che-phat-trien-manh-me-297921.html"
CUT = "https://baolaocai.vn/chuyen-tham-lam-sau-sac-quan-he-viet-lao-post394207.html"
LONGER = "https://thoidai.com.vn/tham-van-chinh-tri-viet-nam-lao-lan-thu-11-207311.html"
OWN = (
    "Theo ghi nhận của Thời Đại tại Vientiane, nhiều bạn trẻ Lào đang học tiếng Việt tại các trung tâm của Đại học Quốc gia Lào.",
    "Đại diện Hội hữu nghị Lào - Việt Nam cho biết mong có thêm học bổng ngắn hạn cho sinh viên hai nước trong năm tới.",
)

PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="{url}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{published}"></head>
<body><article><h1>{title}</h1>
{paragraphs}
</article></body></html>
"""


def seed(number: int) -> tuple[str, list[str]]:
    """(title, paragraphs) of one of the owner's pages, as it is read."""
    (path,) = SEEDS.glob(f"{number:03}_*.txt")
    when = datetime(2026, 11, 22, tzinfo=UTC)
    read = extract.read(Capture(identity=path.name, body=path.read_bytes(), captured_at=when, captured_exactly=False))
    return read.title or "", [block.text for block in read.blocks if block.kind != "caption"]


def page(folder: Path, name: str, url: str, published: str, title: str, paragraphs: list[str]) -> None:
    body = "\n".join(f"<p>{html.escape(said)}</p>" for said in paragraphs)
    (folder / name).write_text(
        PAGE.format(title=html.escape(title), url=url, published=published, paragraphs=body), encoding="utf-8"
    )
    (folder / f"{name}.json").write_text(json.dumps({"url": url, "captured_at": "2024-12-19T09:00:00+07:00"}), encoding="utf-8")


def story(folder: Path) -> None:
    """The story of seed 004: its source, two papers that made something else of it, and the page as it was saved."""
    folder.mkdir(parents=True)
    title, said = seed(4)
    page(folder, "1.html", ORIGIN, "2024-12-18T17:32:00+07:00", title, said)
    page(folder, "2.html", LONGER, "2024-12-18T21:05:00+07:00", "Tham vấn chính trị Việt Nam - Lào lần thứ 11", [*said, *OWN])
    cut = [*said[:5], *said[7:9], *said[16:20], "Theo baoquocte.vn"]
    page(folder, "3.html", CUT, "2024-12-19T07:10:00+07:00", "Chuyến thăm làm sâu sắc quan hệ Việt - Lào", cut)
    (path,) = SEEDS.glob("004_*.txt")
    (folder / "004.txt").write_bytes(path.read_bytes())


def edited(folder: Path, *, after: bool) -> None:
    """Seed 000 as the paper had it first, or after an edit: two numbers, some words, and a sentence that was taken out."""
    folder.mkdir(parents=True, exist_ok=True)
    (path,) = SEEDS.glob("000_*.txt")
    said = path.read_text(encoding="utf-8")
    if after:
        gone = next(line for line in said.split("\n") if line.startswith("Năm 2024 chứng kiến một đất nước"))
        for old, new in (
            ("807 hoạt động", "870 hoạt động"),
            ("tăng 34%", "tăng 43%"),
            ("Bên cạnh đó, Lào cũng thúc đẩy", "Ngoài ra, Lào cũng góp phần thúc đẩy"),
            (gone + "\n", ""),
        ):
            assert old in said
            said = said.replace(old, new, 1)
    (folder / "000.txt").write_text(said, encoding="utf-8")
