"""The main job on a watched site, end to end: a real loopback server, real processes, a real store."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import store
from model import Standing, Target
from tests.commands import ROOT, command, crawl_again, diemtin, environment, settings, source
from tests.site import FEED, LIST, SITEMAP, STORIES, Site, Story, mastercms_article, mastercms_list, publish, publish_vccorp

MASTERCMS = "div.bx-listing h3.article-title a"


def digest(home: Path, *options: str) -> dict[str, Any]:
    return json.loads(diemtin(home, "digest", "--format", "json", *options).out)


def items(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["title"]: item for group in told["groups"] for item in group["items"]}


def shown(home: Path, item: dict[str, Any]) -> dict[str, Any]:
    return json.loads(diemtin(home, "show", str(item["article_id"]), "--format", "json").out)


def assert_read_whole(home: Path, item: dict[str, Any], story: Story) -> None:
    """The stored article is the story: all of it, and nothing else."""
    article = shown(home, item)
    assert article["title"] == story.title
    assert article["lead"] == story.lead
    assert article["text"] == "\n".join([story.lead, *story.paragraphs])
    assert article["published"] == story.published.isoformat()
    captions = [block["text"] for block in article["blocks"] if block["kind"] == "caption"]
    assert captions == ([story.caption] if story.caption else [])


def test_an_address_that_cannot_be_asked_for_ends_itself_and_not_the_crawl(tmp_path: Path) -> None:
    with Site() as site:
        publish(site)
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        with store.open_store(tmp_path) as books, books.transaction():
            now = datetime.now(UTC)
            bad = Target(key="bad", url="http://127.0.0.1:99999/x", host="127.0.0.1", source="paper", found=now, due=now)
            books.frontier.add([bad])
            books.frontier.count_found("paper", 1)
        assert f"{len(STORIES)} new" in diemtin(tmp_path, "crawl", timeout=30).out
        with store.open_store(tmp_path) as books:
            after = books.frontier.get("bad")
        assert after is not None
        assert (after.standing, after.reason) == (Standing.PRIVATE, "the address cannot be read")


def test_links_that_differ_at_each_look_are_aliases_of_the_first(tmp_path: Path) -> None:
    with Site() as site:
        publish(site)
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        for number in (1, 2):
            changed = mastercms_list(STORIES, site.url()).replace('.html">', f'.html?sid={number}">')
            site.put(LIST, changed)
            for story in STORIES:
                site.put(f"{story.mastercms_path}?sid={number}", mastercms_article(story, site.url()))
            crawl_again(tmp_path)
        (paper,) = json.loads(diemtin(tmp_path, "status", "--json").out)["sources"]
    assert paper["standings"] == {"stored": len(STORIES), "alias": len(STORIES)}
    assert paper["accounted"]


def test_a_check_that_is_stopped_gives_no_verdict(tmp_path: Path) -> None:
    with Site() as site:
        site.slow(LIST, 2.0)
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        child = subprocess.Popen(
            command(tmp_path, "sources", "check"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        while LIST not in site.paths():
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (130, b"")
    assert b"stopped" in err
    assert b"Traceback" not in err


def test_a_watched_site_end_to_end(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:-1])
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))

        first = diemtin(tmp_path, "crawl")
        assert first.status == 0, first.err
        count = len(STORIES) - 1
        assert f"{count} pages: {count} new" in first.out

        told = digest(tmp_path)
        assert set(items(told)) == {story.title for story in STORIES[:-1]}
        for story in STORIES[:-1]:
            assert_read_whole(tmp_path, items(told)[story.title], story)

        second = crawl_again(tmp_path)
        assert f"{count} pages: {count} unchanged" in second.out
        assert digest(tmp_path)["groups"] == []

        edited = replace(
            STORIES[0], paragraphs=(*STORIES[0].paragraphs, "Hội nghị tiếp theo sẽ họp vào tháng Ba năm sau tại Băng Cốc.")
        )
        publish(site, (edited, *STORIES[1:]))
        third = crawl_again(tmp_path)
        assert "1 edited" in third.out
        assert "1 new" in third.out
        assert f"{count - 1} unchanged" in third.out

        told = digest(tmp_path)
        assert {title: item["edited"] for title, item in items(told).items()} == {edited.title: True, STORIES[-1].title: False}
        assert_read_whole(tmp_path, items(told)[edited.title], edited)
        assert len(shown(tmp_path, items(told)[edited.title])["versions"]) == 2
        assert "nothing differs from what is stored" in diemtin(tmp_path, "reprocess", "--dry-run").out
        assert diemtin(tmp_path, "reprocess").out == f"{len(STORIES) + 1} pages: {len(STORIES) + 1} reread\n"
        assert digest(tmp_path)["groups"] == []


def test_vccorp_dress_feeds_and_sitemaps_give_the_same_articles(tmp_path: Path) -> None:
    with Site() as site:
        publish(site)
        publish_vccorp(site)
        settings(
            tmp_path,
            source("vccorp", site.url("/chinh-tri.htm")),
            source("feed", site.url(FEED), "feed"),
            source("sitemap", site.url(SITEMAP), "sitemap"),
        )
        assert diemtin(tmp_path, "crawl", "vccorp").status == 0
        told = digest(tmp_path)
        for story in STORIES:
            assert_read_whole(tmp_path, items(told)[story.title], story)
        # The same texts in another dress at other addresses are copies: told once, folded.
        ended = diemtin(tmp_path, "crawl", "feed", "sitemap")
        assert f"{len(STORIES)} copy" in ended.out
        told = digest(tmp_path)
        assert [group["name"] for group in told["groups"]] == ["copies"]


def test_a_source_that_fails_is_told_in_one_line_and_disturbs_nothing(tmp_path: Path) -> None:
    with Site() as site:
        publish(site)
        site.busy("/busy")
        settings(tmp_path, source("broken", site.url("/busy")), source("paper", site.url(LIST), links=MASTERCMS))
        ended = diemtin(tmp_path, "crawl")
        assert ended.status == 0
        assert f"{len(STORIES)} new" in ended.out
        assert [line for line in ended.err.splitlines() if "broken" in line]
        assert diemtin(tmp_path, "crawl", "broken").status == 1
        unknown = diemtin(tmp_path, "crawl", "nobody")
        assert unknown.status == 2
        assert "no source is named 'nobody'; known are: broken, paper" in unknown.err


def test_football_named_after_asean_is_stored_and_not_flagged(tmp_path: Path) -> None:
    football = replace(
        STORIES[0],
        slug="asean-cup-doi-tuyen-viet-nam-vao-chung-ket",
        number=777001,
        title="ASEAN Cup 2026: Đội tuyển Việt Nam vào chung kết",
        lead="Tối 5/1, đội tuyển Việt Nam thắng Thái Lan ở trận bán kết lượt về ASEAN Cup trên sân vận động Mỹ Đình.",
        paragraphs=("Huấn luyện viên trưởng khen các cầu thủ đã thi đấu kỷ luật, ghi hai bàn thắng trong hiệp hai của trận đấu.",)
        * 3,
        section="Bóng đá",
        caption=None,
    )
    with Site() as site:
        publish(site, (football,))
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        assert "1 new" in diemtin(tmp_path, "crawl").out
        told = digest(tmp_path)
        assert [(group["name"], [item["level"] for item in group["items"]]) for group in told["groups"]] == [("rest", [None])]


def test_pages_that_are_named_are_read_now_and_nothing_else(tmp_path: Path) -> None:
    with Site() as site:
        publish(site)
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        paths = [story.mastercms_path for story in STORIES[:2]]
        ended = diemtin(tmp_path, "crawl", *map(site.url, paths))
        assert (ended.status, ended.out) == (0, "2 pages: 2 new\n")
        assert site.paths() == ["/robots.txt", *paths]
        assert diemtin(tmp_path, "crawl", site.url(paths[0])).out == "1 page: 1 unchanged\n"
        assert set(items(digest(tmp_path))) == {story.title for story in STORIES[:2]}


def test_every_address_of_a_list_is_accounted_for(tmp_path: Path) -> None:
    with Site() as site:
        paths = [f"/bai-viet-so-{n}-ve-nguon-nuoc-{300000 + n}.html" for n in range(5)]
        site.forbid(paths[0])
        site.huge(paths[2], 3_000_000)
        site.put(paths[3], "<html><body><p>ngắn</p></body></html>")
        site.put(paths[4], PLAIN.format("một"))
        site.put("/list", "".join(f'<a href="{path}">x</a>' for path in paths))
        settings(tmp_path, source("paper", site.url("/list")), max_page_bytes=1_000_000)
        ended = diemtin(tmp_path, "crawl")
        assert ended.out.startswith("5 pages: ")
        assert {"1 blocked", "1 gone", "1 too_large", "1 failed", "1 new"} == set(
            ended.out.strip().partition(": ")[2].split(", ")
        )
        assert "paper: 5 listed, 5 of them new: " in ended.err
        for path in paths:
            site.forbid(path)
        refused = crawl_again(tmp_path, "paper")
        assert refused.status == 1
        assert "paper: none of its articles could be fetched: 5 blocked" in refused.err
        assert "none of its articles could be fetched" in diemtin(tmp_path, "status").out


PLAIN = """<html lang="vi"><head><title>Nguồn nước đầu mùa khô</title></head><body><article><h1>Nguồn nước đầu mùa khô</h1>
<p>Mực nước đầu nguồn năm nay thấp hơn trung bình nhiều năm khoảng nửa mét, theo báo cáo của {} cơ quan.</p>
<p>Các tỉnh ven sông đã đóng hơn ba mươi cống ngăn mặn và khuyến cáo người dân trữ nước ngọt từ sớm.</p></article></body></html>"""


def test_a_text_that_is_taken_back_is_shown_again(tmp_path: Path) -> None:
    with Site() as site:
        settings(tmp_path, source("paper", site.url("/list")))
        site.put("/list", '<a href="/nguon-nuoc-dau-mua-kho.html">x</a>')
        for said, state in (("một", "new"), ("hai", "edited"), ("một", "restored"), ("một", "unchanged")):
            site.put("/nguon-nuoc-dau-mua-kho.html", PLAIN.format(said))
            assert f"1 {state}" in crawl_again(tmp_path).out
        assert "của một cơ quan" in diemtin(tmp_path, "show", "1").out


def test_a_section_that_is_sent_in_place_of_an_article_is_no_edit_of_it(tmp_path: Path) -> None:
    with Site() as site:
        publish_vccorp(site, STORIES)
        settings(tmp_path, source("paper", site.url("/chinh-tri.htm"), links="a.box-stream-link-title"))
        assert diemtin(tmp_path, "crawl").out == f"{len(STORIES)} pages: {len(STORIES)} new\n"
        site.put(STORIES[0].vccorp_path, site.route("/chinh-tri.htm").body)
        assert "1 failed" in crawl_again(tmp_path).out
        assert set(items(digest(tmp_path))) >= {STORIES[0].title}
        assert "version 1 of 1" in diemtin(tmp_path, "show", "1").out


def test_a_print_view_of_an_article_is_no_edit_of_it(tmp_path: Path) -> None:
    with Site() as site:
        canonical = site.url("/nguon-nuoc-dau-mua-kho.html")
        link = f'<link rel="canonical" href="{canonical}">'
        page = PLAIN.format("một").replace("<title>", link + "<title>")
        stamp = iter(range(100))
        site.put("/nguon-nuoc-dau-mua-kho.html", lambda: page + f"<!-- {next(stamp)} -->")
        site.put(
            "/ban-in-nguon-nuoc-dau-mua.html",
            lambda: page.replace("</article>", f"<p>Bản in lúc này.</p></article><!-- {next(stamp)} -->"),
        )
        site.put("/list", '<a href="/nguon-nuoc-dau-mua-kho.html">x</a><a href="/ban-in-nguon-nuoc-dau-mua.html">y</a>')
        settings(tmp_path, source("paper", site.url("/list")))
        diemtin(tmp_path, "crawl")
        for _ in range(2):
            assert crawl_again(tmp_path).out == "1 page: 1 unchanged\n", "the print view leads to it, and is not asked for again"
        assert "version 1 of 1" in diemtin(tmp_path, "show", "1").out


def test_articles_that_name_one_address_are_kept_apart_where_their_texts_are(tmp_path: Path) -> None:
    said = {
        "/tin-thu-nhat-cua-ngay-hom-nay.html": "Kho gạo dự trữ được kiểm tra trước mùa mưa, kết quả sẽ được báo cáo trong tuần tới. "
        "Thủ kho nói lượng gạo đủ dùng ba tháng, mái đã lợp lại và quạt thông gió chạy cả ngày lẫn đêm.",
        "/tin-thu-hai-cua-ngay-hom-nay.html": "Hai chuyến phà cuối cùng rời bến lúc năm giờ chiều, từ mai xe qua sông bằng cây cầu mới. "
        "Người lái phà lâu năm nhất nhận việc ở trạm thu phí, còn con phà thì đưa về xuôi sửa chữa.",
        "/tin-thu-ba-cua-ngay-hom-nay.html": "Đội bóng của trường làng thắng trận thứ tư liền và vào chung kết giải mùa hè năm nay. "
        "Thầy huấn luyện viên dạy toán buổi sáng, chiều nào cũng ra sân với một túi cam và chiếc còi cũ.",
    }
    with Site() as site:
        link = f'<link rel="canonical" href="{site.url(next(iter(said)))}">'
        for path, text in said.items():
            site.put(path, f"<html><head><title>Tin vắn</title>{link}</head><body><h1>Tin vắn</h1><p>{text}</p></body></html>")
        site.put("/list", "".join(f'<a href="{path}">x</a>' for path in said))
        settings(tmp_path, source("paper", site.url("/list")))
        assert diemtin(tmp_path, "crawl").out == "3 pages: 3 new\n"
        assert crawl_again(tmp_path).out == "3 pages: 3 unchanged\n"


def test_a_selector_that_is_none_is_told_by_its_key(tmp_path: Path) -> None:
    settings(tmp_path, source("paper", "http://127.0.0.1/", links="div["))
    for words in (["sources"], ["crawl"], ["run"]):
        ended = diemtin(tmp_path, *words)
        assert ended.status == 2
        assert "source[1].links: is 'div['; it takes a CSS selector" in ended.err


def test_pages_that_the_server_knows_by_their_mark_are_not_sent_again(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES)
        for n, story in enumerate(STORIES):
            site.put(story.mastercms_path, mastercms_article(story, site.url())(), headers={"ETag": f'"v{n}"'})
        page = site.route(LIST)
        site.put(LIST, page.body, headers={"ETag": '"list"'})
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        assert f"{len(STORIES)} new" in diemtin(tmp_path, "crawl").out
        kept = sum(file.stat().st_size for file in (tmp_path / "archive").iterdir())

        again = crawl_again(tmp_path)
        assert again.out == f"{len(STORIES)} pages: {len(STORIES)} unchanged\n"
        assert sum(file.stat().st_size for file in (tmp_path / "archive").iterdir()) == kept

        edited = replace(STORIES[0], paragraphs=(*STORIES[0].paragraphs, "Cuộc họp tới diễn ra tại Băng Cốc vào tháng Ba."))
        site.put(edited.mastercms_path, mastercms_article(edited, site.url())(), headers={"ETag": '"new"'})
        assert "1 edited" in crawl_again(tmp_path).out
        assert_read_whole(tmp_path, items(digest(tmp_path))[edited.title], edited)


def test_a_page_is_read_by_its_address_and_what_became_of_it_is_told(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES)
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        page = site.url(STORIES[2].mastercms_path)
        ended = diemtin(tmp_path, "crawl", page)
        assert (ended.status, ended.out) == (0, "1 page: 1 new\n")
        assert f"{page}: stored; `diemtin show 1` prints it" in ended.err
        assert site.paths() == ["/robots.txt", STORIES[2].mastercms_path], "and nothing else is asked for"
        gone = diemtin(tmp_path, "crawl", site.url("/khong-co-bai-nay-dau-12345.html"))
        assert (gone.status, gone.out) == (1, "1 page: 1 gone\n")
        assert "gone: HTTP 404" in gone.err
        elsewhere = diemtin(tmp_path, "crawl", "http://10.0.0.1/mot-bai-rieng-tu.html")
        assert elsewhere.status == 1
        assert "private: 10.0.0.1 is in a private network" in elsewhere.err
        wrong = diemtin(tmp_path, "crawl", "ftp://bao.vn/x")
        assert (wrong.status, wrong.err) == (
            1,
            "diemtin: ftp://bao.vn/x: is no address of a page; it begins with https:// or http://\n",
        )


def test_when_nothing_is_due_nobody_is_asked_and_it_is_said_what_is_next(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:2])
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
        assert "2 new" in diemtin(tmp_path, "crawl").out
        asked = len(site.log)
        again = diemtin(tmp_path, "crawl")
        assert (again.status, again.out, len(site.log)) == (0, "", asked)
        assert "nothing is due before " in again.err
        assert "paper: 2 listed, 0 of them new" in diemtin(tmp_path, "crawl", "paper").err, (
            "but a source that is named is looked at"
        )


def test_a_source_that_is_named_while_its_host_is_left_alone_is_told_until_when_and_why(tmp_path: Path) -> None:
    with Site() as site:
        site.ration(LIST)
        settings(tmp_path, source("paper", site.url(LIST)))
        diemtin(tmp_path, "crawl")
        asked = len(site.log)
        said = diemtin(tmp_path, "crawl", "paper").err
        assert len(site.log) == asked
    with store.open_store(tmp_path) as books:
        ((_, until, _),) = books.frontier.paused(datetime.now(UTC))
    when = f"{until.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')):%d/%m/%Y %H:%M}"
    assert f"nothing of paper can be asked for before {when}: 127.0.0.1 is left alone until then (HTTP 429)" in said
    assert "name a source" not in said


def test_a_source_is_tried_before_it_is_watched(tmp_path: Path) -> None:
    with Site() as site, Site() as walled:
        publish(site, STORIES)
        walled.put("/robots.txt", "User-agent: *\nDisallow: /")
        settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS), source("walled", walled.url(LIST)))
        good = diemtin(tmp_path, "sources", "check", "paper")
        assert (good.status, good.out.splitlines()[0]) == (0, "paper: good")
        assert f"read {site.url(STORIES[0].mastercms_path)}: {STORIES[0].title!r}" in good.out
        assert "crawl.contact is empty" in good.err
        both = diemtin(tmp_path, "sources", "check", "--json")
        found = {one["name"]: one for one in json.loads(both.out)["sources"]}
        assert (both.status, found["walled"]["verdict"]) == (1, "broken")
        assert found["walled"]["wrong"] == [f"{walled.url(LIST)}: robots.txt forbids it"]
        assert "captures  0 (none)" in diemtin(tmp_path, "status").out, "nothing is stored"


def test_pages_in_odd_clothes_are_the_same_articles(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:3])
        utf16, recovering, flipping = (mastercms_article(story, site.url())() for story in STORIES[:3])
        site.put(STORIES[0].mastercms_path, utf16.encode("utf-16"), headers={"Content-Type": "text/html"})
        site.busy_first(STORIES[1].mastercms_path, 2, recovering)
        for mark in ("a", "b"):
            site.put(STORIES[2].mastercms_path, flipping, headers={"ETag": f'"{mark}"'})
            settings(tmp_path, source("paper", site.url(LIST), links=MASTERCMS))
            ended = diemtin(tmp_path, "crawl") if mark == "a" else crawl_again(tmp_path)
            assert ended.out == ("3 pages: 3 new\n" if mark == "a" else "3 pages: 3 unchanged\n"), "a new mark is no edit"
        told = items(digest(tmp_path))
        for story in STORIES[:3]:
            assert_read_whole(tmp_path, told[story.title], story)
