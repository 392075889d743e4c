"""Invented Vietnamese news that is copied: articles, copies in five grades, follow-ups, and series made from one form.

Words come from a chain learned from the texts of this repository, broken by chance so that two articles share runs of five words
as rarely as real ones do. Everything hangs on its seed alone. Shared by tests and bench/copies.py.
"""
# ruff: noqa: S311, SIM905  (chance that can be repeated; lists of words that can be read)

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

import extract
import text
from model import Article, Block, BlockKind, Capture, Likeness
from track.copies import Folded, compare_folded, fold
from track.sketches import sketch

ROOT = Path(__file__).parents[1]
LEVELS = (1, 2, 3, 4, 5)
SITES = tuple(f"bao{name}.example" for name in "mai lan cúc trúc sen đào huệ hồng quế thông".split())

# ---------------------------------------------------------------- words


def texts() -> Iterator[str]:
    """The Vietnamese texts of the repository: the owner's pages, and our golden ones."""
    when = datetime(2026, 1, 1, tzinfo=UTC)
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        yield extract.read(Capture(identity=path.name, body=path.read_bytes(), captured_at=when, captured_exactly=False)).text
    for path in sorted((ROOT / "tests" / "pages").rglob("article.json")):
        golden = json.loads(path.read_text(encoding="utf-8"))
        if golden.get("language") == "vi":
            yield "\n".join(block["text"] for block in golden["blocks"])


_PLAIN_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Chain:
    """Small words and what follows them."""

    after: dict[str, list[str]]  # each follower as often as it was seen
    words: list[str]
    weights: list[float]  # summed up

    def any(self, draw: Random) -> str:
        return self.words[bisect(self.weights, draw.random() * self.weights[-1])]

    def next(self, draw: Random, word: str) -> str:
        """What follows: seven times in ten what was seen after it, else any word."""
        followers = self.after.get(word)
        return draw.choice(followers) if followers and draw.random() < 0.7 else self.any(draw)


@cache
def chain() -> Chain:
    after: defaultdict[str, list[str]] = defaultdict(list)
    count: Counter[str] = Counter()
    for said in texts():
        for sentence in re.split(r"[.!?:;,\n“”\"()]+", said):
            small = [word for word in _PLAIN_WORD.findall(sentence) if word.islower()]
            count.update(small)
            for one, other in pairwise(small):
                after[one].append(other)
    words = sorted(count)
    # Flattened: a real paper has many times the words of these pages, and its common ones are less of it.
    return Chain(after=dict(after), words=words, weights=list(accumulate(count[word] ** 0.85 for word in words)))


FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Tô".split()
MIDDLE = "Văn Thị Minh Đức Hữu Quốc Ngọc Thanh Xuân Đình Công Thu Bảo Gia Tuấn Hải Kim Anh".split()
GIVEN = (
    "Hùng Lan Hoa Dũng Bình Hạnh Sơn Tâm Long Phúc Quang Thảo Trang Tú Việt Yến Khánh Nga Cường Đạt Hiếu Linh Nam Oanh".split()
)
PLACES = (
    "Hà Nội,Hải Phòng,Đà Nẵng,Cần Thơ,TP.HCM,Quảng Ninh,Lào Cai,Yên Bái,Sơn La,Điện Biên,Lai Châu,Hòa Bình,Phú Thọ,Bắc Giang,"
    "Thái Nguyên,Lạng Sơn,Cao Bằng,Hà Giang,Tuyên Quang,Nam Định,Thái Bình,Ninh Bình,Thanh Hóa,Nghệ An,Hà Tĩnh,Quảng Bình,"
    "Quảng Trị,Thừa Thiên Huế,Quảng Nam,Quảng Ngãi,Bình Định,Phú Yên,Khánh Hòa,Ninh Thuận,Bình Thuận,Kon Tum,Gia Lai,Đắk Lắk,"
    "Đắk Nông,Lâm Đồng,Bình Phước,Tây Ninh,Bình Dương,Đồng Nai,Long An,Tiền Giang,Bến Tre,Vĩnh Long,Đồng Tháp,An Giang,"
    "Kiên Giang,Hậu Giang,Sóc Trăng,Bạc Liêu,Cà Mau,Lào,Campuchia,Thái Lan,Singapore,Malaysia,Indonesia,Philippines,Myanmar"
).split(",")
STREETS = (
    "Lê Lợi,Trần Hưng Đạo,Nguyễn Huệ,Điện Biên Phủ,Hai Bà Trưng,Lý Thường Kiệt,Nguyễn Trãi,Cách Mạng Tháng Tám,Võ Văn Kiệt,"
    "Phạm Văn Đồng,Trường Chinh,Giải Phóng,Láng Hạ,Kim Mã,Đội Cấn,Hoàng Hoa Thám,Xô Viết Nghệ Tĩnh,Nguyễn Văn Linh,Lê Duẩn"
).split(",")
OFFICES = (
    "Bộ Công Thương,Bộ Y tế,Bộ Ngoại giao,Bộ Giao thông vận tải,UBND tỉnh,Công an tỉnh,Viện Kiểm sát nhân dân,Sở Y tế,"
    "Tổng cục Thống kê,Ngân hàng Nhà nước,Ban Thư ký ASEAN,Tòa án nhân dân,Cục Hàng không,Bộ Giáo dục và Đào tạo"
).split(",")
# What every paper says in the same words: five words and more that mean nothing.
STOCK = (
    "theo thông tin từ cơ quan chức năng,trao đổi với phóng viên chiều cùng ngày,vụ việc đang được tiếp tục điều tra làm rõ,"
    "trong khuôn khổ chuyến thăm chính thức,phát biểu khai mạc hội nghị cho biết,tăng cường hợp tác trên nhiều lĩnh vực,"
    "góp phần duy trì hòa bình ổn định và phát triển,theo quy định của pháp luật hiện hành,nâng cao đời sống vật chất và tinh thần,"
    "đưa quan hệ hai nước đi vào chiều sâu,dưới sự chỉ đạo của cấp ủy và chính quyền,có ý nghĩa hết sức quan trọng đối với,"
    "tháo gỡ khó khăn cho doanh nghiệp và người dân,tính đến thời điểm hiện tại đã có,trong bối cảnh tình hình thế giới diễn biến phức tạp,"
    "đẩy mạnh cải cách thủ tục hành chính,phấn đấu hoàn thành các mục tiêu đề ra,bảo đảm an ninh trật tự và an toàn xã hội"
).split(",")


def person(draw: Random) -> str:
    return f"{draw.choice(FAMILY)} {draw.choice(MIDDLE)} {draw.choice(GIVEN)}"


def day(when: date) -> str:
    return f"{when.day}/{when.month}"


def _aside(draw: Random) -> str:
    """A name, a number, a date or a stock phrase, as it may stand anywhere in a sentence."""
    return draw.choice(
        (
            lambda: f"{draw.choice(('ông', 'bà', 'anh', 'chị'))} {person(draw)}",
            lambda: f"tại {draw.choice(PLACES)}",
            lambda: draw.choice(OFFICES),
            lambda: f"ngày {draw.randint(1, 28)}/{draw.randint(1, 12)}",
            lambda: f"{draw.randint(2, 990)} {draw.choice(('người', 'tỷ đồng', 'triệu USD', 'hộ dân', 'dự án', 'học sinh'))}",
            lambda: f"{draw.randint(1, 99)},{draw.randint(1, 9)}%",
            lambda: f"năm {draw.randint(1990, 2025)}",
            lambda: draw.choice(STOCK),
        )
    )()


def sentence(draw: Random) -> str:
    """A sentence of 8 to 36 words, with something concrete in most of them."""
    word = chain().any(draw)
    said = [word]
    for _ in range(draw.randint(7, 30)):
        word = chain().next(draw, word)
        said.append(word + "," if draw.random() < 0.05 else word)
    for _ in range(draw.choice((0, 1, 1, 1, 2))):
        said.insert(draw.randint(0, len(said)), _aside(draw))
    raw = " ".join(said).rstrip(",")
    if draw.random() < 0.08:
        raw = f"“{raw}”, {draw.choice(('ông', 'bà'))} {person(draw)} nói"
    return raw[:1].upper() + raw[1:] + "."


def paragraph(draw: Random, words: int) -> str:
    said = sentence(draw)
    while len(said.split()) < words:
        said += " " + sentence(draw)
    return said


def headline(draw: Random) -> str:
    raw = " ".join(sentence(draw).rstrip(".").replace(",", "").split()[: draw.randint(8, 14)])
    return raw[:1].upper() + raw[1:]


# ---------------------------------------------------------------- articles


def article(title: str, paragraphs: Sequence[str], site: str | None = None) -> Article:
    """An article as the reader gives it: its texts cleaned."""
    cleaned = [text.clean(said) for said in paragraphs]
    blocks = tuple([Block(kind=BlockKind.PARAGRAPH, text=said) for said in cleaned if said])
    return Article(
        identity=title, url=None, site=site or SITES[0], outlet=None, title=text.clean(title), blocks=blocks, has_lead=True
    )


def paragraphs(one: Article) -> list[str]:
    return [block.text for block in one.blocks]


def report(draw: Random, words: int | None = None, background: Sequence[str] = ()) -> Article:
    """An article of its own: 120 to 1,200 words, most of them near 450; long ones may repeat a paragraph of background."""
    words = words or int(min(1200, max(120, draw.lognormvariate(6.1, 0.5))))
    said = [paragraph(draw, 30)]
    while sum(len(one.split()) for one in said) < words:
        said.append(paragraph(draw, draw.randint(35, 90)))
    if background and words > 300 and draw.random() < 0.3:
        said.insert(draw.randint(1, len(said)), draw.choice(background))
    return article(headline(draw), said, draw.choice(SITES))


def backgrounds(draw: Random, count: int = 20) -> list[str]:
    """Paragraphs that several articles repeat word for word, as papers do."""
    return [paragraph(draw, 25) for _ in range(count)]


def sources(count: int, seed: int = 1) -> list[Article]:
    draw = Random(seed)
    shared = backgrounds(draw)
    return [report(draw, background=shared) for _ in range(count)]


def follow_up(draw: Random, source: Article) -> Article:
    """A later article on the same matter: other news, and a fifth to a half of it background from the earlier one."""
    old = paragraphs(source)[1:]
    share = draw.uniform(0.2, 0.5)
    wanted = share * len(source.text.split())
    start = draw.randrange(len(old))
    kept: list[str] = []
    for said in (*old[start:], *old[:start]):
        if sum(len(one.split()) for one in kept) < wanted:
            kept.append(said)
    fresh = paragraphs(report(draw, max(80, int(wanted / share - wanted))))
    return article(headline(draw), [*fresh, *kept], draw.choice((source.site, draw.choice(SITES))))


# ---------------------------------------------------------------- copies in five grades

_PLACED = dict(
    zip(
        "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split(),
        "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split(),
        strict=True,
    )
)
_TONED = re.compile(rf"(?<!q)(?:{'|'.join(_PLACED)})(?!\w)")
_SOUND = re.compile(r"\b(h|k|l|m|s|t)([yýỳỷỹỵiíìỉĩị])\b")
_SAME_SOUND = dict(zip("yýỳỷỹỵiíìỉĩị", "iíìỉĩịyýỳỷỹỵ", strict=True))
AGENCIES = ("(Chinhphu.vn) - ", "(TTXVN) – ", "(Dân trí) - ", "VOV.VN - ", "")
SUFFIXES = ("Theo TTXVN", "Nguồn: VnExpress", "(Theo Tuổi Trẻ)", "Theo báo Thanh Niên", "")


def retyped(draw: Random, said: str) -> str:
    """The same words as another newsroom's keyboard gives them."""
    if draw.random() < 0.6:
        said = _TONED.sub(lambda found: _PLACED[found[0]], said)
    if draw.random() < 0.3:
        said = _SOUND.sub(lambda found: found[1] + _SAME_SOUND[found[2]], said)
    if draw.random() < 0.5:
        said = said.replace("“", '"').replace("”", '"')
    if draw.random() < 0.5:
        said = said.replace(" - ", " – ").replace("...", "…")
    if draw.random() < 0.5:
        said = re.sub(" ", lambda _: "\u00a0" if draw.random() < 0.03 else " ", said)
    return unicodedata.normalize("NFD", said) if draw.random() < 0.25 else said


def reworded(draw: Random, said: str, share: float) -> str:
    """Each word replaced with this chance by another one, left out, or doubled by one more."""
    words = []
    for word in said.split():
        if draw.random() >= share:
            words.append(word)
            continue
        way = draw.random()
        if way < 0.7:
            words.append(chain().any(draw))
        elif way < 0.85:
            words += [word, chain().any(draw)]
    return " ".join(words)


def restyled(draw: Random, said: str) -> str:
    """As another paper writes dates, names and places."""
    if draw.random() < 0.5:
        said = re.sub(r"ngày (\d+)/(\d+)", r"ngày \1 tháng \2" if draw.random() < 0.6 else "hôm nay", said)
    if draw.random() < 0.5:
        said = re.sub(rf"((?:ông|bà|anh|chị) )(?:{'|'.join(FAMILY)}) \w+ (\w+)", r"\1\2", said)
    if draw.random() < 0.5:
        said = said.replace("TP.HCM", "Thành phố Hồ Chí Minh").replace("%", " phần trăm").replace("UBND", "Ủy ban nhân dân")
    return said


def _sentences(said: str) -> list[str]:
    return re.split(r"(?<=[.!?]) (?=[^\W_a-z])", said)


def _formatted(draw: Random, said: list[str]) -> list[str]:
    said = [draw.choice(AGENCIES) + said[0], *said[1:], draw.choice(SUFFIXES)]
    return [retyped(draw, one) for one in said]


def _retitled(draw: Random, said: list[str]) -> list[str]:
    way = draw.random()
    lead = [] if way < 0.3 else [paragraph(draw, 25)] if way < 0.6 else [said[0]]
    said = [restyled(draw, one) for one in (*lead, *(reworded(draw, one, 0.015) for one in said[1:]))]
    for _ in range(draw.randint(0, 2)):
        said.insert(draw.randint(1, len(said)), f"Xem thêm: {headline(draw)}")
    return said


def _edited(draw: Random, said: list[str]) -> list[str]:
    """4 % of the words, and a quarter of the sentences: written anew, some left out, and one or two more from elsewhere."""
    changed = []
    for one in said:
        kept = []
        for old in _sentences(one):
            way = draw.random()
            if way >= 0.25:
                kept.append(reworded(draw, old, 0.04))
            elif way < 0.2:
                kept.append(sentence(draw))
        changed.append(" ".join(kept))
    for _ in range(draw.randint(1, 2)):
        changed.insert(draw.randint(0, len(changed)), sentence(draw))
    return [restyled(draw, one) for one in changed]


def _halved(draw: Random, said: list[str]) -> list[str]:
    """40 to 55 % of the sentences in two or three blocks that change places, 6 % of the words, and other text of a quarter of its length."""
    all_of = [one for block in said for one in _sentences(block)]
    length = sum(len(one.split()) for one in all_of)
    wanted = draw.uniform(0.4, 0.55) * length
    size = max(2, len(all_of) // 6)
    pieces = [all_of[at : at + size] for at in range(0, len(all_of), size)]
    draw.shuffle(pieces)
    kept: list[str] = []
    count = 0
    for piece in pieces:
        taken = []
        for one in piece:
            if count < wanted:
                taken.append(reworded(draw, one, 0.06))
                count += len(one.split())
        kept.append(" ".join(taken))
    kept = [one for one in kept if one]
    kept.insert(draw.randint(0, len(kept)), paragraph(draw, length // 4))
    return kept


MENU = "Trang chủ Thời sự Thế giới Kinh tế Văn hóa Thể thao Giáo dục Sức khỏe Pháp luật Đời sống Du lịch Khoa học Công nghệ Xe"


def _embedded(draw: Random, said: list[str]) -> list[str]:
    """55 to 80 % of it in one piece, 4 % of the words, inside a page one and a half to three times as long."""
    length = sum(len(one.split()) for one in said)
    wanted = draw.uniform(0.55, 0.8) * length
    kept: list[str] = []
    for one in [one for block in said for one in _sentences(block)][draw.randint(0, 3) :]:
        if sum(len(done.split()) for done in kept) < wanted:
            kept.append(reworded(draw, one, 0.04))
    around = paragraphs(report(draw, max(60, int(length * draw.uniform(1.5, 3.0) - wanted))))
    at = draw.randint(0, len(around))
    return [MENU, *around[:at], " ".join(kept), *around[at:]]


_GRADES: dict[int, Callable[[Random, list[str]], list[str]]] = {2: _retitled, 3: _edited, 4: _halved, 5: _embedded}


def copy(draw: Random, source: Article, level: int) -> Article:
    """What another site makes of an article: 1 retyped; 2 with another title and lead; 3 edited; 4 halved; 5 inside a longer page."""
    said = paragraphs(source)
    if level in _GRADES:
        said = _GRADES[level](draw, said)
    title = source.title if level == 1 else headline(draw)
    site = draw.choice([site for site in SITES if site != source.site])
    return replace(article(title or "", _formatted(draw, said), site), identity=f"{source.identity} {level}")


# ---------------------------------------------------------------- series made from one form

_HOLE = re.compile(r"\[([^\[\]]*)\]")
_ROWS = re.compile(r"\{(\d+)-(\d+):([^{}]*)\}")
_WEEK = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
SKY = "nhiều mây, có mưa rào|ít mây, ngày nắng|có mây, không mưa|có mưa vừa, mưa to và dông|nắng nóng gay gắt|có lúc có mưa|âm u, mưa phùn"
WIND = "Gió đông bắc cấp 2-3|Gió nhẹ|Gió tây nam cấp 3-4|Gió đông nam cấp 2|Gió bắc cấp 3|Gió nam đến đông nam cấp 2-3"
MOVE = "tăng|giảm|tăng mạnh|giảm sâu|đi ngang|nhích nhẹ|lao dốc|phục hồi"
ANIMALS = (
    "con rắn,con chó,con mèo,con voi,con hổ,con cá chép,con chim bồ câu,con trâu,con ngựa,con gà trống,con rùa,con kiến,con ong,"
    "con bướm,con nhện,con thỏ,con lợn,con dê,con khỉ,con chuột,con cá sấu,con ếch,con vịt,con cò,con cua,con tôm,con sóc,con nai,"
    "con gấu,con sư tử,con báo,con sói"
).split(",")
CLUBS = "Hà Nội FC|Nam Định|Hải Phòng|Viettel|Thanh Hóa|Bình Định|Quảng Nam|Hoàng Anh Gia Lai|Sông Lam Nghệ An|Bình Dương|Công an Hà Nội"


def fill(draw: Random, form: str, when: date) -> str:
    """A form filled in. `{2-4:…}` is repeated; `[a|b]` one of them, `[?60 …]` in six cases of ten, `[#10-99]` a number,
    `[#10-99,]` one with a decimal, `[ngày]` the issue's day, `[văn]` a sentence of its own."""
    if "[con vật]" in form:
        form = form.replace("[con vật]", ANIMALS[when.toordinal() % len(ANIMALS)])
    form = _ROWS.sub(lambda found: " ".join([found[3]] * draw.randint(int(found[1]), int(found[2]))), form)
    while "[" in form:
        form = _HOLE.sub(lambda found: _filled(draw, found[1], when), form)
    return " ".join(form.split())


def _filled(draw: Random, hole: str, when: date) -> str:
    if hole.startswith("#"):
        low, high = (int(end) for end in hole[1:].rstrip(",").split("-"))
        number = f"{draw.randint(low, high):,}".replace(",", ".")
        return f"{number},{draw.randint(0, 9)}" if hole.endswith(",") else number
    if hole.startswith("?"):
        chance, _, said = hole[1:].partition(" ")
        return said if draw.random() * 100 < int(chance) else ""
    known: dict[str, Callable[[], str]] = {
        "ngày": lambda: day(when),
        "mai": lambda: day(when + timedelta(1)),
        "qua": lambda: day(when - timedelta(1)),
        "tháng": lambda: str(when.month),
        "thứ": lambda: _WEEK[when.weekday()],
        "tỉnh": lambda: draw.choice(PLACES[:55]),
        "nước": lambda: draw.choice(PLACES[55:]),
        "phố": lambda: draw.choice(STREETS),
        "người": lambda: person(draw),
        "văn": lambda: sentence(draw),
        "trời": lambda: draw.choice(SKY.split("|")),
        "gió": lambda: draw.choice(WIND.split("|")),
        "đổi": lambda: draw.choice(MOVE.split("|")),
        "đội": lambda: draw.choice(CLUBS.split("|")),
    }
    return known[hole]() if hole in known else draw.choice(hole.split("|"))


_WEATHER = "{region}: [trời]. [gió]. [Trời rét|Đêm và sáng trời lạnh|Trưa chiều nắng nóng|Trời mát]. Nhiệt độ thấp nhất từ [#17-22] đến [#22-25] độ C, nhiệt độ cao nhất từ [#25-29] đến [#30-37] độ C[?30 , có nơi trên [#35-39] độ C]."
_REGIONS = (
    "Phía Tây Bắc Bộ",
    "Phía Đông Bắc Bộ",
    "Các tỉnh từ Thanh Hóa đến Thừa Thiên Huế",
    "Các tỉnh ven biển Nam Trung Bộ",
    "Khu vực Tây Nguyên",
    "Khu vực Nam Bộ",
    "Thủ đô Hà Nội",
)

# A title, then paragraphs. The guard of track/copies.py was chosen on these …
TUNED: dict[str, tuple[str, ...]] = {
    "gold": (
        "Giá vàng hôm nay [ngày]: [đổi|SJC [đổi]|Vàng thế giới [đổi]]",
        "Giá vàng hôm nay [ngày] [đổi] theo đà của thị trường thế giới, vàng miếng SJC niêm yết quanh mức [#74-89,] triệu đồng/lượng.",
        "Lúc [#8-9] giờ [#10-55] sáng nay, Công ty Vàng bạc đá quý Sài Gòn niêm yết giá vàng miếng SJC ở mức [#74-86,] triệu đồng/lượng mua vào và [#76-89,] triệu đồng/lượng bán ra, [tăng|giảm] [#50-900] nghìn đồng mỗi lượng ở chiều mua và [tăng|giảm] [#50-900] nghìn đồng ở chiều bán so với phiên trước.",
        "Tại Tập đoàn Vàng bạc đá quý DOJI, giá vàng niêm yết ở mức [#74-86,] - [#76-89,] triệu đồng/lượng. Giá vàng PNJ tại Hà Nội và TP.HCM giao dịch ở mức [#63-76,] triệu đồng/lượng mua vào và [#64-77,] triệu đồng/lượng bán ra.",
        "Trên thị trường thế giới, giá vàng giao ngay ở mức [#1900-2600] USD/ounce, [tăng|giảm] [#2-40,] USD so với rạng sáng qua. Quy đổi theo tỷ giá Vietcombank, giá vàng thế giới tương đương [#58-75,] triệu đồng/lượng, thấp hơn giá vàng trong nước khoảng [#2-18,] triệu đồng.",
        "[văn] [văn]",
        "[?60 Giới phân tích cho rằng giá vàng sẽ còn [tăng|giảm|đi ngang] trong ngắn hạn khi nhà đầu tư chờ quyết định lãi suất của Cục Dự trữ Liên bang Mỹ.]",
    ),
    "dreams": (
        "Mơ thấy [con vật] là điềm gì, nên làm gì?",
        "Mơ thấy [con vật] là giấc mơ mà nhiều người từng gặp. Vậy giấc mơ này báo hiệu điều gì cho cuộc sống sắp tới, là điềm lành hay điềm dữ?",
        "Theo quan niệm dân gian, [con vật] tượng trưng cho [sự may mắn|lòng trung thành|sự khôn ngoan|nỗi lo âu|sức mạnh]. Nếu trong mơ bạn thấy [con vật] đuổi theo mình, rất có thể bạn đang chịu áp lực từ [công việc|gia đình|chuyện tiền bạc|một người bạn].",
        "Trường hợp bạn mơ thấy [con vật] chết, đó là dấu hiệu cho thấy một giai đoạn cũ sắp khép lại, bạn nên bình tĩnh đón nhận những thay đổi. Còn nếu mơ thấy mình nuôi [con vật] trong nhà, bạn có thể sẽ gặp [quý nhân|một khoản tiền nhỏ|chuyện vui|khách phương xa].",
        "Dù giấc mơ có ý nghĩa thế nào, các chuyên gia tâm lý khuyên bạn không nên quá lo lắng, hãy nghỉ ngơi điều độ, tập thể dục và giữ tinh thần thoải mái trước khi đi ngủ. Thông tin trong bài chỉ mang tính tham khảo và chiêm nghiệm.",
    ),
    "fuel": (
        "Giá xăng dầu [chiều nay|hôm nay], ngày [ngày]: [Xăng [đổi]|Đồng loạt [đổi]|Dầu [đổi]]",
        "Từ 15 giờ ngày [ngày], liên Bộ Công Thương - Tài chính điều chỉnh giá xăng dầu theo hướng [tăng|giảm|trái chiều].",
        "Theo đó, giá xăng E5 RON92 [tăng|giảm] [#100-900] đồng/lít, không cao hơn [#19000-23000] đồng/lít; xăng RON95-III [tăng|giảm] [#100-900] đồng/lít, không cao hơn [#20000-24000] đồng/lít.",
        "Dầu diesel 0.05S [tăng|giảm] [#80-700] đồng/lít, không cao hơn [#17000-20000] đồng/lít; dầu hỏa [tăng|giảm] [#80-700] đồng/lít, không cao hơn [#17000-20000] đồng/lít; dầu mazut 180CST 3.5S [tăng|giảm] [#50-600] đồng/kg, không cao hơn [#14000-17000] đồng/kg.",
        "Tại kỳ điều hành này, liên Bộ quyết định [không trích lập|trích lập] và [không chi|chi] Quỹ bình ổn giá đối với tất cả các mặt hàng. Phương án điều hành giá nêu trên nhằm bảo đảm biến động giá xăng dầu trong nước phù hợp với biến động giá thế giới, góp phần kiểm soát lạm phát.",
        "Từ đầu năm đến nay, giá xăng trong nước đã trải qua [#10-45] kỳ điều chỉnh, trong đó có [#5-20] lần tăng, [#5-20] lần giảm và [#1-6] lần trái chiều. [văn]",
    ),
    "weather": (
        "[Dự báo thời tiết|Thời tiết] ngày [ngày]: [Bắc Bộ [trời]|Nam Bộ [trời]|Hà Nội [trời]]",
        "Theo Trung tâm Dự báo Khí tượng Thủy văn Quốc gia, ngày và đêm [ngày], [trời] ở nhiều khu vực trên cả nước.",
        *(_WEATHER.replace("{region}", region) for region in _REGIONS),
    ),
    "lottery": (
        "Vietlott [ngày]: Kết quả xổ số Mega 6/45 [thứ]",
        "Kết quả xổ số Vietlott Mega 6/45 [thứ] ngày [ngày] được quay lúc 18 giờ tại trụ sở Công ty Xổ số điện toán Việt Nam.",
        "Bộ số trúng thưởng của kỳ quay thứ [#500-1300] là [#1-45] - [#1-45] - [#1-45] - [#1-45] - [#1-45] - [#1-45].",
        "Kỳ quay này có [#0-2] vé trúng giải Jackpot trị giá [#12000000000-90000000000] đồng; [#10-60] vé trúng giải Nhất, mỗi vé 10 triệu đồng; [#900-3000] vé trúng giải Nhì, mỗi vé 300.000 đồng và [#15000-50000] vé trúng giải Ba, mỗi vé 30.000 đồng.",
        "Người trúng giải có thể đến các chi nhánh của công ty để làm thủ tục lĩnh thưởng trong vòng 60 ngày kể từ ngày xác định kết quả. Các kỳ quay số mở thưởng diễn ra vào thứ tư, thứ sáu và chủ nhật hằng tuần.",
    ),
    "exam": (
        "Đáp án đề thi môn [Toán|Vật lý|Hóa học|Sinh học] mã đề [#201-224] kỳ thi tốt nghiệp THPT",
        "Dưới đây là gợi ý đáp án của mã đề trong kỳ thi tốt nghiệp trung học phổ thông, do các thầy cô của hệ thống giáo dục thực hiện ngay sau khi thí sinh kết thúc giờ làm bài.",
        "Theo đánh giá của giáo viên, đề thi năm nay bám sát đề minh họa mà Bộ Giáo dục và Đào tạo đã công bố, có độ phân hóa rõ rệt ở các câu cuối. Thí sinh trung bình có thể đạt từ sáu đến bảy điểm, học sinh khá giỏi có thể đạt từ tám điểm trở lên.",
        "Bảng đáp án: "
        + " ".join(f"{at}. [A|B|C|D];" for at in range(1, 41))
        + " Thí sinh tra cứu điểm thi trên trang của Bộ từ ngày công bố kết quả.",
        "Sau khi có kết quả, thí sinh được điều chỉnh nguyện vọng xét tuyển đại học theo hướng dẫn. Các trường công bố điểm chuẩn đợt một trước ngày quy định và thí sinh trúng tuyển xác nhận nhập học trực tuyến.",
    ),
    "fx": (
        "Tỷ giá USD hôm nay [ngày]: [Đồng USD [đổi]|USD tự do [đổi]]",
        "Tỷ giá USD hôm nay [ngày], tỷ giá trung tâm giữa đồng Việt Nam và USD được Ngân hàng Nhà nước công bố ở mức [#23500-24900] đồng, [tăng|giảm] [#1-20] đồng so với hôm qua.",
        "Tại Vietcombank, tỷ giá mua vào và bán ra ở mức [#24000-25300] - [#24400-25700] đồng. BIDV niêm yết ở mức [#24000-25300] - [#24400-25700] đồng. Techcombank mua vào [#24000-25300] đồng, bán ra [#24400-25700] đồng.",
        "Trên thị trường tự do, đồng USD được giao dịch ở mức [#24500-25800] đồng mua vào và [#24600-25900] đồng bán ra. Chỉ số USD-Index đo lường biến động của đồng bạc xanh với sáu đồng tiền chủ chốt ở mức [#98-107,] điểm, [tăng|giảm] 0,[#10-90]%.",
        "[văn] [văn]",
    ),
    "stocks": (
        "Chứng khoán [ngày]: VN-Index [đổi], [thanh khoản [đổi]|khối ngoại [mua|bán] ròng]",
        "Kết thúc phiên giao dịch [ngày], VN-Index [tăng|giảm] [#1-25,] điểm, tương đương 0,[#10-99]%, [lên|xuống] mức [#1000-1350,] điểm.",
        "Toàn sàn có [#90-350] mã tăng, [#90-350] mã giảm và [#40-90] mã đứng giá. HNX-Index [tăng|giảm] [#0-4,] điểm [lên|xuống] [#200-260,] điểm. UPCoM-Index [tăng|giảm] 0,[#10-90] điểm.",
        "Thanh khoản thị trường đạt [#10000-28000] tỷ đồng, [tăng|giảm] [#2-40]% so với phiên trước. Khối ngoại [mua|bán] ròng [#50-1800] tỷ đồng, tập trung vào các mã [VHM|HPG|FPT|MWG|VIC], [SSI|VCB|STB|MSN|GAS] và [VNM|TCB|DGC|VRE|BID].",
        "Nhóm cổ phiếu [ngân hàng|bất động sản|chứng khoán|thép|dầu khí] là điểm sáng của phiên khi nhiều mã [tăng trần|tăng trên 2%|giữ sắc xanh], trong khi nhóm [bán lẻ|công nghệ|hóa chất|vận tải] chịu áp lực chốt lời. [văn]",
    ),
}

# … and it has seen none of these.
HELD_OUT: dict[str, tuple[str, ...]] = {
    "football": (
        "[đội] [thắng|hòa|thua] [đội] [#0-4]-[#0-4] [?50 ở vòng [#2-26]]",
        "Trên sân [Hàng Đẫy|Thiên Trường|Lạch Tray|Vinh|Pleiku|Hòa Xuân], [đội] đã [giành trọn 3 điểm|chia điểm|nhận thất bại] trước [đội] trong khuôn khổ vòng [#2-26] V-League.",
        "Ngay sau tiếng còi khai cuộc, hai đội nhập cuộc [chậm rãi|sôi nổi|thận trọng] và tạo ra nhiều cơ hội nguy hiểm. Phút [#5-44], từ đường chuyền của [người], tiền đạo [người] [đánh đầu cận thành|sút xa hiểm hóc|dứt điểm chéo góc] mở tỷ số cho đội chủ nhà.",
        "Sang hiệp hai, ban huấn luyện hai đội có những điều chỉnh về nhân sự. Phút [#50-75], [người] vào sân thay [người]. Đến phút [#76-89], trọng tài cho đội khách hưởng [quả phạt đền|cú đá phạt] và [người] [thực hiện thành công|sút ra ngoài].",
        "Với kết quả này, đội chủ nhà có [#10-50] điểm sau [#5-26] vòng đấu, tạm xếp thứ [#1-14] trên bảng xếp hạng, còn đội khách đứng thứ [#1-14] với [#10-50] điểm. Ở vòng đấu tới, họ sẽ gặp [đội] trên sân nhà.",
        "[?60 Đội hình ra sân của đội chủ nhà: [người], [người], [người], [người], [người], [người], [người], [người], [người], [người], [người].]",
    ),
    "traffic": (
        "[Cấm|Hạn chế] phương tiện lưu thông trên đường [phố] từ ngày [ngày]",
        "Sở Giao thông vận tải vừa thông báo phương án tổ chức giao thông phục vụ thi công trên đường [phố], đoạn từ đường [phố] đến đường [phố].",
        "Theo đó, từ [#20-23] giờ đến [#4-6] giờ sáng hôm sau, kể từ ngày [ngày] đến hết ngày [mai], [cấm xe tải|cấm ô tô|cấm tất cả phương tiện] lưu thông qua đoạn đường nói trên để đơn vị thi công [lắp đặt đường ống cấp nước|thảm nhựa mặt đường|sửa chữa cầu|ngầm hóa cáp điện].",
        "Lộ trình thay thế cho hướng đi từ trung tâm thành phố: các phương tiện đi theo đường [phố], rẽ vào đường [phố], đến đường [phố] rồi về lộ trình cũ. Hướng ngược lại, người dân đi theo đường [phố] và đường [phố].",
        "Sở đề nghị đơn vị thi công lắp đặt đầy đủ biển báo, rào chắn, đèn cảnh báo và cử người điều tiết tại các nút giao. Người điều khiển phương tiện tuân thủ hướng dẫn của lực lượng chức năng và hệ thống báo hiệu đường bộ để bảo đảm an toàn giao thông.",
    ),
    "power": (
        "Lịch cúp điện [tỉnh] ngày [ngày]",
        "Công ty Điện lực thông báo lịch tạm ngừng cung cấp điện ngày [ngày] tại một số khu vực để bảo trì, sửa chữa lưới điện.",
        "{3-6:Khu vực [phường|xã|thị trấn] [An Phú|Tân Bình|Hòa Hiệp|Mỹ Lộc|Phước Long|Thanh Xuân|Vĩnh Hòa]: mất điện từ [#5-8] giờ [#10-50] đến [#10-17] giờ [#10-50], lý do [thay trụ điện|cắt tỉa cây|bảo trì trạm biến áp|đấu nối đường dây].}",
        "Kính mong quý khách hàng thông cảm vì sự bất tiện này và chủ động sắp xếp sinh hoạt, sản xuất cho phù hợp. Để biết thêm chi tiết, xin liên hệ tổng đài chăm sóc khách hàng 24/7 hoặc tra cứu trên ứng dụng. Lịch có thể thay đổi tùy theo điều kiện thời tiết và tình hình vận hành của hệ thống.",
        "Khi có điện trở lại sớm hơn dự kiến, ngành điện không thông báo thêm; vì vậy đề nghị người dân luôn coi như đường dây đang có điện để bảo đảm an toàn.",
    ),
    "air": (
        "Chất lượng không khí [Hà Nội|TP.HCM|Hải Phòng] [sáng nay|hôm nay|[thứ]]: [mức tốt|mức kém|mức xấu|trung bình]",
        "Theo số liệu quan trắc lúc [#6-9] giờ ngày [ngày], chỉ số chất lượng không khí AQI trung bình của thành phố ở mức [#40-210], thuộc nhóm [tốt|trung bình|kém|xấu|rất xấu].",
        "Trạm [Hàng Đậu|Cầu Giấy|Minh Khai|Trung Yên|Thành Công] ghi nhận chỉ số cao nhất với [#90-240], trong khi trạm [Tây Mỗ|Mỹ Đình|Kim Liên|Hoàn Kiếm] thấp nhất với [#30-90]. Nồng độ bụi mịn PM2.5 ở mức [#12-150] microgam/m3, gấp [#2-9] lần khuyến nghị của Tổ chức Y tế Thế giới.",
        "Cơ quan chuyên môn khuyến cáo người dân [hạn chế ra đường vào sáng sớm|có thể hoạt động ngoài trời bình thường|đóng cửa sổ và đeo khẩu trang], nhất là người già, trẻ em và người có bệnh hô hấp.",
        "Nguyên nhân được cho là do [nghịch nhiệt|gió lặng|không khí lạnh tràn về|đốt rơm rạ], kết hợp với nguồn thải từ giao thông và xây dựng. Dự báo trong hai ngày tới, chất lượng không khí [được cải thiện|tiếp tục xấu đi|ít thay đổi] khi [có mưa|gió mạnh lên|độ ẩm tăng].",
    ),
    "farm": (
        "Giá [cà phê|hồ tiêu|lúa gạo|heo hơi] hôm nay [ngày]: [đổi]",
        "Giá nông sản trong nước hôm nay [ngày] [đổi] ở hầu hết các địa phương trọng điểm so với hôm qua.",
        "Cụ thể, tại Đắk Lắk thương lái thu mua ở mức [#58000-130000] đồng/kg, [tăng|giảm|giữ nguyên] [#200-2000] đồng; tại Lâm Đồng ở mức [#58000-130000] đồng/kg; tại Gia Lai ở mức [#58000-130000] đồng/kg và tại Đắk Nông ở mức [#58000-130000] đồng/kg.",
        "Trên sàn London, giá kỳ hạn giao tháng [#1-12] [tăng|giảm] [#5-120] USD, [lên|xuống] mức [#2400-5300] USD/tấn. Trên sàn New York, giá giao tháng [#1-12] [tăng|giảm] [#1-9,] cent/lb, đạt [#150-260,] cent/lb.",
        "[văn] [?50 Các nhà vườn được khuyến cáo không nên bán ồ ạt mà chờ tín hiệu rõ hơn của thị trường.]",
    ),
    "horoscope": (
        "Tử vi 12 con giáp [thứ] ngày [ngày]: tuổi [Tý|Sửu|Dần|Mão|Thìn|Tỵ|Ngọ] [may mắn|gặp khó|đón lộc]",
        *(
            f"Tuổi {animal}: [Công việc hanh thông, quý nhân phù trợ|Sự nghiệp gặp trở ngại vì tiểu nhân quấy phá|Công sở yên ả, hợp với những việc đã định trước]. [Tài lộc dồi dào, có thể đầu tư nhỏ|Tiền bạc hao hụt, chớ cho vay mượn|Tài chính ổn định, nên tiết kiệm hơn]. [Tình cảm nồng ấm, người độc thân dễ gặp đối tượng|Chuyện đôi lứa có cãi vã, cần nhường nhịn|Gia đạo bình an, con cái nghe lời]. Con số may mắn [#1-99], màu hợp là [đỏ|vàng|xanh|trắng|đen|tím]."
            for animal in "Tý Sửu Dần Mão Thìn Tỵ Ngọ Mùi Thân Dậu Tuất Hợi".split()
        ),
    ),
    "obituary": (
        "Tin buồn: [ông|bà] [người] từ trần",
        "Ban lãnh đạo cơ quan, công đoàn và gia đình vô cùng thương tiếc báo tin: [ông|bà] [người], sinh năm [#1930-1965], quê quán [tỉnh], nguyên cán bộ [ngành giáo dục|quân đội|ngành y tế|ngành thủy lợi], do tuổi cao sức yếu, mặc dù được gia đình và các y bác sĩ tận tình cứu chữa, đã từ trần hồi [#1-23] giờ [#1-59] phút ngày [ngày], hưởng thọ [#60-96] tuổi.",
        "Lễ viếng tổ chức từ [#6-9] giờ [#10-50] ngày [mai] tại Nhà tang lễ [số 5 Trần Thánh Tông|Bệnh viện 108|thành phố|Bộ Quốc phòng]. Lễ truy điệu và đưa tang vào hồi [#9-15] giờ cùng ngày. An táng tại [nghĩa trang quê nhà|Công viên Vĩnh Hằng|nghĩa trang Văn Điển|Đài hóa thân Hoàn Vũ], [tỉnh].",
        "Ban lãnh đạo cơ quan và gia đình trân trọng kính báo tới các cơ quan, đoàn thể, bạn bè gần xa và xin gửi lời cảm ơn chân thành tới các đồng chí, thân bằng quyến thuộc đã đến viếng, gửi vòng hoa và chia buồn cùng gia quyến.",
    ),
    "appointment": (
        "[tỉnh] có tân [Phó Chủ tịch|Giám đốc Sở Y tế|Chánh án|Bí thư Thành ủy]",
        "Sáng [ngày], tại trụ sở UBND tỉnh [tỉnh] diễn ra hội nghị công bố quyết định về công tác cán bộ.",
        "Tại hội nghị, đại diện Ban Tổ chức đã công bố quyết định điều động, bổ nhiệm ông [người], [Phó Giám đốc Sở Nội vụ|Chánh Văn phòng|Trưởng Ban Dân vận|Bí thư Huyện ủy], giữ chức [Phó Chủ tịch|Giám đốc Sở Y tế|Chánh án|Bí thư Thành ủy], thời hạn 5 năm kể từ ngày [ngày].",
        "Phát biểu giao nhiệm vụ, ông [người] ghi nhận quá trình công tác của tân lãnh đạo và đề nghị ông trên cương vị mới tiếp tục phát huy tinh thần trách nhiệm, cùng tập thể giữ gìn đoàn kết nội bộ, hoàn thành tốt các nhiệm vụ được giao. Nhận nhiệm vụ, ông [người] bày tỏ lòng cảm ơn sự tin tưởng của lãnh đạo tỉnh và hứa sẽ nỗ lực cống hiến.",
        "Ông sinh năm [#1965-1985], quê [tỉnh], có trình độ chuyên môn [thạc sĩ luật|tiến sĩ kinh tế|bác sĩ chuyên khoa II|kỹ sư xây dựng], cao cấp lý luận chính trị. Trước khi được bổ nhiệm, ông từng công tác tại [tỉnh] từ năm [#1995-2015].",
    ),
    "quake": (
        "Động đất [#2-5,] độ ở [tỉnh]",
        "Viện Vật lý Địa cầu cho biết, hồi [#1-23] giờ [#1-59] phút ngày [ngày], một trận động đất có độ lớn [#2-5,] xảy ra tại khu vực huyện [Kon Plông|Mường Tè|Sông Mã|Bắc Trà My|A Lưới], tỉnh [tỉnh].",
        "Trận động đất có vị trí [#14-22,] độ vĩ Bắc, [#102-108,] độ kinh Đông, độ sâu chấn tiêu khoảng [#8-17,] km, cấp độ rủi ro thiên tai do động đất bằng [0|1]. Người dân ở [tỉnh] [cảm nhận rõ rung lắc|không cảm nhận được rung chấn].",
        "Trung tâm Báo tin động đất và Cảnh báo sóng thần vẫn đang tiếp tục theo dõi trận động đất này. Theo các chuyên gia, động đất ở khu vực này là động đất kích thích do hồ chứa thủy điện tích nước, dự báo chưa dừng lại trong thời gian tới nhưng khó vượt quá [5|6] độ.",
        "Từ đầu tháng [tháng] đến nay, khu vực này đã ghi nhận [#3-40] trận động đất lớn nhỏ, trong đó trận mạnh nhất có độ lớn [#3-5,]. Chính quyền địa phương đã hướng dẫn người dân cách ứng phó và kiểm tra các công trình dân sinh, trường học, trạm y tế.",
    ),
    # These six were written last, when the guard was as it is.
    "television": (
        "Lịch phát sóng VTV1 [thứ] ngày [ngày]",
        "Lịch phát sóng các chương trình trên kênh truyền hình trong ngày, mời quý vị khán giả theo dõi và đón xem.",
        "5h30 [Chào ngày mới|Nhịp sống khỏe|Vì sức khỏe]; 6h00 Chào buổi sáng; 7h00 [Phim tài liệu: [con vật]|Cuộc sống số|Khám phá thế giới]; 8h00 [Phim truyện: [Gia đình mình vui bất thình lình|Thương ngày nắng về|Hướng dương ngược nắng]|Ca nhạc|Sân khấu]; 9h00 Thời sự; 9h15 [Nông nghiệp sạch|Chuyển động phố phường|Góc nhìn văn hóa]; 10h00 [Khát vọng non sông|Đường lên đỉnh Olympia|Ai là triệu phú].",
        "11h00 [Chìa khóa thành công|Việt Nam đất nước con người|Sắc màu các dân tộc]; 12h00 Thời sự; 13h00 [Phim truyện: Mùa lá rụng|Phim truyện: Sóng ở đáy sông|Phim truyện: Đất và người]; 14h30 [Thế giới động vật|Kết nối công nghệ|Bạn của nhà nông]; 16h00 Thời sự; 17h00 [Hoạt hình|Thiếu nhi|Ca nhạc thiếu nhi]; 18h00 [Việt Nam hôm nay|Câu chuyện du lịch]; 19h00 Thời sự; 20h05 [Quốc gia số|Tạp chí kinh tế cuối tuần|Đối diện]; 21h00 [Phim truyện: Cuộc đời vẫn đẹp sao|Phim truyện: Biệt dược đen|Phim truyện: Trạm cứu hộ trái tim]; 23h00 Thời sự.",
        "Lịch phát sóng có thể thay đổi mà không báo trước do yêu cầu tuyên truyền hoặc sự cố kỹ thuật. Khán giả có thể xem trực tuyến trên ứng dụng của đài và trên trang thông tin điện tử chính thức.",
    ),
    "jobs": (
        "[Sở Y tế|Sở Nội vụ|Sở Xây dựng|Chi cục Thuế|Bệnh viện Đa khoa] [tỉnh] tuyển dụng viên chức",
        "Đơn vị thông báo tuyển dụng viên chức năm nay với [#2-90] chỉ tiêu ở các vị trí việc làm khác nhau, hình thức [thi tuyển|xét tuyển].",
        "Người có đủ các điều kiện sau đây không phân biệt dân tộc, nam nữ, thành phần xã hội, tín ngưỡng, tôn giáo được đăng ký dự tuyển: có quốc tịch Việt Nam và cư trú tại Việt Nam; từ đủ 18 tuổi trở lên; có đơn đăng ký dự tuyển; có lý lịch rõ ràng; có văn bằng, chứng chỉ đào tạo phù hợp với vị trí việc làm; đủ sức khỏe để thực hiện công việc hoặc nhiệm vụ.",
        "Những người sau đây không được đăng ký dự tuyển: mất năng lực hành vi dân sự hoặc bị hạn chế năng lực hành vi dân sự; đang bị truy cứu trách nhiệm hình sự; đang chấp hành bản án, quyết định về hình sự của tòa án; đang bị áp dụng biện pháp xử lý hành chính đưa vào cơ sở cai nghiện bắt buộc.",
        "Hồ sơ nộp trực tiếp tại [phòng Tổ chức cán bộ|văn phòng|bộ phận một cửa], số [#1-300] đường [phố], [tỉnh], trong giờ hành chính từ ngày [ngày] đến hết ngày [mai]. Lệ phí thực hiện theo quy định của Bộ Tài chính. Thông báo được đăng trên trang thông tin điện tử và niêm yết công khai tại trụ sở làm việc của đơn vị.",
    ),
    "auction": (
        "Thông báo bán đấu giá tài sản tại [tỉnh]",
        "Công ty đấu giá hợp danh [Đông Nam|Số 5|Lạc Việt|Bắc Trung Nam|Toàn Cầu] tổ chức bán đấu giá tài sản là quyền sử dụng đất và tài sản gắn liền với đất theo yêu cầu của [Ngân hàng Agribank|Chi cục Thi hành án dân sự|Trung tâm Phát triển quỹ đất] [tỉnh].",
        "Tài sản gồm thửa đất số [#1-900], tờ bản đồ số [#1-90], diện tích [#50-2000,] m2, mục đích sử dụng đất ở, tại [phường|xã] [An Phú|Tân Bình|Hòa Hiệp|Mỹ Lộc], [tỉnh]. Giá khởi điểm [#300000000-9000000000] đồng, tiền đặt trước [#30000000-900000000] đồng, bước giá [#5000000-90000000] đồng.",
        "Khách hàng có nhu cầu mua hồ sơ tham gia đấu giá liên hệ trong giờ hành chính tại trụ sở công ty từ ngày [ngày]. Hình thức đấu giá bằng bỏ phiếu trực tiếp nhiều vòng tại cuộc đấu giá, phương thức trả giá lên. Người tham gia đấu giá phải nộp tiền đặt trước vào tài khoản của công ty và xuất trình giấy tờ tùy thân khi đến dự.",
        "Thời gian tổ chức đấu giá vào lúc [#8-15] giờ [#10-50] ngày [mai]. Công ty kính mời các tổ chức, cá nhân quan tâm đăng ký tham gia theo quy định của pháp luật về đấu giá tài sản.",
    ),
    "storm": (
        "Tin bão mới nhất [ngày]: Bão [đổi hướng|mạnh lên|suy yếu|giữ nguyên cấp]",
        "Hồi [#1-23] giờ ngày [ngày], vị trí tâm bão ở vào khoảng [#12-21,] độ vĩ Bắc; [#106-118,] độ kinh Đông, trên vùng biển quần đảo Hoàng Sa. Sức gió mạnh nhất vùng gần tâm bão mạnh cấp [#8-13], giật cấp [#11-16].",
        "Dự báo trong 24 giờ tới, bão di chuyển theo hướng [tây|tây tây bắc|tây bắc|bắc tây bắc], mỗi giờ đi được [#5-25] km và có khả năng [mạnh thêm|suy yếu dần|ít thay đổi cường độ]. Vùng nguy hiểm trong 24 giờ tới từ vĩ tuyến [#12-16] đến [#17-22] độ vĩ Bắc.",
        "Do ảnh hưởng của bão, khu vực bắc Biển Đông có gió mạnh cấp [#7-9], vùng gần tâm bão cấp [#9-12], sóng biển cao từ [#3-6] đến [#6-9] m, biển động dữ dội. Tàu thuyền hoạt động trong vùng nguy hiểm đều có khả năng chịu tác động của dông, lốc, gió mạnh và sóng lớn.",
        "Các địa phương ven biển cần theo dõi chặt chẽ diễn biến của bão, quản lý việc ra khơi của tàu cá, rà soát phương án sơ tán dân ở vùng trũng thấp, vùng có nguy cơ sạt lở. [?50 [văn]]",
    ),
    "epidemic": (
        "[Ngày [ngày]|Sáng [ngày]|Chiều [ngày]]: Thêm [#20-9000] ca mắc mới, [#1-200] ca tử vong",
        "Bản tin phòng chống dịch của Bộ Y tế ngày [ngày] cho biết có [#20-9000] ca mắc mới, trong đó [#0-9] ca nhập cảnh và [#20-9000] ca ghi nhận trong nước tại [#10-60] tỉnh, thành phố.",
        "Các địa phương ghi nhận nhiều ca nhất là [tỉnh] ([#100-900]), [tỉnh] ([#100-900]), [tỉnh] ([#50-500]), [tỉnh] ([#50-500]), [tỉnh] ([#10-300]), [tỉnh] ([#10-300]), [tỉnh] ([#10-99]), [tỉnh] ([#10-99]), [tỉnh] ([#1-30]), [tỉnh] ([#1-30]).",
        "Số bệnh nhân được công bố khỏi bệnh trong ngày là [#100-9000] ca. Số bệnh nhân đang thở ô xy là [#50-5000] ca, trong đó thở máy xâm lấn [#10-900] ca. Trong ngày có [#100000-900000] liều vắc xin được tiêm.",
        "Bộ Y tế khuyến cáo người dân tiếp tục thực hiện thông điệp phòng chống dịch, đeo khẩu trang nơi công cộng, khử khuẩn thường xuyên và tiêm đủ liều theo lịch. Các địa phương tổ chức thu dung, điều trị, phân tầng người bệnh phù hợp, không để quá tải hệ thống y tế.",
    ),
    "menu": (
        "Gợi ý thực đơn cơm tối [thứ]: [sườn rim|cá kho|thịt luộc|gà rang gừng|đậu sốt cà] ngon cơm",
        "Nếu chưa biết hôm nay ăn gì, bạn có thể tham khảo thực đơn cơm tối đủ chất, dễ nấu và hợp khẩu vị cả nhà dưới đây.",
        "Món mặn: [sườn rim|cá kho tộ|thịt luộc cà pháo|gà rang gừng|đậu sốt cà chua|tôm rang thịt]. Nguyên liệu rửa sạch, để ráo, ướp với [nước mắm|xì dầu|dầu hào] và [tiêu|gừng|sả|nghệ] khoảng ba mươi phút cho ngấm rồi mới đem nấu trên lửa nhỏ đến khi nước sốt sánh lại.",
        "Món canh: [canh cua rau đay|canh bí nấu tôm|canh chua cá|canh mướp|canh cải thịt băm]. Nước dùng đun sôi, thả rau vào sau cùng để giữ màu xanh, nêm nếm vừa ăn rồi tắt bếp. Món rau: [rau muống xào tỏi|bắp cải luộc|củ quả luộc chấm kho quẹt|nộm đu đủ].",
        "Tráng miệng: [dưa hấu|xoài|bưởi|thanh long|nho]. Cả mâm cơm nấu trong khoảng một giờ, chi phí vừa phải cho gia đình bốn người. Chúc bạn có bữa cơm ngon miệng và đầm ấm bên những người thân yêu của mình.",
    ),
}


def series(name: str, count: int, seed: int = 1) -> list[Article]:
    """So many issues of one form, a day apart, all on one site."""
    form = (TUNED | HELD_OUT)[name]
    draw = Random(f"{name} {seed}")
    site = draw.choice(SITES)
    issues = []
    for at in range(count):
        when = date(2024, 1, 3) + timedelta(at)
        title, *said = (fill(draw, part, when) for part in form)
        issues.append(replace(article(title, said, site), identity=f"{name} {at}"))
    return issues


# ---------------------------------------------------------------- looked up as the store does


class Index:
    """Texts by their sketches, in memory."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.folded: list[Folded] = []
        self.holders: defaultdict[int, list[int]] = defaultdict(list)
        for one in articles:
            self.add(one)

    def add(self, one: Article) -> None:
        folded = fold(one)
        for found in sketch(folded.words):
            self.holders[found].append(len(self.folded))
        self.folded.append(folded)

    def candidates(self, folded: Folded) -> list[int]:
        """The thirty that share most hashes with a text, and two at least."""
        shared = Counter(at for found in sketch(folded.words) for at in self.holders.get(found, ()))
        return [at for at, count in shared.most_common(30) if count >= 2]

    def likenesses(self, folded: Folded) -> dict[int, Likeness]:
        """How a text relates to each candidate to which it does."""
        compared = {at: compare_folded(folded, self.folded[at]) for at in self.candidates(folded)}
        return {at: found for at, found in compared.items() if found}
