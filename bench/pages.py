"""Invented news pages, in the size and the dress of real ones: MasterCMS and VCCorp in turn, every third about ASEAN.

The same count and seed give the same bytes. Every text is another one, and none of it happened.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from random import Random

_BYTES = 58_000  # of a page; scripts fill what text and links leave

# Columns of phrases: one of each makes a claim (who, did, what), two more (where, why) make it a sentence.
PLAIN = (
    "Hội Nông dân xã|Trường Đại học Thủy lợi|Ban quản lý khu công nghiệp|Đội cứu hộ ven biển|Thư viện thành phố|Bệnh viện huyện",
    "vừa hoàn thành|đã công bố kế hoạch|đang lấy ý kiến về|bắt đầu thử nghiệm|quyết định mở rộng|sớm triển khai|đề nghị sửa",
    "tuyến đường nối các làng nghề|mô hình tưới tiết kiệm nước|chương trình đọc sách cho học sinh|hệ thống cảnh báo lũ sớm|"
    "dự án phục hồi rừng ngập mặn|phiên chợ nông sản sạch cuối tuần|cây cầu thay bến đò cũ|quy trình khám bệnh từ xa",
)
ASEAN = (
    "Ban Thư ký ASEAN|Các Bộ trưởng Ngoại giao ASEAN|Đoàn Việt Nam|Ủy ban các Đại diện Thường trực|Nước Chủ tịch|Các quan chức",
    "đã trao đổi sâu về|nhất trí thúc đẩy|thông qua văn kiện về|rà soát tiến độ của|đề xuất sáng kiến về|khẳng định cam kết với",
    "Tầm nhìn Cộng đồng ASEAN 2045|vai trò trung tâm của ASEAN|quan hệ đối tác ASEAN+3|thỏa thuận kinh tế số khu vực",
)
MORE = (
    "ở huyện miền núi|tại thành phố cảng|trong phiên họp sáng 19/8|ở các xã ven biển từ ngày 3/5|tại trụ sở mới|trên cả tỉnh",
    "nhằm giảm chi phí cho người dân.|để giữ lại nghề của cha ông.|theo lộ trình đã thống nhất.|qua đó tạo thêm việc làm.",
)
_SECTIONS = "Thời sự|Thế giới|Kinh tế|Xã hội|Văn hóa|Giáo dục|Sức khỏe|Khoa học|Du lịch|Pháp luật|Môi trường|Bạn đọc"


def pages(count: int, seed: int) -> Iterator[bytes]:
    """`count` pages, each made when it is asked for."""
    for number in range(count):
        yield _page(Random(f"{seed}/{number}"), number)  # noqa: S311 - invented texts, no secrets


def _page(draw: Random, number: int) -> bytes:
    about = ASEAN if number % 3 == 0 else PLAIN
    title, said, syllables = claim(draw, about), [], draw.randint(300, 840)
    while sum(len(paragraph.split()) for paragraph in said) < syllables:
        said.append(" ".join(claim(draw, draw.choice((about, PLAIN)) + MORE) for _ in range(draw.randint(2, 4))))
    address = f"https://baochi.example/{slug(title)}-{10_300_000 + number}.htm"
    when = f"2026-{number % 9 + 1:02}-{number % 27 + 1:02}T08:{number % 60:02}:00+07:00"
    claims = {"@type": "NewsArticle", "headline": title, "datePublished": when, "mainEntityOfPage": address}
    fields = {"title": title, "lead": said[0], "first": said[1], "rest": "".join(f"<p>{p}</p>\n" for p in said[2:])}
    date = f"08:{number % 60:02} | {number % 27 + 1:02}/{number % 9 + 1:02}/2026"
    article = (_MASTERCMS if number % 2 else _VCCORP).format(date=date, **fields)
    menu = "".join(f'<li class="menu-item"><a href="/{slug(s)}" title="{s}">{s}</a></li>\n' for s in _SECTIONS.split("|"))
    page = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title><link rel="canonical"
href="{address}"><meta property="og:title" content="{title}"><meta property="og:description" content="{said[0]}">
<script type="application/ld+json">{json.dumps(claims, ensure_ascii=False)}</script></head><body class="page-detail">
<header><nav><ul class="main-menu">{menu}</ul></nav></header><main class="container"><div class="col-left">{article}
{links(draw, "Tin cùng chuyên mục", 15)}</div><aside class="col-right">{links(draw, "Đọc nhiều", 20)}
{links(draw, "Tin mới", 15)}</aside></main><footer><p>Cơ quan chủ quản: Hội Báo thử. Tổng biên tập: Lê Thử</p></footer>"""
    scripts = "".join(script(draw) for _ in range(max(1, (_BYTES - len(page.encode())) // 530)))
    return f"{page}\n{scripts}</body></html>".encode()


def claim(draw: Random, columns: tuple[str, ...]) -> str:
    return " ".join(draw.choice(column.split("|")) for column in columns)


def slug(said: str) -> str:
    bare = unicodedata.normalize("NFD", said.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return bare.replace("+", "-").replace(" ", "-")


def links(draw: Random, heading: str, count: int) -> str:
    items = []
    for _ in range(count):
        title, to = claim(draw, PLAIN), f"/tin-{draw.randint(100_000, 299_999)}.html"
        items.append(f"""<div class="box-item article"><a class="thumb" href="/{slug(title)}{to}" title="{title}">
<img class="lazy" alt="{title}" data-src="/stores/{draw.getrandbits(64):x}.jpg"></a>
<h3 class="article-title"><a href="/{slug(title)}{to}">{title}</a></h3>
<div class="article-desc">{claim(draw, PLAIN + MORE)[:80]} ...</div></div>""")
    return f'<div class="bx-listing"><h2 class="box-title">{heading}</h2>{"".join(items)}</div>'


def script(draw: Random) -> str:
    keys = ",".join(f'"{draw.getrandbits(128):x}"' for _ in range(12))
    return (
        f"<script>(function(w,d){{var q=w._q||[];q.push([{keys}]);if(d.readyState){{w._run(q)}}}})(window,document);</script>\n"
    )


_MASTERCMS = """<ul class="breadcrumb"><li class="menu-alias"><a href="/thoi-su">Thời sự</a></li></ul>
<h1 class="article-detail-title f0">{title}</h1><div class="article-date hna-article-date">{date}</div>
<div class="article-detail-desc">{lead}</div><div class="__MASTERCMS_CONTENT fw f1 mb20 clearfix">
<div id="articleBody" itemprop="articleBody"><div id="__MB_MASTERCMS_EL_3"><p>{first}</p><table class="MASTERCMS_TPL_TABLE"><tr>
<td><img class="__img_mastercms" alt="{title}" src="/a.jpg"></td></tr><tr><td>Ảnh: TV.</td></tr></table>{rest}
<table class="_MB_EMBEDNEWS"><tr><td><a href="/tin-1.html">Bài khác</a></td></tr></table></div></div></div>
<div class="article-detail-author">Trần Thử</div><div class="article-tag"><a class="tag-link" href="/thu-1.tag">thử</a></div>"""

_VCCORP = """<div class="detail-breadcrumb"><a data-role="cate-name" href="/xa-hoi.htm">Xã hội</a></div>
<h1 class="detail-title" data-role="title">{title}</h1><div class="detail-time" data-role="publishdate">{date}</div>
<h2 class="detail-sapo" data-role="sapo">{lead}</h2><div class="detail-content afcbc-body" data-role="content"><p>{first}</p>
<figure class="VCSortableInPreviewMode" type="Photo"><img alt="{title} - Ảnh 1." src="/a.jpg">
<figcaption class="PhotoCMS_Caption">Ảnh: TV.</figcaption></figure>{rest}<p style="text-align: right;"><b>Lê Thử</b></p>
<div type="RelatedNewsBox"><ul class="kbwscwl-relatedbox"><li class="kbwscwlrl"><a href="/tin-1.htm">Bài khác</a></li></ul>
</div></div><ul class="detail-tag-list" data-role="tags"><li><a href="/thu.html">thử</a></li></ul>"""
