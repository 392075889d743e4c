"""Whole newspapers on loopback, each in the dress of its CMS, watched over two visits through the command line."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import store
from model import Source, SourceKind, Standing
from tests.commands import crawl_again, diemtin, settings
from tests.dresses import publish_hemera, publish_mastercms, publish_vccorp, publish_vietnam_vn, publish_wordpress
from tests.site import STORIES, VIETNAM, Site, Story

PUBLISHERS = (publish_mastercms, publish_vccorp, publish_hemera, publish_wordpress, publish_vietnam_vn)
_KEYS = {SourceKind.SECTION: "sections", SourceKind.FEED: "feeds", SourceKind.SITEMAP: "sitemaps"}


def as_table(source: Source) -> str:
    """A source as diemtin.toml writes it."""
    keys: dict[str, object] = {"name": source.name, "home": source.home}
    for kind, key in _KEYS.items():
        if pages := [page.url for page in source.pages if page.kind is kind]:
            keys[key] = pages
    keys |= {key: value for key in ("links", "paging") if (value := getattr(source, key))}
    return "\n".join(["[[source]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())])


def stored(home: Path, source: Source) -> dict[str | None, tuple[str, int]]:
    """Text and number of versions of each article of a source, by title."""
    with store.open_store(home) as books:
        targets = books.frontier.of(source.name)
        assert {target.standing for target in targets} <= {Standing.STORED, Standing.COPY, Standing.ALIAS}, targets
        own = [target for target in targets if target.standing is not Standing.ALIAS]
        kept = [books.kept(books.article_of(target.key) or 0) for target in own]
    assert all(kept)
    found = [(one.article.title, (one.article.text, len(one.versions))) for one in kept if one]
    assert max(Counter(title for title, _ in found).values()) == 1, "one article, one identity"
    return dict(found)


def expected(stories: list[Story], versions: int = 1) -> dict[str, tuple[str, int]]:
    return {story.title: ("\n".join([story.lead, *story.paragraphs]), versions) for story in stories}


def test_sites_of_every_cms_are_read_whole_and_an_edit_and_what_is_new_are_found(tmp_path: Path) -> None:
    edited = replace(STORIES[0], paragraphs=(*STORIES[0].paragraphs, "Cuộc họp tới diễn ra tại Băng Cốc vào tháng Ba năm sau."))
    today = [
        replace(story, published=datetime.now(VIETNAM)) for story in STORIES[4:]
    ]  # a sitemap of each day is asked by its day
    with ExitStack() as opened:
        sites = [(publish, opened.enter_context(Site())) for publish in PUBLISHERS]
        sources = [publish(site, STORIES[:4]) for publish, site in sites]
        settings(tmp_path, *(as_table(source) for source in sources))
        first = diemtin(tmp_path, "crawl")
        assert first.status == 0, first.err
        for source in sources:
            assert stored(tmp_path, source) == expected(list(STORIES[:4])), source.name

        for publish, site in sites:
            publish(site, (edited, *STORIES[1:4], *today))
        second = crawl_again(tmp_path)
        assert second.status == 0, second.err
        for source in sources:
            assert stored(tmp_path, source) == expected([edited], 2) | expected(list(STORIES[1:])), source.name

        asked = len([path for _, site in sites for path in site.paths()])
        third = diemtin(tmp_path, "crawl")
        assert "nothing is due" in third.err
        assert len([path for _, site in sites for path in site.paths()]) == asked
    status = json.loads(diemtin(tmp_path, "status", "--json").out)
    assert all(source["accounted"] for source in status["sources"])
    assert [source["last_look"]["status"] for source in status["sources"]] == ["ok"] * len(PUBLISHERS)
