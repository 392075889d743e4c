"""diemtin.toml -> Settings. The only reader of settings; the file is written once, with comments, when it is missing."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import platformdirs

import text
import urls
from model import MAX_PAGE_BYTES, ConfigError, CrawlSettings, ListPage, Settings, Source, SourceKind

FILE = "diemtin.toml"

DEFAULT = """\
# diemtin's settings. Every key below shows its default; change what you need and keep the rest.
# After a change, `diemtin sources` reads this file and says what is wrong with it, if anything.

timezone = "Asia/Ho_Chi_Minh"   # for every time that is shown (IANA name)
workers = 0                     # processes that read pages; 0: one for each processor core
topics = ["asean"]              # topic files, by name; topics/NAME.toml beside this file is used in place of the shipped one

[crawl]
user_agent = "diemtin/0.1 (press monitor for ASEAN affairs)"  # say who you are
contact = ""                    # and where you can be reached: a mail address or a page; please set it, the sites are told it
delay_seconds = 2.0             # at least this long between two requests to one host, which is asked one thing at a time
timeout_seconds = 30            # a page that takes longer is given up
max_page_bytes = 10_000_000     # a larger answer is not kept
backlog = 60                    # articles taken of what a list names when it is looked at first; later all that is new is
every_minutes = 720             # no list is left longer without a look; most are looked at far more often, by their habits
requests_per_hour = 120         # of one host; when to look again at what is known is fitted into it
concurrency = 1                 # requests that are out to one host at a time
proxy = ""                      # "http://host:port" that everything goes through; it is then the proxy that resolves names
allow_private_hosts = []        # hosts that may stand in a private network, as "127.0.0.1" or "news.intranet"; others never may

# A source is a site, and where it lists its articles:
#   home      its front page; only articles of its site are taken. Addresses below it may be written from the slash on
#   sections  pages of links; `links` is the CSS selector of the links (default: every link that looks like an article)
#   feeds     RSS or Atom
#   sitemaps  sitemaps or sitemap indexes
# `paging` is the address of a section's further pages, with `{page}` (2, 3, …) or `{offset:15}` (15, 30, …) in it, and
# `{section}` for the section's own; they are looked at only while they list articles that are new.
# `pattern`, a regular expression, keeps only the addresses that contain it. `weight`: one of 4 is looked at about twice as
# often as one of 1. `delay_seconds` may be set for one source.
# Nobody has promised these addresses; `diemtin sources check` says which of them give nothing.

# How sure each address is: `read` is a page that was read, `checked` was asked for by somebody who gave the day, `n sources`
# are independent programs that use it, `likely` is made after the pattern of the others.

# The section was read in 2026, its feed is likely (feeds of other sections: checked 2026-07-25).
[[source]]
name = "baoquocte"
home = "https://baoquocte.vn/"
sections = ["/thoi-su/viet-nam-va-asean"]
feeds = ["/rss_feed/thoi-su/viet-nam-va-asean"]
weight = 4

# The sections: 2 sources; the feed: checked 2026-07-25.
[[source]]
name = "baoquocte-doi-ngoai"
home = "https://baoquocte.vn/"
sections = ["/ngoai-giao/tin-bo-ngoai-giao", "/bien-dong-247", "/kinh-te/hoi-nhap-phat-trien", "/the-gioi/tieu-diem"]
feeds = ["/rss_feed/"]

# The feeds and the section were read in 2026-09; the page of the tag is likely.
[[source]]
name = "baochinhphu"
home = "https://baochinhphu.vn/"
sections = ["/asean.html", "/quoc-te.htm"]
feeds = ["/home.rss", "/quoc-te.rss"]

# The feed: 1 source; the front page is one.
[[source]]
name = "xaydungchinhsach"
home = "https://xaydungchinhsach.chinhphu.vn/"
sections = ["/"]
feeds = ["/rss/home.rss"]

# No feed is known. The section is likely.
[[source]]
name = "thoidai"
home = "https://thoidai.com.vn/"
sections = ["/doi-ngoai", "/"]

# Checked 2026-07-08: a sitemap a day, some 1,500 articles. The pattern leaves its translations out (/en/..., /ko/...).
[[source]]
name = "vietnam.vn"
home = "https://www.vietnam.vn/"
sitemaps = ["/sitemap.xml"]
pattern = "vietnam[.]vn/[a-z0-9-]{15,}/?$"

# The feeds: checked 2026-07; the page of the tag is likely.
[[source]]
name = "nhandan"
home = "https://nhandan.vn/"
sections = ["/tag/asean.html"]
feeds = ["/rss/thegioi-1231.rss", "/rss/home.rss"]

# 3 sources.
[[source]]
name = "vietnamplus-asean"
home = "https://www.vietnamplus.vn/"
feeds = ["/rss/thegioi/asean-356.rss"]
weight = 4

# The feeds: 4 sources, the second one checked 2026-07-09.
[[source]]
name = "vietnamplus"
home = "https://www.vietnamplus.vn/"
feeds = ["/rss/home.rss", "/rss/thegioi.rss"]

# The first section was that of Viet Nam's year in the chair, 2020 (2 pages read); the others: 1 source, 2026.
[[source]]
name = "vovworld"
home = "https://vovworld.vn/"
sections = ["/vi-VN/asean-gan-ket-va-thich-ung", "/vi-VN/chinh-tri", "/vi-VN/tin-moi-cap-nhat"]

# 1 source, 2025.
[[source]]
name = "mofa"
home = "https://mofa.gov.vn/"
sections = ["/hoat-dong-doi-ngoai-cap-cao", "/hoat-dong-lanh-dao-bo", "/nguoi-phat-ngon", "/hop-bao"]

# 10 sources.
[[source]]
name = "asean.org"
home = "https://asean.org/"
sections = ["/category/news/"]
feeds = ["/category/news/feed/", "/feed/"]
weight = 4

# Its articles stand below /post/ (3 pages read); of lists only the front page is known.
[[source]]
name = "aseanvietnam"
home = "https://aseanvietnam.vn/"
sections = ["/"]
pattern = "/post/"
weight = 4
"""

_NAME = re.compile(r"[\w.-]{1,60}")


def default_home() -> Path:
    """The data folder where neither --home nor $DIEMTIN_HOME names one."""
    return Path(os.environ.get("DIEMTIN_HOME") or platformdirs.user_data_dir("diemtin", appauthor=False))


def load(home: Path) -> Settings:
    """The settings of a data folder; the folder and the file are made if they are missing.

    Raises ConfigError, whose subject names the file and the key.
    """
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_default(path)
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 text (byte {error.start}); save it as UTF-8", subject=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot be read or written: {error.strerror}", subject=str(error.filename or path)) from error
    return parse(raw, home, str(path))


def _write_default(path: Path) -> None:
    """The whole file or none of it, and never over one that another process has just written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(DEFAULT, encoding="utf-8")
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def peek(home: Path) -> Settings:
    """The settings of a data folder, or the defaults where there is none; nothing is made. Raises ConfigError."""
    return load(home) if (home / FILE).exists() else parse(DEFAULT, home)


def parse(raw: str, home: Path, name: str = FILE) -> Settings:
    """The text of a diemtin.toml, checked. Pure; raises ConfigError."""
    try:
        tables = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not TOML: {error}", subject=name) from error
    except RecursionError as error:
        raise ConfigError("is not TOML: nested too deeply", subject=name) from error
    top = _Table(name, "", tables, {"timezone", "workers", "topics", "crawl", "source"})
    crawl = top.table("crawl", {*CrawlSettings.__dataclass_fields__})
    sources = tuple(_source(table) for table in top.tables("source", _SOURCE_KEYS))
    twice = {s.name for s in sources if sum(s.name == other.name for other in sources) > 1}
    if twice:
        raise ConfigError(f"two sources are named {sorted(twice)[0]!r}; give each its own name", subject=f"{name}: source.name")
    contact = crawl.get("contact", str, "", _contact) or None
    return Settings(
        home=home,
        timezone=top.get("timezone", str, "Asia/Ho_Chi_Minh", _zone),
        workers=top.get("workers", int, 0, _between(0, 256)),
        topics=top.strings("topics", ("asean",), _named),
        crawl=CrawlSettings(
            user_agent=_introduced(
                crawl.get("user_agent", str, "diemtin/0.1 (press monitor for ASEAN affairs)", _agent), contact
            ),
            contact=contact,
            delay_seconds=crawl.get("delay_seconds", float, 2.0, _between(0, 86_400)),
            timeout_seconds=crawl.get("timeout_seconds", float, 30.0, _between(0.1, 3_600)),
            max_page_bytes=crawl.get("max_page_bytes", int, 10_000_000, _between(1_000, MAX_PAGE_BYTES)),
            backlog=crawl.get("backlog", int, 60, _between(0, 100_000)),
            every_minutes=crawl.get("every_minutes", float, 720.0, _between(0.01, 100_000)),
            requests_per_hour=crawl.get("requests_per_hour", float, 120.0, _between(1, 36_000)),
            concurrency=crawl.get("concurrency", int, 1, _between(1, 16)),
            proxy=crawl.get("proxy", str, "", _proxy) or None,
            allow_private_hosts=crawl.strings("allow_private_hosts", (), _named),
        ),
        sources=sources,
    )


def topic_files(settings: Settings) -> tuple[tuple[str, str], ...]:
    """(path or name, text) of each topic file: the data folder's own where there is one, else the shipped one."""
    found = tuple(topic_file(settings, name) for name in settings.topics)
    seen: dict[str, str] = {}
    for path, source in found if len(found) > 1 else ():
        name = topic_name(source) or path
        if name in seen:
            message = f"{seen[name]} and {path} are both the topic {name!r}; leave one out, or give it another name"
            raise ConfigError(message, subject=f"{settings.home / FILE}: topics")
        seen[name] = path
    return found


_TOPIC_NAME = re.compile(r"""^\s*name\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)')""", re.MULTILINE)


def topic_name(source: str) -> str | None:
    """The name in a topic file's text as names are compared; also that of a text that is no TOML, where a line says it."""
    try:
        said = tomllib.loads(source).get("name")
    except (ValueError, RecursionError):
        found = _TOPIC_NAME.search(source)
        said = found and (found[1] or found[2])
    return text.clean(said).casefold() or None if isinstance(said, str) else None


def unused_topic_files(settings: Settings) -> tuple[Path, ...]:
    """Topic files of the data folder that `topics` does not name."""
    return tuple(path for path in sorted((settings.home / "topics").glob("*.toml")) if path.stem not in settings.topics)


def topic_file(settings: Settings, name: str) -> tuple[str, str]:
    """(path or name, text) of the topic file of a name."""
    own = settings.home / "topics" / f"{name}.toml"
    shipped = files("topics") / f"{name}.toml"
    try:
        if own.exists():
            return str(own), own.read_text(encoding="utf-8-sig")
        if shipped.is_file():
            return shipped.name, shipped.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", subject=str(own)) from error
    raise ConfigError(
        f"no topic {name!r}: neither {own} nor a shipped topic has that name", subject=f"{settings.home / FILE}: topics"
    )


# ---------------------------------------------------------------- checks: each says what would be right, or nothing

_T = TypeVar("_T", str, int, float)
_Check = Callable[[Any], str | None]


def _between(low: float, high: float) -> _Check:
    return lambda value: None if low <= value <= high else f"a number from {low:g} to {high:g}"


def _zone(value: str) -> str | None:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, a folder of the zone data
        return 'the IANA name of a time zone, like "Asia/Ho_Chi_Minh"'
    return None


def _named(value: str) -> str | None:
    return None if _NAME.fullmatch(value) else "a name of letters, digits, dots, dashes and underscores"


def _agent(value: str) -> str | None:
    return None if value.strip() and value.isprintable() else "one line of text that says who asks"


def _contact(value: str) -> str | None:
    good = not value or (value.isascii() and value.isprintable() and " " not in value and ("@" in value or "://" in value))
    return None if good else "a mail address or the address of a page"


def _introduced(agent: str, contact: str | None) -> str:
    """Who asks, and where they can be reached."""
    if contact is None:
        return agent
    said = contact if "://" not in contact else f"+{contact}"
    return f"{agent[:-1]}; {said})" if agent.endswith(")") else f"{agent} ({said})"


def _web(value: str) -> str | None:
    good = urls.is_web(value) and value.isprintable() and " " not in value
    return None if good else 'an address that begins with "https://" or "http://"'


def _proxy(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        good = not value or (parts.scheme == "http" and bool(parts.hostname) and bool(parts.port))
    except ValueError:
        good = False
    return None if good else '"http://host:port"'


_PLACE = re.compile(r"\{(?:page|offset:[1-9]\d{0,3})\}")


def _paging(value: str) -> str | None:
    whole = value.replace("{section}", "https://section/", 1)
    if _web(_PLACE.sub("2", whole)) or len(_PLACE.findall(value)) != 1 or any(c in _PLACE.sub("", whole) for c in "{}"):
        return "an address with {page} or {offset:15} in it, once, and {section} at its beginning if need be"
    return None


def _regex(value: str) -> str | None:
    try:
        re.compile(value)
    except re.error as error:
        return f"a regular expression ({error})"
    return None


_KINDS = {"sections": SourceKind.SECTION, "feeds": SourceKind.FEED, "sitemaps": SourceKind.SITEMAP}
_SOURCE_KEYS = {"name", "home", *_KINDS, "links", "paging", "pattern", "delay_seconds", "weight"}


def _source(table: _Table) -> Source:
    home = table.get("home", str, None, _web)
    pages = tuple(ListPage(url=url, kind=kind) for key, kind in _KINDS.items() for url in table.addresses(key, home))
    if not pages:
        raise table.wrong("home", f"is all that is said; name {', '.join(_KINDS)} that list its articles")
    delay = table.get("delay_seconds", float, -1.0, _between(0, 86_400))
    return Source(
        name=table.get("name", str, None, _named),
        home=home,
        pages=pages,
        links=table.get("links", str, "") or None,
        paging=table.get("paging", str, "", _paging) or None,
        pattern=table.get("pattern", str, "", _regex) or None,
        delay_seconds=None if delay < 0 else delay,
        weight=table.get("weight", float, 1.0, _between(0.01, 100)),
    )


_MOVED = 'is of an older diemtin; write the front page as home, and the address into sections, feeds or sitemaps, as ["…"]'
_FORMER = {"url": _MOVED, "kind": _MOVED, "max_pages": "is of an older diemtin; it is called backlog now"}
_TYPES = {str: "text in quotes", int: "a whole number", float: "a number", list: "a list", dict: "a table"}


class _Table:
    """One table of the file, that knows its own name for messages."""

    def __init__(self, file: str, name: str, values: Mapping[str, Any], keys: set[str]) -> None:
        self._file, self._name, self._values = file, name, values
        unknown = sorted(set(values) - keys)
        if unknown and unknown[0] in _FORMER:
            raise self.wrong(unknown[0], _FORMER[unknown[0]])
        if unknown:
            raise self.wrong(unknown[0], f"is not a setting; known here: {', '.join(sorted(keys))}")

    def wrong(self, key: str, message: str) -> ConfigError:
        return ConfigError(message, subject=f"{self._file}: {self._name}{key}")

    def get(self, key: str, kind: type[_T], default: _T | None, check: _Check | None = None) -> _T:
        """The value under `key`, of this type, past its check; `default` None means that it must be there."""
        value = self._values.get(key, default)
        if value is None:
            raise self.wrong(key, f"is missing; it takes {_TYPES[kind]}")
        if key not in self._values:
            return kind(value)
        fits = isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)
        wanted = _TYPES[kind] if not fits else check(value) if check else None
        if wanted:
            raise self.wrong(key, f"is {value!r}; it takes {wanted}")
        return kind(value)

    def strings(self, key: str, default: tuple[str, ...], check: _Check) -> tuple[str, ...]:
        values = self._values.get(key, list(default))
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise self.wrong(key, f"is {values!r}; it takes a list of texts in quotes")
        for value in values:
            if wanted := check(value):
                raise self.wrong(key, f"holds {value!r}; it takes {wanted}")
        return tuple(values)

    def addresses(self, key: str, home: str) -> tuple[str, ...]:
        """Web addresses; one that begins with a slash is below `home`."""

        def whole(value: str) -> str:
            return urljoin(home, value) if value.startswith("/") else value

        return tuple(dict.fromkeys(map(whole, self.strings(key, (), lambda value: _web(whole(value))))))

    def table(self, key: str, keys: set[str]) -> _Table:
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"is {value!r}; it takes a table, [{key}]")
        return _Table(self._file, f"{key}.", value, keys)

    def tables(self, key: str, keys: set[str]) -> list[_Table]:
        values = self._values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            raise self.wrong(key, f"is {values!r}; it takes tables, [[{key}]]")
        return [_Table(self._file, f"{key}[{n}].", value, keys) for n, value in enumerate(values, 1)]
