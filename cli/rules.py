"""Topics: `topics`, `topics explain`, `topics try`, `topics adopt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

import config
import text
from model import ConfigError, DeliveryError, Held, InputError, Settings

if TYPE_CHECKING:
    from store import Store
    from track.topics import Topic

from cli import common


@common.commands.group(
    "topics",
    invoke_without_command=True,
    short_help="List the topics, explain a flag, or try and adopt edited rules.",
    epilog=common.example("topics", "topics explain 3", "topics try my-asean.toml", "topics adopt my-asean.toml"),
)
@click.pass_context
def topics_(context: click.Context) -> None:
    """List the topics by which articles are flagged, and what was adopted last; each file is checked."""
    if context.invoked_subcommand:
        return
    from digest import reasons
    from track import topics

    settings = common.settings_of(context)
    with common.work(settings, "topics", writes=False) as books:
        adoptions = books.adoptions()
        loaded = [(name, topics.load(source, name)) for name, source in config.topic_files(settings)]
        flagged = [books.flagged_by(topic.name) for _, topic in loaded]
    for (name, topic), by in zip(loaded, flagged, strict=True):
        last = next((one for one in adoptions if one.topic == topic.name), None)
        phrases = sum(rule.spelled for rule in topic.rules)
        terms = sum(rule.kind == topics.Kind.TERM for rule in topic.rules)
        for line in reasons.listed(topic.name, name, topic.version, terms, phrases, last, ZoneInfo(settings.timezone)):
            print(line)
        if by not in (None, topic.version):
            print(text.printable(f"  flags are of rules {by}; `diemtin topics adopt {name}` flags the store again"))
    for path in config.unused_topic_files(settings):
        print(text.printable(f"{path}: not in use; name it in `topics` of {settings.home / config.FILE}"))


_RULES = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
_TEXT_OR_JSON = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)


@topics_.command(
    "try",
    short_help="Say which stored articles edited rules would flag otherwise.",
    epilog=common.example("topics try my-asean.toml", "topics try my-asean.toml --since 2026-11-01 --format json"),
)
@_RULES
@click.option("--since", type=common.Moment(), help="Only articles first seen from this time on (reader's zone).")
@_TEXT_OR_JSON
@click.pass_context
def topics_try(context: click.Context, file: Path, since: datetime | None, form: str) -> None:
    """Say which stored articles would gain or lose their flag, or change its level, by the rules in FILE, and why.

    Nothing is changed. FILE is an edited copy of a topic file; which topic it stands for is told by its name, or the file's.
    """
    from digest import reasons
    from track import topics

    settings = common.settings_of(context)
    edited = _Edited(settings, file)
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=ZoneInfo(settings.timezone))
    teller = reasons.Trial(edited.topic, edited.in_force, edited.version, as_json=form == "json")
    with common.work(settings, "topics try", writes=False) as books:
        for held in common.progress(_held(books, since), None):
            for line in teller.lines(topics.compare(held, edited.before, edited.after)):
                print(line)
    for line in teller.end():
        print(line)


@topics_.command(
    "adopt", short_help="Take over edited rules, and flag the store by them.", epilog=common.example("topics adopt my-asean.toml")
)
@_RULES
@click.option("--json", "as_json", is_flag=True, help="Print what moved as one JSON object.")
@click.pass_context
def topics_adopt(context: click.Context, file: Path, as_json: bool) -> None:
    """Copy FILE into topics/ of the data folder and flag every stored version by it, all of it or nothing.

    What moved is kept, and told by `diemtin topics`. No digest tells an article again because of it.
    """
    from track import topics

    settings = common.settings_of(context)
    edited = _Edited(settings, file)
    with common.work(settings, "topics adopt") as books, common.run(books, "topics adopt") as report, ExitStack() as undo:
        with books.transaction():
            before = books.flagged_by(edited.topic)  # not what is in force: a kill may have left that file with older flags
            adoption = books.adopt(edited.topic, edited.version, before, common.now())
            for held in common.progress(_held(books, whole=True), None):
                found = topics.explain(held.article, edited.after, held.captured.date(), whole=False).flag
                kept = next((flag for flag in held.flags if flag.topic == edited.topic), None)
                if found != kept:
                    books.reflag(held.version_id, edited.topic, found)
                if held.is_current:
                    before, after = kept.level if kept else "none", found.level if found else "none"
                    books.adopted(adoption, held.article_id, before, after)
                    report.count("same" if before == after else f"{before} → {after}")
            _put(edited.target, edited.source, undo)
        undo.pop_all()  # committed
    if edited.is_new:
        common.tell(f"{edited.target}: name it in `topics` of {settings.home / config.FILE}, or nothing new is flagged by it")
    print(report.as_json() if as_json else f"{edited.target}: rules {edited.version}\n{report.line('article')}")


def _put(target: Path, source: str, undo: ExitStack) -> None:
    """Write a topic file; `undo` puts back what was there."""
    before = target.read_bytes() if target.exists() else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeliveryError(f"cannot be made: {error.strerror or error}", subject=str(target.parent)) from error
    undo.callback(lambda: target.unlink(missing_ok=True) if before is None else target.write_bytes(before))
    common.write_file(target, source)


@topics_.command(
    "explain",
    short_help="Print how an article was judged: terms, places, scores, near misses.",
    epilog=common.example("topics explain 3", "topics explain 3 --rules my-asean.toml"),
)
@common.ARTICLE
@click.option("--rules", "file", type=click.Path(path_type=Path), help="By this topic file.  [default: all topics in force]")
@_TEXT_OR_JSON
@click.pass_context
def topics_explain(context: click.Context, article_id: int, file: Path | None, form: str) -> None:
    """Print how each topic judges the current version of an article: what was matched where and what it is worth, what was seen
    and does not count, the score beside the thresholds, and what kept it from the next level.
    """
    from digest import reasons
    from track import topics

    settings = common.settings_of(context)
    chosen = (
        [_Edited(settings, file).after] if file else [topics.load(source, name) for name, source in config.topic_files(settings)]
    )
    with common.work(settings, "topics explain", writes=False) as books:
        kept = common.kept(books, article_id)
        day = books.captured(kept.versions[kept.shown].version_id).date()
    found = [topics.explain(kept.article, topic, day) for topic in chosen]
    if form == "json":
        print(text.to_json(reasons.record(kept, found), indent=2))
        return
    for line in reasons.explained(kept, found):
        print(line)


class _Edited:
    """A topic file that somebody edited, and the topic that it stands for."""

    def __init__(self, settings: Settings, file: Path) -> None:
        from track import topics

        try:
            self.source = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(f"cannot be read: {said}", subject=str(file)) from error
        self.after = topics.load(self.source, str(file))
        self.topic, self.version = self.after.name, self.after.version
        in_force, broken = _in_force(settings)
        mine = config.topic_name(self.source)
        names = {key: text.clean(topic.name).casefold() for key, topic in in_force.items()}
        names |= {key: name for key, (_, name) in broken.items() if name}
        name = next((key for key, other in names.items() if other == mine), file.stem)
        if others := [error for key, (error, _) in broken.items() if key != name]:
            raise others[0]
        if name in broken:
            common.tell(f"in force, and broken: {broken[name][0]}")
        else:
            config.topic_files(settings)  # no two of them are one topic
        self.before = in_force.get(name)
        self.is_new = self.before is None and name not in broken
        self.in_force = self.before.version if self.before else None
        if self.before is not None and self.before.name != self.topic:
            message = (
                f"is named {self.topic!r}, and topic {name!r} {self.before.name!r}; keep the name, or give the file another one"
            )
            raise ConfigError(message, subject=f"{file}: name")
        if not re.fullmatch(r"[\w-]+", name):
            raise InputError("is no name for a topic; letters, digits, - and _ are", subject=str(file))
        self.target = settings.home / "topics" / f"{name}.toml"
        if self.is_new and self.target.exists():
            try:
                there = config.topic_name(self.target.read_text(encoding="utf-8-sig", errors="replace"))
            except OSError:
                there = None
            if there != mine:
                holds = f"the topic {there!r}" if there else "no topic that can be read"
                message = f"is the topic {self.topic!r}, and {self.target} holds {holds}; give the file another name"
                raise ConfigError(message, subject=str(file))


def _in_force(settings: Settings) -> tuple[dict[str, Topic], dict[str, tuple[ConfigError, str | None]]]:
    """The topics in force by the names of their files, and of those that are broken the mistake and the topic's name."""
    from track import topics

    found: dict[str, Topic] = {}
    broken: dict[str, tuple[ConfigError, str | None]] = {}
    for key in settings.topics:
        source = ""
        try:
            name, source = config.topic_file(settings, key)
            found[key] = topics.load(source, name)
        except ConfigError as error:
            broken[key] = error, config.topic_name(source)
    return found, broken


def _held(books: Store, since: datetime | None = None, *, whole: bool = False) -> Iterator[Held]:
    """The stored versions, a few in memory at once."""
    after = (0, 0)
    while rows := books.held(after, since, whole=whole):
        yield from rows
        after = rows[-1].article_id, rows[-1].version_id
