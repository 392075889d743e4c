"""The table of templates: what is wrong in it is told by row and field, and a row's days are kept."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from extract import families, page

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("[[family]]\nsigns = ['.a']", "has no name"),
        ("[[family]]\nname = 'a'\nboddy = ['.a']", "family a: no such field: boddy"),
        ("[[family]]\nname = 'a'\nuntil = '2019'", "family a: until is no date such as 2019-12-31"),
        ("[[family]]\nname = 'a'\nbody = '.a'", "family a: body is no list of text"),
        ("[[family]]\nname = 'a'\nbody = ['div > p']", "family a: body: no selector: 'div > p'"),
        ("[[family]]\nname = 'a'\nbody = ['[onclick=x]']", "of attributes only"),
        ("[[family]]\nname = 'a'\nbody = ['']", "family a: body: a selector is empty"),
    ],
)
def test_a_mistake_is_told_by_row_and_field(table: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"families\.toml") as error:
        families.parse(table)
    assert told in str(error.value)


OLD = """
[[family]]
name = "old"
signs = [".a"]
body = [".a"]
until = 2019-12-31
[[family]]
name = "new"
signs = [".a"]
body = [".a"]
since = 2020-01-01
[[family]]
name = "own"
sites = ["b.vn"]
body = [".b"]
"""


@pytest.mark.parametrize(
    ("site", "day", "body", "name"),
    [
        (None, date(2019, 12, 31), '<p class="a">', "old"),
        (None, date(2020, 1, 1), '<p class="a">', "new"),
        ("b.vn", date(2020, 1, 1), '<p class="b">', "own"),
        ("b.vn", date(2020, 1, 1), '<p class="a b">', "own"),
        ("b.vn", date(2020, 1, 1), '<p class="a">', "new"),
        ("c.vn", date(2020, 1, 1), '<p class="c">', "any"),
    ],
)
def test_a_page_is_read_by_the_template_of_its_day_and_its_site(site: str | None, day: date, body: str, name: str) -> None:
    parsed = page.Page(page.parse(f"<html><body>{body}</body></html>"))
    assert families.parse(OLD).of(parsed, site, day).name == name


ROW = """
[[family]]
name = "ban-tin-thu"
whole = true
sites = ["bantinthu.example"]
title = [".tt"]
lead = [".td"]
date = [".ng"]
author = [".tg"]
body = [".nd"]
drop = [".nd-khac"]
"""
PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Trang tin thử</title></head><body>
<div class="tt">Ba nước ASEAN mở tuyến phà chở hàng</div><div class="ng">20/11/2026 08:15</div>
<div class="td">Tuyến phà đầu tiên sẽ chạy thử vào tháng Giêng với hai chuyến mỗi tuần.</div>
<div class="nd"><div>Các cảng nhỏ được ưu tiên vì đường bộ quanh vịnh còn thiếu.</div>
<div class="nd-khac">Xem thêm: giá cước tàu biển tăng nhẹ trong tuần này ở các cảng lớn của khu vực.</div>
<div>Chủ hàng có thể đặt chỗ qua mạng từ tháng Mười Hai.</div></div><div class="tg">Lê Thử Nghiệm</div>
<div class="cuoi">Bản quyền thuộc Bản tin thử, cấm sao chép dưới mọi hình thức nếu không được đồng ý.</div></body></html>"""


def test_a_site_is_added_by_a_row_and_a_golden_folder_and_no_code(tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns(".git", ".venv", "__pycache__", "*.egg-info", ".*_cache", "pages")
    house = tmp_path / "house"
    shutil.copytree(ROOT, house, ignore=left_out)
    with (house / "extract" / "families.toml").open("a", encoding="utf-8") as table:
        table.write(ROW)
    (house / "tests" / "pages").mkdir()
    saved = tmp_path / "bai.html"
    saved.write_text(PAGE, encoding="utf-8")
    address = "https://bantinthu.example/tuyen-pha-123.html"
    added = subprocess.run(
        [sys.executable, "-m", "cli", "golden", "add", str(saved), "--as", "ban-tin-thu/bai", "--url", address],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert added.returncode == 0, added.stderr
    expected = json.loads((house / "tests" / "pages" / "ban-tin-thu" / "bai" / "article.json").read_text(encoding="utf-8"))
    assert expected["title"] == "Ba nước ASEAN mở tuyến phà chở hàng"
    assert expected["published"] == "2026-11-20T08:15:00+07:00"
    assert expected["authors"] == ["Lê Thử Nghiệm"]
    assert [block["text"] for block in expected["blocks"]] == [
        "Tuyến phà đầu tiên sẽ chạy thử vào tháng Giêng với hai chuyến mỗi tuần.",
        "Các cảng nhỏ được ưu tiên vì đường bộ quanh vịnh còn thiếu.",
        "Chủ hàng có thể đặt chỗ qua mạng từ tháng Mười Hai.",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/extract/test_golden.py", "-k", "ban-tin-thu"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
