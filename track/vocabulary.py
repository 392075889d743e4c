"""Words that edits are judged by: those that count, name, or carry no weight. In lower case, with old tone placement. Data."""

from __future__ import annotations

__all__ = [
    "AROUND",
    "COUNTING",
    "COUNTRIES",
    "DATES",
    "OFFICES",
    "OPPOSED",
    "ORDERED",
    "PARTS_OF_DAY",
    "SCALES",
    "SMALL",
    "SURNAMES",
    "THROUGH",
    "TURNING",
    "TWO_WORDS",
    "UNITS",
]


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


def _phrases(said: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in said.split("|"))


# ---------------------------------------------------------------- numbers and dates

_ONES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SCALES = _words("chục trăm nghìn ngàn vạn triệu tỷ tỉ rưỡi dozen hundred thousand million billion trillion")  # after a number
# Words of numbers, with what they are compared by.
COUNTING = {word: word for word in SCALES} | {"ngàn": "nghìn", "tỉ": "tỷ"}
COUNTING |= {word: str(value) for value, word in enumerate(_ONES, 1)} | {"mốt": "1", "tư": "4", "lăm": "5", "bẩy": "7"}
COUNTING |= {word: str(value) for value, word in enumerate(_ENGLISH, 1)}
ORDERED = _words("thứ tháng mùng mồng quý khóa kỳ lần")  # before a number in words
# Before a number, and say how far it holds; and what may stand between: ít nhất 5, chỉ có 5.
AROUND = _words(
    "hơn gần khoảng trên dưới quá đúng chừng xấp xỉ ngót chỉ ít nhiều tối about almost over under nearly only least most"
)
THROUGH = _words("nhất đa thiểu có còn là at than")
PARTS_OF_DAY = _words("sáng trưa chiều tối đêm")
UNITS = _words(
    """
    đồng usd vnd vnđ euro eur đô yên tệ baht kíp rupiah ringgit won kg g tấn tạ yến lạng ounce lượng chỉ km m cm mm mét dặm ha
    m² km² lít ml thùng kw mw gw kwh độ giây phút giờ ngày tuần tháng năm quý
    """
)
DATES = _phrases(
    """
    hôm qua | hôm nay | hôm kia | ngày mai | ngày kia | tuần trước | tuần này | tuần tới | tuần sau | tháng trước | tháng này |
    tháng tới | tháng sau | năm ngoái | năm trước | năm nay | năm tới | năm sau | chủ nhật | yesterday | today | tomorrow |
    monday | tuesday | wednesday | thursday | friday | saturday | sunday | january | february | march | april | june | july |
    august | september | october | november | december
    """
)
DATES |= {f"thứ {word}" for word in ("hai", "ba", "tư", "năm", "sáu", "bảy", "bẩy")}
DATES |= {f"tháng {word}" for word in (*_ONES, "giêng", "tư", "mười một", "mười hai", "chạp")}

# ---------------------------------------------------------------- names

OFFICES = _phrases(
    """
    tổng bí thư | bí thư | phó bí thư | chủ tịch nước | phó chủ tịch nước | chủ tịch | phó chủ tịch | thủ tướng | phó thủ
    tướng | bộ trưởng | thứ trưởng | trợ lý bộ trưởng | tổng thống | phó tổng thống | quốc vương | nhà vua | hoàng hậu | thái
    tử | thủ hiến | thống đốc | tỉnh trưởng | thị trưởng | đại sứ | tổng lãnh sự | lãnh sự | tham tán | công sứ | đại biện |
    tổng thư ký | phó tổng thư ký | thư ký | tổng giám đốc | phó tổng giám đốc | giám đốc | phó giám đốc | cục trưởng | phó
    cục trưởng | vụ trưởng | phó vụ trưởng | trưởng phòng | phó trưởng phòng | trưởng ban | phó trưởng ban | trưởng đoàn | phó
    trưởng đoàn | trưởng som | chánh văn phòng | phó chánh văn phòng | chánh án | phó chánh án | viện trưởng | phó viện trưởng
    | hiệu trưởng | phó hiệu trưởng | tổng biên tập | phó tổng biên tập | người phát ngôn | phó phát ngôn | phát ngôn viên |
    đại tướng | thượng tướng | trung tướng | thiếu tướng | đại tá | thượng tá | trung tá | thiếu tá | tư lệnh | phó tư lệnh |
    tham mưu trưởng | giáo sư | phó giáo sư | tiến sĩ | thạc sĩ | ngoại trưởng | quyền chủ tịch | quyền bộ trưởng | quyền thủ
    tướng | president | vice president | prime minister | deputy prime minister | foreign minister | minister | deputy
    minister | secretary-general | secretary | ambassador | chairman | chairwoman | governor | mayor | director | spokesperson
    | spokesman
    """
)
COUNTRIES = _phrases(
    """
    việt nam | lào | campuchia | cam-pu-chia | thái lan | myanmar | mi-an-ma | malaysia | ma-lai-xi-a | singapore | xin-ga-po
    | indonesia | in-đô-nê-xi-a | brunei | bru-nây | philippines | philippin | phi-líp-pin | timor-leste | đông timor | trung
    quốc | nhật bản | hàn quốc | triều tiên | ấn độ | australia | úc | new zealand | mỹ | hoa kỳ | canada | nga | ukraine |
    anh | pháp | đức | italy | ý | tây ban nha | bồ đào nha | hà lan | bỉ | ba lan | thụy sĩ | thụy sỹ | thụy điển | na uy |
    đan mạch | phần lan | áo | hungary | séc | slovakia | bulgaria | romania | hy lạp | thổ nhĩ kỳ | ireland | mông cổ |
    kazakhstan | uzbekistan | iran | iraq | israel | palestine | syria | ai cập | nam phi | brazil | argentina | chile |
    mexico | cuba | venezuela | pakistan | bangladesh | sri lanka | nepal | đài loan | hong kong | china | japan | korea |
    india | russia | vietnam | viet nam | laos | cambodia | thailand | united states
    """
)
SURNAMES = _words(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh mai trịnh đào lương hà tạ tô vương cao chu
    tống lâm đoàn phùng quách châu tăng từ thái kim tôn la lục hứa thạch nông triệu lại kiều khuất ông doãn nghiêm thân
    """
)

# ---------------------------------------------------------------- weight

# Words that carry little meaning of their own.
SMALL = _words(
    """
    và với cùng thì mà là của các những một cho đã đang vẫn cũng lại còn ra vào lên xuống ở tại trong ngoài trên dưới từ đến
    tới về theo do bởi vì nên nếu khi lúc sau trước như rằng này đó kia ấy đây đấy nọ thế vậy rất quá khá hơn gần khoảng nhất
    nhằm để được bị có ngay chỉ cả mọi mỗi từng nhiều sự việc cái con chiếc rồi nữa thêm song nhưng tuy dù hay hoặc qua bằng
    giữa cứ đều ông bà anh chị the a an of in on at to and or for with by from as is are was were be been has have had that
    this these those it its
    """
)
# Words that turn the meaning of a sentence when they come, go, or stand in another's place.
TURNING = _words(
    """
    không chưa chẳng đừng chớ khỏi hết sẽ tăng giảm cấm thắng thua bác phủ phản hoãn hủy not no never will won't denies confirms
    rejects rises falls
    """
)


def _opposed(said: str) -> dict[str, frozenset[str]]:
    """For each word those that say something else in its place; words of one side say the same."""
    found: dict[str, frozenset[str]] = {}
    for group in said.strip().split("\n"):
        sides = [_words(side) for side in group.split("|")]
        for side in sides:
            for word in side:
                found[word] = found.get(word, frozenset()).union(*(other for other in sides if other is not side))
    return found


# Small words that carry the news where one stands in another's place: giá lên, giá xuống.
OPPOSED = _opposed(
    """
    lên | xuống
    vào | ra
    trong | ngoài
    trên | dưới
    trước | sau | trong
    qua trước | tới sau
    từ | đến tới về vào | ở tại
    được | bị
    có | hết không chưa
    còn | hết
    và | hoặc hay | đến tới
    đã từng | đang vẫn còn | sẽ sắp | chưa
    hơn | như bằng | kém
    một | những các mọi nhiều | không
    chỉ | cả
    vì do bởi | nếu | dù tuy | để nhằm
    nhất | nhì
    ông anh chú cậu | bà chị cô dì
    trai nam | gái nữ
    from | to
    and | or
    before | after
    in | out
    with | without
    for | against
    """
)

# ---------------------------------------------------------------- spelling

# Syllables that are two words by the tones that half of the country speaks alike (hỏi, ngã): nửa is a half, nữa is more. Not the
# pairs of which one is a word only inside of a few others (chia sẻ, hỗ trợ, nỗ lực, mạnh mẽ): there the other is mistyped.
TWO_WORDS = frozenset(
    frozenset(pair.split("/"))
    for pair in _words(
        """
        bả/bã bảo/bão bẩy/bẫy bổng/bỗng bẻ/bẽ cải/cãi cổ/cỗ củ/cũ củi/cũi chửa/chữa dở/dỡ đổ/đỗ gả/gã gảy/gãy giả/giã
        giản/giãn gở/gỡ hải/hãi hảo/hão hủ/hũ kẻ/kẽ lẩn/lẫn lẻ/lẽ lở/lỡ lảng/lãng lủng/lũng mả/mã mải/mãi mảnh/mãnh mẩu/mẫu
        mở/mỡ mỏ/mõ mủ/mũ nảy/nãy nổi/nỗi nở/nỡ nửa/nữa ngả/ngã nghỉ/nghĩ ngỏ/ngõ ngủ/ngũ nhả/nhã quỷ/quỹ rảnh/rãnh rẻ/rẽ
        rể/rễ rủ/rũ rửa/rữa sỉ/sĩ sửa/sữa tả/tã tỉnh/tĩnh vải/vãi vẻ/vẽ vở/vỡ vỏ/võ vẩy/vẫy xả/xã
        """
    )
)
