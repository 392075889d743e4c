"""A small news site on loopback: a real HTTP server with named failures, and pages in the dress of two CMS families.

    with Site() as site:
        publish(site, STORIES)                     # list, articles, feed and sitemap, as MasterCMS writes them
        site.put("/robots.txt", "User-agent: *\\nDisallow: /mat/")
        site.busy("/cu/ban-tin-so-mot-hai-ba.html")
        ...
        assert [asked.path for asked in site.log] == [...]

Texts are our own; the events in them are invented. Class names are those of docs/facts.md.
"""

from __future__ import annotations

import gzip
import itertools
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VIETNAM = timezone(timedelta(hours=7))

Body = str | bytes | Callable[[], "str | bytes"]


# ---------------------------------------------------------------- the server


@dataclass
class Asked:
    """One request as it came in; times are of time.monotonic()."""

    path: str
    headers: Mapping[str, str]
    at: float
    ended: float | None = None


@dataclass
class _Route:
    body: Body
    status: int = 200
    headers: dict[str, str | None] = field(default_factory=dict)
    wait: float = 0.0  # seconds before the answer
    missing: int = 0  # bytes that are promised and never sent
    gate: str | None = None  # a cookie without which the page leads to itself
    pieces: Callable[[], Iterable[bytes]] | None = None  # sent as they are in place of an answer, then the line is cut


class Site:
    """Pages by path; what is not put is a 404. Use it as a context manager, or call close()."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.log: list[Asked] = []
        self._routes: dict[str, _Route] = {}
        self._server = ThreadingHTTPServer((host, 0), _handler(self))
        self._server.daemon_threads = True
        self.host, self.port = host, self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "") -> str:
        return f"http://{self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for so far, in order."""
        return [asked.path for asked in self.log]

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on; the addresses are then https."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def route(self, path: str) -> _Route | None:
        return self._routes.get(path)

    # ---------------------------------------------------------------- pages and failures, by name

    def put(self, path: str, body: Body = "", *, status: int = 200, headers: Mapping[str, str | None] | None = None) -> str:
        """Serve a page, or replace one. A callable is called for each request. A header of None is left out."""
        self._routes[path] = _Route(body, status, dict(headers or {}))
        return self.url(path)

    def remove(self, path: str) -> None:
        self._routes.pop(path, None)

    def busy(self, path: str, headers: Mapping[str, str | None] | None = None) -> str:
        return self.put(path, "<h1>503 Service Unavailable</h1>", status=503, headers=headers)

    def busy_first(self, path: str, times: int, body: Body) -> str:
        """503 so many times, and then the page."""
        count = itertools.count()

        def then() -> str | bytes:
            if next(count) + 1 == times:
                self.put(path, body)
            return "<h1>503 Service Unavailable</h1>"

        self._routes[path] = _Route(then, 503)
        return self.url(path)

    def forbid(self, path: str) -> str:
        return self.put(path, "<h1>403 Forbidden</h1>", status=403)

    def ration(self, path: str) -> str:
        return self.put(path, "<h1>429 Too Many Requests</h1>", status=429, headers={"Retry-After": "120"})

    def slow(self, path: str, seconds: float, body: Body = "<p>chậm</p>", headers: Mapping[str, str | None] | None = None) -> str:
        self._routes[path] = _Route(body, headers=dict(headers or {}), wait=seconds)
        return self.url(path)

    def huge(self, path: str, length: int) -> str:
        return self.put(path, "<html><body>" + "x" * length)

    def huge_when_unpacked(self, path: str, length: int) -> str:
        return self.put(path, gzip.compress(b"<html><body>" + b"x" * length), headers={"Content-Encoding": "gzip"})

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.put(path, "", status=status, headers={"Location": to})

    def loop(self, path: str) -> str:
        return self.redirect(path, path)

    def garbage_type(self, path: str, content_type: str = "image/jpeg") -> str:
        return self.put(path, b"\xff\xd8\xff\xe0 no page", headers={"Content-Type": content_type})

    def truncated(self, path: str) -> str:
        """Promises more than it sends, and hangs up."""
        self._routes[path] = _Route("<html><body><p>Một nửa của", missing=5_000)
        return self.url(path)

    def cookie_gate(self, path: str, body: Body) -> str:
        """Sends a page to itself until its cookie comes back."""
        self._routes[path] = _Route(body, gate="muid_mly=7d1f")
        return self.url(path)

    def challenge(self, path: str) -> str:
        body = "<html><head><title>Just a moment...</title></head><body></body></html>"
        return self.put(path, body, headers={"cf-mitigated": "challenge"})

    # ---------------------------------------------------------------- answers that are none

    def pieces(self, path: str, pieces: Callable[[], Iterable[bytes]]) -> str:
        """Send these bytes for an answer, headers and all; they may have no end."""
        self._routes[path] = _Route("", pieces=pieces)
        return self.url(path)

    def garbage(self, path: str, answer: bytes) -> str:
        return self.pieces(path, lambda: [answer])

    def drip(self, path: str, head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>") -> str:
        """Sends a byte now and then, for ever."""
        return self.pieces(path, lambda: itertools.chain([head], _every(0.1, b"x")))

    def hang(self, path: str, head: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n") -> str:
        """Sends this much, then nothing."""
        return self.pieces(path, lambda: itertools.chain([head], _every(0.1, b"")))

    def endless(self, path: str, head: bytes, piece: bytes) -> str:
        """Sends the same again and again, as fast as it is taken."""
        return self.pieces(path, lambda: itertools.chain([head], itertools.repeat(piece)))

    def packed(self, path: str, body: bytes, coding: str) -> str:
        return self.put(path, body, headers={"Content-Encoding": coding})

    def endless_cookie_gate(self, path: str) -> str:
        """Sends a page to itself whatever cookie comes back."""
        return self.put(path, "", status=302, headers={"Location": path, "Set-Cookie": "muid_mly=1; path=/"})


def _every(seconds: float, piece: bytes) -> Iterable[bytes]:
    for _ in range(round(60 / seconds)):  # then at last it ends, so that no thread outlives the tests
        time.sleep(seconds)
        yield piece


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes; a delayed ACK between them costs 40 ms
        timeout = 30

        def handle(self) -> None:
            with suppress(ConnectionError):  # the other side was killed
                super().handle()

        def do_GET(self) -> None:
            asked = Asked(self.path, dict(self.headers.items()), time.monotonic())
            site.log.append(asked)
            try:
                self._answer(site.route(self.path) or _Route("<h1>404 Not Found</h1>", 404))
            except (BrokenPipeError, ConnectionResetError):  # the other side had enough of it
                self.close_connection = True
            asked.ended = time.monotonic()

        def _answer(self, route: _Route) -> None:
            time.sleep(route.wait)
            if route.pieces:
                self._send(route.pieces())
                return
            body = route.body() if callable(route.body) else route.body
            raw = body.encode() if isinstance(body, str) else body
            if route.gate and route.gate not in self.headers.get("Cookie", ""):
                route = _Route("", 302, {"Location": self.path, "Set-Cookie": f"{route.gate}; path=/"})
                body = ""
                raw = b""
            if route.status == 200 and _unchanged(route.headers, self.headers):
                self.send_response(304)
                self.end_headers()
                return
            headers = {"Content-Type": _type(self.path, raw), "Content-Length": str(len(raw) + route.missing), **route.headers}
            self.send_response(route.status)
            for name, value in headers.items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)
            self.close_connection = self.close_connection or bool(route.missing)

        def _send(self, pieces: Iterable[bytes]) -> None:
            self.close_connection = True
            for piece in pieces:
                self.wfile.write(piece)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _unchanged(headers: Mapping[str, str | None], asked: Mapping[str, str]) -> bool:
    """The page's own ETag or date is what was asked by; an ETag goes before a date (RFC 9110)."""
    if etag := asked.get("If-None-Match"):
        return headers.get("ETag") == etag
    date = asked.get("If-Modified-Since")
    return date is not None and headers.get("Last-Modified") == date


def _type(path: str, raw: bytes) -> str:
    if path.endswith(".txt"):
        return "text/plain; charset=utf-8"
    return "application/xml" if raw.lstrip().startswith(b"<?xml") else "text/html; charset=utf-8"


# ---------------------------------------------------------------- stories


@dataclass(frozen=True, kw_only=True)
class Story:
    """An article before a CMS has dressed it."""

    slug: str
    number: int  # the CMS's id: 6 digits
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published: datetime
    author: str
    section: str = "Việt Nam và ASEAN"
    tags: tuple[str, ...] = ("ASEAN",)
    caption: str | None = None
    modified: datetime | None = None

    @property
    def mastercms_path(self) -> str:
        return f"/{self.slug}-{self.number}.html"

    @property
    def vccorp_path(self) -> str:
        # site, then the time of creation to the millisecond
        return f"/{self.slug}-102{self.published:%y%m%d%H%M%S}{self.number % 1000:03}.htm"


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=VIETNAM)


STORIES = (
    Story(
        slug="asean-thong-qua-ke-hoach-hanh-dong-ve-luoi-dien-khu-vuc",
        number=371204,
        title="ASEAN thông qua kế hoạch hành động về lưới điện khu vực giai đoạn 2026-2030",
        lead="Các Bộ trưởng Năng lượng ASEAN ngày 10/3 tại Cebu (Philippines) nhất trí thông qua kế hoạch hành động 5 "
        "năm về Lưới điện ASEAN, đặt mục tiêu hoàn thành thêm sáu tuyến kết nối xuyên biên giới.",
        paragraphs=(
            "Hội nghị Bộ trưởng Năng lượng ASEAN phiên đặc biệt diễn ra dưới sự chủ trì của Philippines, nước Chủ "
            "tịch ASEAN năm 2026, với sự tham dự của đại diện 11 quốc gia thành viên và Tổng Thư ký ASEAN.",
            "Phát biểu tại hội nghị, Thứ trưởng Bộ Công Thương Đỗ Quang Hạnh khẳng định Việt Nam coi hợp tác năng "
            "lượng là trụ cột của hội nhập khu vực, đồng thời đề nghị các nước sớm thống nhất biểu giá truyền tải "
            "chung để doanh nghiệp yên tâm đầu tư.",
            "Theo kế hoạch, ba tuyến trên đất liền nối Lào, Thái Lan, Campuchia và Việt Nam sẽ được ưu tiên trong hai"
            " năm đầu. Các tuyến cáp ngầm dưới biển giữa bán đảo và các nước hải đảo được nghiên cứu khả thi trước "
            "năm 2028.",
            "Trung tâm Năng lượng ASEAN ước tính tổng vốn cần huy động vào khoảng 18 tỷ USD, trong đó khu vực tư nhân"
            " đóng góp hơn một nửa. Ngân hàng Phát triển châu Á cam kết lập quỹ chuẩn bị dự án trị giá 120 triệu USD.",
            "Bên lề hội nghị, đoàn Việt Nam đã gặp song phương với Singapore và Malaysia để trao đổi về xuất khẩu "
            "điện gió ngoài khơi, lĩnh vực được ba nước xác định là hình mẫu cho các dự án tiếp theo của khối.",
        ),
        published=_at(10, 17, 25),
        author="Thu Hiền",
        tags=("ASEAN", "Lưới điện ASEAN", "năng lượng"),
        caption="Các Bộ trưởng Năng lượng ASEAN chụp ảnh chung tại Cebu, Philippines, ngày 10/3. (Ảnh: Phương Nam)",
    ),
    Story(
        slug="viet-nam-de-xuat-sang-kien-ve-an-toan-hang-hai-tai-arf",
        number=371198,
        title="Việt Nam đề xuất sáng kiến về an toàn hàng hải tại Diễn đàn khu vực ASEAN",
        lead="Tại cuộc họp nhóm công tác của Diễn đàn khu vực ASEAN (ARF), Việt Nam đề xuất lập mạng lưới chia sẻ "
        "thông tin cứu nạn trên biển giữa các trung tâm điều phối quốc gia.",
        paragraphs=(
            "Cuộc họp giữa kỳ về an ninh biển của ARF được tổ chức ngày 9/3 tại Đà Nẵng, do Việt Nam, Ấn Độ và New "
            "Zealand đồng chủ trì. Hơn 80 đại biểu từ 25 nước và tổ chức khu vực tham dự trực tiếp.",
            "Phó Vụ trưởng Vụ ASEAN, Bộ Ngoại giao, bà Nguyễn Hoàng Lan Chi nhấn mạnh tự do hàng hải và hàng không ở "
            "Biển Đông là lợi ích chung, cần được bảo đảm trên cơ sở luật pháp quốc tế, nhất là Công ước của Liên hợp"
            " quốc về Luật Biển năm 1982.",
            "Sáng kiến của Việt Nam gồm ba phần: đường dây liên lạc thường trực, diễn tập trên bản đồ hằng năm và bộ "
            "quy tắc trao đổi dữ liệu tàu cá gặp nạn. Nhiều nước bày tỏ ủng hộ và đề nghị thí điểm ngay trong năm "
            "nay.",
            "Đại diện Ban Thư ký ASEAN cho biết kết quả cuộc họp sẽ được báo cáo lên Hội nghị Quan chức cao cấp ASEAN"
            " (SOM) vào tháng 5, trước khi trình các Bộ trưởng Ngoại giao xem xét.",
        ),
        published=_at(9, 20, 10),
        author="Minh Quân",
        tags=("ARF", "Biển Đông", "an toàn hàng hải"),
        caption="Toàn cảnh cuộc họp giữa kỳ ARF về an ninh biển tại Đà Nẵng. (Ảnh: Hải Vân)",
    ),
    Story(
        slug="timor-leste-tham-du-phien-hop-uy-ban-dai-dien-thuong-truc-asean",
        number=371150,
        title="Timor-Leste dự phiên họp Ủy ban các Đại diện thường trực ASEAN với tư cách thành viên",
        lead="Đại sứ Timor-Leste lần đầu chủ trì một đề mục trong phiên họp của Ủy ban các Đại diện thường trực tại "
        "ASEAN (CPR) ở Jakarta sáng 6/3.",
        paragraphs=(
            "Phiên họp lần thứ ba trong năm của CPR tập trung vào việc triển khai Tầm nhìn Cộng đồng ASEAN 2045 và "
            "chuẩn bị cho Hội nghị Cấp cao ASEAN vào tháng 5 tới.",
            "Đại sứ, Trưởng Phái đoàn Việt Nam tại ASEAN Phạm Đức Toản chúc mừng Timor-Leste và cam kết hỗ trợ nước "
            "này đào tạo cán bộ, thông qua các khóa tiếng Anh chuyên ngành và chương trình thực tập tại Hà Nội.",
            "Các nước nhất trí rà soát hơn 60 văn kiện mà thành viên mới cần tham gia trong ba năm, ưu tiên những "
            "thỏa thuận về kinh tế và hải quan. Ban Thư ký ASEAN sẽ lập một bộ phận đầu mối để hỗ trợ về kỹ thuật.",
            "Ủy ban cũng thảo luận về ngân sách hoạt động năm 2027, việc nâng cấp trụ sở và kế hoạch kỷ niệm 60 năm "
            "thành lập Hiệp hội.",
        ),
        published=_at(6, 14, 45),
        author="Hà Linh (từ Jakarta)",
        tags=("Timor-Leste", "CPR", "Tầm nhìn ASEAN 2045"),
    ),
    Story(
        slug="doanh-nghiep-det-may-tan-dung-uu-dai-cua-hiep-dinh-rcep",
        number=371101,
        title="Doanh nghiệp dệt may tận dụng ưu đãi của Hiệp định RCEP để mở rộng thị trường",
        lead="Kim ngạch xuất khẩu dệt may sang các nước tham gia Hiệp định Đối tác Kinh tế Toàn diện Khu vực (RCEP) "
        "tăng mạnh trong hai tháng đầu năm nhờ quy tắc xuất xứ cộng gộp.",
        paragraphs=(
            "Theo Hiệp hội Dệt may, hai tháng đầu năm 2026 xuất khẩu của ngành sang các nước RCEP đạt gần 2,1 tỷ USD,"
            " tăng 14% so với cùng kỳ, trong đó thị trường ASEAN chiếm khoảng một phần ba.",
            "Giám đốc một công ty may ở Nam Định, ông Trần Văn Bính, cho biết nhờ được cộng gộp xuất xứ, nguyên liệu "
            "nhập từ Malaysia và Indonesia vẫn được tính là hàng trong khối, giúp giá thành giảm khoảng 3%.",
            "Tuy vậy, tỷ lệ sử dụng giấy chứng nhận xuất xứ mẫu RCEP vẫn thấp, do nhiều doanh nghiệp nhỏ chưa quen "
            "với thủ tục tự chứng nhận. Bộ Công Thương dự kiến mở 20 lớp tập huấn tại các địa phương trong quý II.",
            "Các chuyên gia khuyến nghị doanh nghiệp đầu tư vào khâu dệt nhuộm trong nước, vì đây là điều kiện để "
            "hưởng lợi lâu dài từ các hiệp định thương mại tự do thế hệ mới.",
        ),
        published=_at(5, 8, 30),
        author="Ngọc Mai",
        section="Kinh tế",
        tags=("RCEP", "dệt may", "xuất khẩu"),
        caption="Công nhân một nhà máy may tại Nam Định. (Ảnh: Đức Thịnh)",
    ),
    Story(
        slug="ha-noi-thi-diem-lan-duong-rieng-cho-xe-dap-quanh-ho-tay",
        number=371088,
        title="Hà Nội thí điểm làn đường riêng cho xe đạp quanh Hồ Tây",
        lead="Từ ngày 15/3, thành phố Hà Nội thí điểm làn đường dành riêng cho xe đạp dài hơn 9 km quanh Hồ Tây trong sáu tháng.",
        paragraphs=(
            "Làn đường rộng 2,5 m, sơn màu xanh, được ngăn với phần đường ô tô bằng dải phân cách mềm. Tám điểm cho "
            "thuê xe đạp công cộng được bố trí dọc tuyến, hoạt động từ 5 giờ đến 23 giờ hằng ngày.",
            "Sở Xây dựng cho biết khảo sát ban đầu cho thấy mỗi ngày có khoảng 4.000 lượt người đạp xe quanh hồ, chủ "
            "yếu vào sáng sớm và chiều tối. Sau thí điểm, thành phố sẽ đánh giá để mở rộng sang các tuyến ven sông "
            "Hồng.",
            "Người dân phường Quảng An phần lớn ủng hộ, song đề nghị có biển báo rõ ràng ở các ngõ và xử lý nghiêm xe"
            " máy đi vào làn.",
        ),
        published=_at(4, 10, 5),
        author="Bảo Anh",
        section="Xã hội",
        tags=("Hà Nội", "Hồ Tây", "xe đạp"),
    ),
    Story(
        slug="mien-trung-chu-dong-ung-pho-dot-mua-trai-mua",
        number=371042,
        title="Miền Trung chủ động ứng phó đợt mưa trái mùa",
        lead="Các tỉnh từ Quảng Trị đến Gia Lai yêu cầu kiểm tra hồ chứa, gia cố đê kè trước đợt mưa trái mùa dự báo "
        "kéo dài đến hết tuần này.",
        paragraphs=(
            "Trung tâm Dự báo khí tượng thủy văn quốc gia nhận định do không khí lạnh kết hợp nhiễu động gió đông, từ"
            " đêm 2/3 khu vực có mưa vừa, có nơi mưa to với lượng phổ biến 80-150 mm.",
            "Tại Quảng Ngãi, hơn 3.000 ha lúa đông xuân đang làm đòng có nguy cơ ngập. Ngành nông nghiệp đã huy động "
            "45 trạm bơm và cử cán bộ túc trực tại các cống tiêu.",
            "Chính quyền các xã ven biển thông báo cho chủ tàu thuyền neo đậu an toàn, đồng thời chuẩn bị phương án "
            "sơ tán các hộ dân ở vùng có nguy cơ sạt lở.",
        ),
        published=_at(2, 18, 20),
        author="Văn Tâm",
        section="Xã hội",
        tags=("miền Trung", "mưa trái mùa"),
    ),
)


# ---------------------------------------------------------------- MasterCMS dress (baoquocte.vn)

_renders = itertools.count()


def _clock() -> str:
    """What a page's head shows as the time: another at each request, as the real ones do."""
    now = datetime(2026, 3, 11, 9, tzinfo=VIETNAM) + timedelta(seconds=next(_renders))
    return f"Thứ tư {now:%d/%m/%Y %H:%M:%S}"


def mastercms_article(story: Story, base: str, related: Sequence[Story] = ()) -> Callable[[], str]:
    """A page as baoquocte.vn writes it. `base` is where it says it lives. Call it for each request: its clock goes on."""
    return lambda: _MASTERCMS_ARTICLE.format(
        **_common(story, base + story.mastercms_path),
        clock=_clock(),
        stamp=f"{story.published:%H:%M | %d/%m/%Y}",
        picture=_mastercms_picture(story),
        body="\n".join(f"<p>{escape(p)}</p>" for p in story.paragraphs),
        related="".join(_mastercms_teaser(other, base) for other in related),
        sidebar="".join(f'<li><a href="{base}{s.mastercms_path}">{escape(s.title)}</a></li>' for s in related),
        tags="".join(f'<a class="tag-link" href="{base}/tag/the-{n}.tag">{escape(t)}</a>' for n, t in enumerate(story.tags)),
    )


def _common(story: Story, url: str) -> dict[str, str]:
    described = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": story.title,
        "description": story.lead,
        "datePublished": story.published.isoformat(),
        "dateModified": (story.modified or story.published).isoformat(),
    }
    return {
        "url": url,
        "title": escape(story.title),
        "lead": escape(story.lead),
        "author": escape(story.author),
        "section": escape(story.section),
        "json": json.dumps(described, ensure_ascii=False),
    }


def _mastercms_picture(story: Story) -> str:
    if not story.caption:
        return ""
    return (
        '<table class="MASTERCMS_TPL_TABLE" style="width: 100%"><tbody>'
        f'<tr><td><img class="__img_mastercms" src="/stores/news_dataimages/{story.number}.jpg"'
        f' alt="{escape(story.title)}"></td></tr>'
        f"<tr><td>{escape(story.caption)}</td></tr></tbody></table>"
    )


def _mastercms_teaser(story: Story, base: str) -> str:
    link = f"{base}{story.mastercms_path}"
    title = escape(story.title)
    return (
        '<table class="__mb_article_in_image"><tbody><tr>'
        f'<td><a href="{link}" title="{title}"><img src="/stores/{story.number}.jpg" alt="{title}"></a></td>'
        f'<td><a href="{link}">{title}</a><span class="tpl_desc">{escape(story.lead[:90])} ...</span></td>'
        "</tr></tbody></table>"
    )


_MASTERCMS_ARTICLE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta name="description" content="{lead}"><link rel="canonical" href="{url}"><link rel="amphtml" href="{url}&mobile=yes&amp=1">
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:description" content="{lead}">
<meta property="og:url" content="{url}"><meta name="pagegen" content="{clock}">
<script type="application/ld+json">{json}</script></head>
<body><!--googleoff: all--><header><div class="hna-time">{clock}</div>
<nav><a href="/">Trang chủ</a> <a href="/thoi-su">Thời sự</a> <a href="/ngoai-giao">Ngoại giao</a>
<a href="/kinh-te">Kinh tế</a></nav>
</header><!--googleon: all-->
<div class="main"><ul class="breadcrumb"><li class="menu-alias"><a href="/thoi-su">{section}</a></li></ul>
<h1 class="article-detail-title f0">{title}</h1>
<div class="article-date hna-article-date">{stamp}</div>
<div class="bx-textsize">Nhỏ <b>Bình thường</b> Lớn</div><div class="bqt-share-social">Theo dõi Baoquocte.vn trên</div>
<div class="article-detail-desc">{lead}</div>
<div class="__MASTERCMS_CONTENT"><div id="articleBody" itemprop="articleBody"><div id="__MB_MASTERCMS_EL_3">
{picture}
{body}
<p style="text-align:right"><strong>{author}</strong></p>
{related}
</div></div></div>
<div class="article-tag">Tags: {tags}</div></div>
<aside class="sidebar"><h3>Đọc nhiều</h3><ul>{sidebar}</ul><div class="hot">Tin mới {clock}</div></aside>
<footer>Báo Thế giới và Việt Nam. Giấy phép số 526/GP-BTTTT. Tổng Biên tập: Nguyễn Văn Mẫu.
Ghi rõ nguồn khi phát hành lại.</footer>
</body></html>
"""


def mastercms_list(stories: Iterable[Story], base: str, section: str = "Việt Nam và ASEAN") -> str:
    """A section page of baoquocte.vn: articles by `div.bx-listing h3.article-title a`."""
    rows = "".join(
        f'<div class="article"><h3 class="article-title"><a href="{base}{s.mastercms_path}">{escape(s.title)}</a></h3>'
        f'<span class="time">{s.published:%H:%M | %d/%m/%Y}</span><div class="article-desc">{escape(s.lead)}</div></div>'
        for s in stories
    )
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(section)}</title></head><body>'
        '<nav><a href="/">Trang chủ</a> <a href="/thoi-su">Thời sự</a> <a href="/tag/asean-1.tag">ASEAN</a></nav>'
        f'<div class="bx-listing">{rows}</div>'
        '<div class="__MB_ARTICLE_PAGING"><a href="/thoi-su/viet-nam-va-asean&s_cond=&BRSR=15">2</a></div>'
        "<footer>Báo Thế giới và Việt Nam</footer></body></html>"
    )


# ---------------------------------------------------------------- VCCorp dress (baochinhphu.vn)


def vccorp_article(story: Story, base: str, related: Sequence[Story] = ()) -> Callable[[], str]:
    """A page as baochinhphu.vn writes it, with the stamp after `</html>` that changes at each request."""
    return lambda: _VCCORP_ARTICLE.format(
        **_common(story, base + story.vccorp_path),
        clock=_clock(),
        iso=escape(story.published.isoformat()).replace("+", "&#x2B;"),
        stamp=f"{story.published:%d/%m/%Y %H:%M}",
        picture=_vccorp_picture(story),
        body="\n".join(f"<p>{escape(p)}</p>" for p in story.paragraphs),
        related="".join(
            f'<li class="kbwscwlrl" data-url="{s.vccorp_path}"><a href="{base}{s.vccorp_path}">{escape(s.title)}</a></li>'
            for s in related
        ),
        tags="".join(f'<li><a href="{base}/the-{n}.html">{escape(t)}</a></li>' for n, t in enumerate(story.tags)),
    )


def _vccorp_picture(story: Story) -> str:
    if not story.caption:
        return ""
    return (
        '<figure class="VCSortableInPreviewMode" type="Photo"><div>'
        f'<img src="/images/{story.number}.jpg" alt="{escape(story.title)} - Ảnh 1."></div>'
        '<figcaption class="PhotoCMS_Caption"><p data-placeholder="Nhập chú thích ảnh">'
        f"{escape(story.caption)}</p></figcaption></figure>"
    )


_VCCORP_ARTICLE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:type" content="website"><meta property="og:title" content="{title}"><meta property="og:url" content="{url}">
<link rel="canonical" href="{url}"><meta property="article:published_time" content="{iso}">
<script type="application/ld+json">{json}</script></head>
<body><header><div class="header-time">{clock}</div>
<nav><a href="/">Trang chủ</a> <a href="/kinh-te.htm">Kinh tế</a></nav></header>
<div class="detail"><div class="detail-breadcrumb"><a data-role="cate-name" href="/chinh-tri.htm">{section}</a></div>
<h1 class="detail-title" data-role="title">{title}</h1>
<div class="detail-time"><div data-role="publishdate">{stamp}</div></div>
<h2 class="detail-sapo" data-role="sapo">(Chinhphu.vn) - {lead}</h2>
<div class="detail-content afcbc-body" data-role="content">
{picture}
{body}
<div class="VCSortableInPreviewMode" type="RelatedNewsBox"><div class="kbwscwl-relatedbox">
<span>Tham khảo thêm</span><ul>{related}</ul></div></div>
<p style="text-align: right;"><b>{author}</b></p>
</div>
<ul class="detail-tag-list" data-role="tags">{tags}</ul></div>
<footer>Báo Điện tử Chính phủ. Cơ quan chủ quản. Bản quyền thuộc Báo Điện tử Chính phủ.</footer>
</body></html>
<!--u: {clock}-->
"""


def vccorp_list(stories: Iterable[Story], base: str, section: str = "Chính trị") -> str:
    """A section page of baochinhphu.vn: articles by `a.box-stream-link-title`."""
    rows = "".join(
        f'<div class="box-stream-item" data-id="{s.number}">'
        f'<a class="box-stream-link-title" href="{s.vccorp_path}">{escape(s.title)}</a>'
        f'<span class="box-stream-time">{s.published:%d/%m/%Y %H:%M}</span></div>'
        for s in stories
    )
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(section)}</title></head><body>'
        '<nav><a href="/">Trang chủ</a> <a href="/kinh-te.htm">Kinh tế</a></nav>'
        f'<div class="box-stream">{rows}</div></body></html>'
    )


# ---------------------------------------------------------------- feeds and sitemaps


def rss(stories: Iterable[Story], base: str) -> str:
    """RSS 2.0 with CDATA, as both families write it."""
    items = "".join(
        f"<item><title><![CDATA[{s.title}]]></title><link>{base}{s.mastercms_path}</link>"
        f"<description><![CDATA[{s.lead}]]></description><pubDate>{format_datetime(s.published)}</pubDate></item>"
        for s in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Việt Nam và ASEAN</title>'
        f"<link>{base}</link><description>Tin mới</description>{items}</channel></rss>"
    )


def sitemap(entries: Mapping[str, datetime | None]) -> str:
    """A urlset; `entries` are absolute addresses with the time of their last change."""
    return _sitemap("urlset", "url", entries)


def sitemap_index(entries: Mapping[str, datetime | None]) -> str:
    return _sitemap("sitemapindex", "sitemap", entries)


def _sitemap(kind: str, node: str, entries: Mapping[str, datetime | None]) -> str:
    rows = "".join(
        f"<{node}><loc>{escape(url)}</loc>{f'<lastmod>{at.astimezone(UTC).isoformat()}</lastmod>' if at else ''}</{node}>"
        for url, at in entries.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{kind}>'


# ---------------------------------------------------------------- a whole site

LIST = "/thoi-su/viet-nam-va-asean"
FEED = "/rss_feed/thoi-su"
SITEMAP = "/sitemap.xml"
LINKS = "div.bx-listing h3.article-title a"


def publish(site: Site, stories: Sequence[Story] = STORIES) -> None:
    """Put the stories as MasterCMS would: a list page, the articles, a feed and a sitemap."""
    base = site.url()
    for n, story in enumerate(stories):
        others = [*stories[n + 1 :], *stories[:n]][:2]
        site.put(story.mastercms_path, mastercms_article(story, base, others))
    site.put(LIST, mastercms_list(stories, base))
    site.put(FEED, rss(stories, base))
    site.put(SITEMAP, sitemap({base + s.mastercms_path: s.published for s in stories}))


def publish_vccorp(site: Site, stories: Sequence[Story] = STORIES, path: str = "/chinh-tri.htm") -> None:
    """Put the stories as VCCorp would: a list page and the articles."""
    base = site.url()
    for n, story in enumerate(stories):
        others = [*stories[n + 1 :], *stories[:n]][:2]
        site.put(story.vccorp_path, vccorp_article(story, base, others))
    site.put(path, vccorp_list(stories, base))
