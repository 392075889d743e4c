"""Text dumps of whole pages of sites never seen: the article is found among the page's furniture by the shapes of the lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import lines, repeats, runs
from extract.shapes import Class, Line, Mark, line_of
from model import BlockKind

# Invented articles: title, text. The furniture around them is in the same language.
ARTICLES = {
    "en": (
        "Harbour town opens its first floating library",
        [
            "The harbour town of Wexley opened a floating library on Saturday, and more than three hundred people came aboard in the first hour.",
            "“We had forty volunteers and a very old ferry,” the librarian said, adding that the ship will stop at six villages a week.",
            "The council paid for the engine, while the books were given by readers from all over the county.",
            "Nobody knows yet how the ship will fare in winter, when the river freezes for a month.",
        ],
    ),
    "de": (
        "Hafenstadt eröffnet schwimmende Bibliothek",
        [
            "Die Hafenstadt hat am Samstag eine schwimmende Bibliothek eröffnet, in der ersten Stunde kamen mehr als dreihundert Besucher an Bord.",
            "„Wir hatten vierzig Freiwillige und eine sehr alte Fähre“, sagte die Leiterin, das Schiff werde jede Woche in sechs Dörfern anlegen.",
            "Die Stadt hat den Motor bezahlt, die Bücher der Bibliothek stammen von Lesern aus dem ganzen Landkreis.",
        ],
    ),
    "fr": (
        "Une bibliothèque flottante ouvre dans le port",
        [
            "La ville a ouvert samedi une bibliothèque flottante dans le port, et plus de trois cents personnes sont montées à bord dès la première heure.",
            "« Nous avions quarante bénévoles et un très vieux bac », a dit la responsable, qui promet une escale dans six villages chaque semaine.",
            "La mairie a payé le moteur, et les livres ont été donnés par des lecteurs de tout le département.",
        ],
    ),
    "es": (
        "El puerto estrena una biblioteca flotante",
        [
            "La ciudad abrió el sábado una biblioteca flotante en el puerto, y más de trescientas personas subieron a bordo en la primera hora.",
            "«Teníamos cuarenta voluntarios y un transbordador muy viejo», dijo la directora, que promete parar en seis pueblos cada semana.",
            "El ayuntamiento pagó el motor, y los libros de la biblioteca son un regalo de lectores de toda la provincia.",
        ],
    ),
    "pl": (
        "W porcie otwarto pływającą bibliotekę",
        [
            "W sobotę w porcie otwarto pływającą bibliotekę, a w ciągu pierwszej godziny na pokład weszło ponad trzysta osób z całego miasta.",
            "„Mieliśmy czterdziestu wolontariuszy i bardzo stary prom” – powiedziała dyrektorka i zapowiedziała postoje w sześciu wsiach tygodniowo.",
            "Miasto zapłaciło za silnik, a książki podarowali czytelnicy z całego powiatu.",
        ],
    ),
    "ru": (
        "В порту открылась плавучая библиотека",
        [
            "В субботу в порту открылась плавучая библиотека, и за первый час на борт поднялись более трёхсот человек со всего города.",
            "«У нас было сорок добровольцев и очень старый паром», — рассказала директор и пообещала останавливаться в шести деревнях каждую неделю.",
            "Город оплатил двигатель, а книги для библиотеки подарили читатели со всей области.",
        ],
    ),
    "el": (
        "Άνοιξε η πρώτη πλωτή βιβλιοθήκη στο λιμάνι",
        [
            "Το Σάββατο άνοιξε στο λιμάνι η πρώτη πλωτή βιβλιοθήκη, και περισσότεροι από τριακόσιοι άνθρωποι ανέβηκαν στο πλοίο την πρώτη ώρα.",
            "«Είχαμε σαράντα εθελοντές και ένα πολύ παλιό φέρι», είπε η διευθύντρια, που υποσχέθηκε στάσεις σε έξι χωριά κάθε εβδομάδα.",
            "Ο δήμος πλήρωσε τη μηχανή, ενώ τα βιβλία τα χάρισαν αναγνώστες από όλο τον νομό.",
        ],
    ),
    "zh": (
        "港口小城首座水上图书馆开馆",
        [
            "周六，港口小城的首座水上图书馆正式开馆，第一个小时就有三百多名市民登船参观，不少人还带着孩子一起前来借书。",
            "馆长说：“我们有四十名志愿者和一艘很旧的渡轮。”她表示，这艘船每周将停靠六个村庄，让住得远的读者也能借到新书。",
            "船上的发动机由市政府出资购买，图书馆的藏书则全部来自全县各地读者的捐赠，目前已经超过一万册。",
        ],
    ),
    "ja": (
        "港町に初の水上図書館が開館",
        [
            "土曜日、港町に初めての水上図書館が開館し、最初の一時間で三百人を超える市民が船に乗り込み、本を手に取りました。",
            "館長は「ボランティアは四十人、船はとても古い渡し船です」と話し、毎週六つの村に立ち寄る予定だと説明しました。",
            "エンジンの費用は市が負担し、図書館の本は県内の読者から寄せられたもので、すでに一万冊を超えています。",
        ],
    ),
    "vi": (
        "Thành phố cảng mở thư viện nổi đầu tiên",
        [
            "Sáng thứ bảy, thành phố cảng mở cửa thư viện nổi đầu tiên, và hơn ba trăm người đã lên tàu ngay trong giờ đầu tiên.",
            "“Chúng tôi có bốn mươi tình nguyện viên và một chiếc phà rất cũ”, giám đốc thư viện nói, và cho biết tàu sẽ ghé sáu xã mỗi tuần.",
            "Thành phố trả tiền mua động cơ, còn sách của thư viện do bạn đọc khắp tỉnh gửi tặng trong nhiều tháng qua.",
        ],
    ),
}
MENU = {
    "en": "Home|News|Sport|Weather|Business|Culture|Travel|Video|Opinion|Jobs|Cars|Sign in",
    "de": "Start|Nachrichten|Sport|Wetter|Wirtschaft|Kultur|Reise|Video|Meinung|Stellen|Auto|Anmelden",
    "fr": "Accueil|Actualités|Sport|Météo|Économie|Culture|Voyage|Vidéo|Opinions|Emploi|Auto|Se connecter",
    "es": "Inicio|Noticias|Deportes|Tiempo|Economía|Cultura|Viajes|Vídeo|Opinión|Empleo|Motor|Entrar",
    "pl": "Strona główna|Wiadomości|Sport|Pogoda|Biznes|Kultura|Podróże|Wideo|Opinie|Praca|Auto|Zaloguj",
    "ru": "Главная|Новости|Спорт|Погода|Экономика|Культура|Туризм|Видео|Мнения|Работа|Авто|Войти",
    "el": "Αρχική|Ειδήσεις|Αθλητικά|Καιρός|Οικονομία|Πολιτισμός|Ταξίδια|Βίντεο|Απόψεις|Εργασία|Αυτοκίνητο|Σύνδεση",
    "zh": "首页|新闻|体育|天气|财经|文化|旅游|视频|观点|招聘|汽车|登录",
    "ja": "ホーム|ニュース|スポーツ|天気|経済|文化|旅行|動画|オピニオン|求人|車|ログイン",
    "vi": "Trang nhất|Tin tức|Thể thao|Thời tiết|Kinh tế|Văn hóa|Du lịch|Video|Góc nhìn|Việc làm|Xe|Đăng nhập",
}
OTHERS = {
    "en": "Related|Old mill will become a school|Ferry strike ends after nine days|Why the bridge was painted green|Comments|Anna|Reply",
    "de": "Mehr zum Thema|Alte Mühle wird zur Schule umgebaut|Streik der Fähren endet nach neun Tagen|Kommentare|Anna|Antworten",
    "fr": "À lire aussi|Le vieux moulin devient une école|Fin de la grève des bacs après neuf jours|Commentaires|Anna|Répondre",
    "es": "Noticias relacionadas|El viejo molino será una escuela|Acaba la huelga del transbordador|Comentarios|Ana|Responder",
    "pl": "Czytaj także|Stary młyn zamieni się w szkołę|Koniec strajku promów po dziewięciu dniach|Komentarze|Anna|Odpowiedz",
    "ru": "Читайте также|Старая мельница станет школой|Забастовка паромов закончилась|Комментарии|Анна|Ответить",
    "el": "Διαβάστε επίσης|Ο παλιός μύλος γίνεται σχολείο|Τέλος στην απεργία των φέρι|Σχόλια|Άννα|Απάντηση",
    "zh": "相关阅读|老磨坊将改建为学校|渡轮罢工九天后结束|大桥为什么被漆成绿色|评论|小安|回复",
    "ja": "関連記事|古い水車小屋が学校に|渡し船のストが九日で終わる|橋はなぜ緑に塗られたのか|コメント|アンナ|返信",
    "vi": "Tin liên quan|Cối xay cũ sắp thành trường học|Cuộc đình công của phà kết thúc sau chín ngày|Bình luận|Anna|Trả lời",
}


def page(language: str) -> list[str]:
    title, text = ARTICLES[language]
    menu, others = MENU[language].split("|"), OTHERS[language].split("|")
    return [*menu, title, "2026-03-14 08:30", "Facebook", "Twitter", *text, *others, *menu, "© 2026"]


def said(raw: str, repeated: frozenset[str] = frozenset()) -> list[str]:
    return [block.text for block in lines.read(raw, repeated).blocks if block.kind is not BlockKind.CAPTION]


@pytest.mark.parametrize("language", ARTICLES)
def test_the_article_of_a_page_is_found_in_any_language(language: str) -> None:
    found = lines.read("\n".join(page(language)))
    title, text = ARTICLES[language]
    assert (found.title, [block.text for block in found.blocks]) == (title, text)
    assert {block.kind for block in found.blocks} == {BlockKind.PARAGRAPH}


@pytest.mark.parametrize("language", ARTICLES)
def test_a_dump_with_its_links_kept_reads_the_same(language: str) -> None:
    text = ARTICLES[language][1]
    linked = [
        f"[{line[:4]}](https://press.example/a(b)c){line[4:]}" if line in text else f"[{line}](/x)" for line in page(language)
    ]
    assert said("\n".join(linked)) == text


def test_a_dump_in_markdown_keeps_what_its_marks_say() -> None:
    title, text = ARTICLES["en"]
    menu = [f"* [{word}](/{word.lower()})" for word in MENU["en"].split("|")]
    body = [
        text[0],
        "![The ship](/ship.jpg)",
        "## Books on the **water**",
        text[1],
        "> " + text[2],
        "* Monday: Upper Mill",
        "* Tuesday: Low Mill",
        text[3],
    ]
    others = [f"### [{word}](/x)" for word in OTHERS["en"].split("|")]
    found = lines.read("\n".join([*menu, f"# {title}", "14 March 2026", *body, *others, *menu]))
    assert found.title == title
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.PARAGRAPH, text[0]),
        (BlockKind.HEADING, "Books on the water"),
        (BlockKind.PARAGRAPH, text[1]),
        (BlockKind.QUOTE, text[2]),
        (BlockKind.LIST, "Monday: Upper Mill\nTuesday: Low Mill"),
        (BlockKind.PARAGRAPH, text[3]),
    ]


@pytest.mark.parametrize(
    "box",
    [
        ["Advertisement"],
        ["Sign up for our newsletter and get the best stories in your inbox."],
        ["Related", "Old mill will become a school", "Ferry strike ends after nine days"],
        ["Read more: Old mill will become a school"],
        ["Facebook", "Twitter", "WhatsApp"],
        ["[Old mill will become a school](https://press.example/mill)"],
    ],
)
def test_a_box_between_paragraphs_goes_and_the_text_goes_on(box: list[str]) -> None:
    at = page("en").index(ARTICLES["en"][1][2])
    found = said("\n".join([*page("en")[:at], *box, *page("en")[at:]]))
    assert [line for line in found if line not in ("Old mill will become a school",)] == ARTICLES["en"][1]


@pytest.mark.parametrize(
    "tail",
    [
        [
            "Comments",
            "Anna",
            "2 days ago",
            "I went there with my two children and we borrowed eleven books, what a wonderful idea it is.",
        ],
        [
            "Share",
            "Ben Miller",
            "Ben Miller writes about rivers and the people who live on them, and keeps two goats in his garden.",
        ],
        ["We use cookies on this site to make it better, and you can change that in the settings of your browser."],
        ["All rights reserved. No part of this page may be used without a written permission of the publisher."],
    ],
)
def test_prose_below_the_article_is_not_the_articles(tail: list[str]) -> None:
    text = ARTICLES["en"][1]
    menu = MENU["en"].split("|")
    assert said("\n".join([*menu, ARTICLES["en"][0], "March 14, 2026", *text, *tail, *menu])) == text


def test_headings_short_sentences_and_speech_inside_the_article_stay() -> None:
    text = ARTICLES["en"][1]
    body = [text[0], "A very old ferry", text[1], "It floats.", "Books and ropes", text[2], "Who pays?", text[3]]
    assert (
        said("\n".join([*MENU["en"].split("|"), ARTICLES["en"][0], *body, *OTHERS["en"].split("|"), *MENU["en"].split("|")]))
        == body
    )


def test_a_caption_is_told_by_its_credit() -> None:
    at = page("en").index(ARTICLES["en"][1][1])
    found = lines.read(
        "\n".join([*page("en")[:at], "The ship on its first morning", "Photo: Ann Miller/Reuters", *page("en")[at:]])
    )
    captions = [block.text for block in found.blocks if block.kind is BlockKind.CAPTION]
    assert captions == ["The ship on its first morning", "Photo: Ann Miller/Reuters"]


def test_every_line_has_its_class() -> None:
    title, text = ARTICLES["en"]
    classes = {line: kind for kind, line in lines.classify(lines.split("\n".join(page("en"))))}
    assert classes[title] is Class.TITLE
    assert classes["2026-03-14 08:30"] is Class.DATE
    assert [classes[line] for line in text] == [Class.LEAD, Class.PARAGRAPH, Class.PARAGRAPH, Class.PARAGRAPH]
    assert classes["Weather"] is Class.MENU
    assert classes["Facebook"] is Class.CONTROL
    assert classes["Old mill will become a school"] is Class.RELATED
    assert classes["Comments"] is Class.COMMENT
    assert classes["© 2026"] is Class.FOOTER


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("# Title", ("Title", Mark.TITLE, 0.0)),
        ("### **Title**", ("Title", Mark.HEADING, 0.0)),
        ("* [Home](/)", ("Home", Mark.ITEM, 1.0)),
        ("> He said so.", ("He said so.", Mark.QUOTE, 0.0)),
        ("- Thưa ông?", ("- Thưa ông?", Mark.NONE, 0.0)),
        ("[![a](b.jpg)](/c)", ("![a](b.jpg)", Mark.PICTURE, 0.0)),
        ("![](b_(c).jpg) |", ("![](b_(c).jpg)", Mark.PICTURE, 0.0)),
        ("| a caption |", ("| a caption |", Mark.ROW, 0.0)),
        ("a [b](/c_(d)) snake_case *e*", ("a b snake_case e", Mark.NONE, 1 / 17)),
        ("[]() [2] (3)", ("[2] (3)", Mark.NONE, 0.0)),
    ],
)
def test_a_converters_marks_are_read(raw: str, line: tuple[str, Mark, float]) -> None:
    assert line_of(raw)[:3] == line


@pytest.mark.parametrize(
    ("text", "words"), [("hai ba", 2), ("", 0), ("水上图书馆开馆", 3), ("图书馆 ASEAN 开馆", 3), ("ゆめ", 1)]
)
def test_words_are_counted_where_no_blanks_part_them(text: str, words: int) -> None:
    assert line_of(text).words == words


# ---------------------------------------------------------------- repetition

AGENCY = "A spokesperson for the company did not answer our questions before this story was published."
APPEAL = "The Wexley Post lives from its readers, so please think about giving us the price of a coffee every month."


def site() -> list[list[str]]:
    """Six dumps of one site: labels, a teaser and an appeal that no phrase list knows, and an agency's sentence in two of them."""
    dumps = []
    for n in range(6):
        text = [f"{line[:-1]}, said witness number {n} of the {n} days." for line in ARTICLES["en"][1]]
        if n < 2:
            text.insert(2, AGENCY)
        dumps.append(
            [
                "The Wexley Post",
                "Tide tables",
                f"{n} ships came into the old harbour today",
                *text,
                "Quiz of the tide",
                APPEAL,
                "Crew",
            ]
        )
    return dumps


def test_lines_that_recur_on_a_site_are_no_text() -> None:
    dumps = [lines.split("\n".join(dump)) for dump in site()]
    recurring = repeats.repeated(*repeats.count(dumps))
    assert recurring == {"the wexley post", "tide tables", "quiz of the tide", APPEAL.casefold(), "crew"}
    for dump in site():
        text = [
            line for line in dump if line not in ("The Wexley Post", "Tide tables", dump[2], "Quiz of the tide", APPEAL, "Crew")
        ]
        alone, helped = lines.read("\n".join(dump)), lines.read("\n".join(dump), recurring)
        assert (helped.title, [block.text for block in helped.blocks]) == (dump[2], text)
        assert len(alone.blocks) > len(text)


def test_a_sentence_that_recurs_stays_inside_the_article() -> None:
    dump = site()[0]
    assert AGENCY in said("\n".join(dump), frozenset({AGENCY.casefold(), "crew", "quiz of the tide"}))


def test_a_title_that_recurs_in_lists_of_others_stays_the_title_of_its_own_page() -> None:
    dump = site()[0]
    found = lines.read("\n".join(dump), frozenset({"the wexley post", "tide tables", dump[2].casefold()}))
    assert found.title == dump[2]


def test_an_article_that_was_saved_again_and_again_is_no_furniture() -> None:
    dumps = [lines.split("\n".join(site()[0])) for _ in range(4)]
    recurring = repeats.repeated(*repeats.count(dumps))
    assert set(site()[0][3:8]) <= set(said("\n".join(site()[0]), recurring))


def test_a_line_counts_once_a_dump_and_must_stand_in_a_share_of_them() -> None:
    dump = [line_of("Menu"), line_of("Menu")]
    assert repeats.count([dump, dump]) == ({"menu": 2}, 2)
    assert repeats.repeated({"menu": 3, "phrase": 3, "two": 2}, 10) == {"menu", "phrase"}
    assert repeats.repeated({"menu": 30, "phrase": 3}, 100) == {"menu"}


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize("piece", ["word ", "[a](b", "![a", "*a_", "((Ảnh ", "中文", "a,", "> ", "/ ap "])
def test_a_line_without_end_is_read(piece: str) -> None:
    text = ARTICLES["en"][1]
    assert lines.read("\n".join([ARTICLES["en"][0], *text, piece * 300_000])).title == ARTICLES["en"][0]
    lines.read("\n".join([(piece * 19_000)[:19_000]] * 20))


def test_a_dump_of_more_lines_than_any_page_has_is_cut() -> None:
    assert len(lines.split("ab\n" * (lines.MOST + 10))) == lines.MOST
    lines.read(ARTICLES["en"][0] + "\nMột đề mục ngắn\nNguồn" * 20_000)


LINES = [*page("en"), "# a", "* b", "> c", "| d | e |", "![f](g)", "[h](i)", "Comments", "2 days ago", "Photo: AP", ""]


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=60), st.sets(st.sampled_from(LINES)))
def test_any_order_of_lines_gives_one_class_each_and_invents_nothing(given_lines: list[str], again: set[str]) -> None:
    raw = "\n".join(given_lines)
    split = lines.split(raw)
    repeated = repeats.keys(map(line_of, filter(None, again)))
    assert [line for _, line in lines.classify(split, repeated)] == [line.text for line in split]
    there = {line.text.strip("| ") for line in split}
    for block in lines.read(raw, repeated).blocks:
        assert all(row.replace(" | ", " ") in {t.replace(" | ", " ") for t in there} for row in block.text.split("\n"))


def test_no_prose_no_run() -> None:
    assert runs.find([Line(text="Menu", words=1)] * 5) is None
