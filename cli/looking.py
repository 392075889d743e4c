"""Articles that are stored: `show`, `diff`, `story`, `search`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

import text
from model import Diff, InputError, Kept, Settings, StoreError

if TYPE_CHECKING:
    from store import Store

from cli import common


@common.commands.command(
    short_help="Print a stored article: versions, last edit, story, flags.",
    epilog=common.example("show 3", "show 3 --version 1", "show 3 --format json"),
)
@common.ARTICLE
@click.option(
    "--version", "number", type=click.IntRange(min=1), help="Which version, counted from 1.  [default: the current one]"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
@click.pass_context
def show(context: click.Context, article_id: int, number: int | None, form: str) -> None:
    """Print a stored article: its versions and what kind of edit each was, what else happened to it, what the version shown
    changed, the story that it belongs to, and the reasons of its flags. Digests name the ID.
    """
    from digest import article, changes
    from digest import story as told

    settings = common.settings_of(context)
    with common.work(settings, "show", writes=False) as books:
        kept = common.kept(books, article_id, number)
        found = _diff(books, kept, kept.shown, kept.shown + 1) if kept.shown else None
        story = common.story(books, kept.story) if kept.story is not None else None
    if form == "json":
        facts = {"story": story and told.record(story), "diff": found and changes.record(found)}
        print(text.to_json({**article.kept_record(kept), **facts}, indent=2))
        return
    print(article.kept_text(kept, ZoneInfo(settings.timezone)))
    if found:
        print(f"\nFrom version {kept.shown} to {kept.shown + 1}, {changes.counted(found)}:")
        for line in changes.to_text(found, colour=common.with_colours()):
            print(line)
    if story:
        print()
        for line in told.lines(story, settings.timezone, whole=False):
            print(line)


def _diff(books: Store, kept: Kept, old: int, new: int) -> Diff:
    """What differs between two versions, counted from 1."""
    from track import diff

    before, after = (
        kept.article if number == kept.shown + 1 else common.kept(books, kept.article_id, number).article for number in (old, new)
    )
    return diff.compare(before, after)


@common.commands.command(
    short_help="Print what differs between two versions of an article.",
    epilog=common.example("diff 3", "diff 3 1 4", "diff 3 --format html --output diff.html"),
)
@common.ARTICLE
@click.argument("old", required=False, type=click.IntRange(min=1))
@click.argument("new", required=False, type=click.IntRange(min=1))
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="How to print it."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of standard output.")
@click.pass_context
def diff(context: click.Context, article_id: int, old: int | None, new: int | None, form: str, output: Path | None) -> None:
    """Print what differs between version OLD of an article and version NEW, counted from 1: by default the last two.

    Sentences are compared, then the words of those that changed. What is never an edit (spaces, quotes, dashes, the place of a
    tone mark, paragraphs) is not shown.
    """
    from digest import changes

    settings = common.settings_of(context)
    with common.work(settings, "diff", writes=False) as books:
        kept = common.kept(books, article_id, new)
        if old is None:  # the one before; where the first is shown, which has none, the last that is not
            old = kept.shown or len(kept.versions)
        if len(kept.versions) < 2:
            raise InputError("has one version; there is nothing to compare it with", subject=f"article {article_id}")
        found = _diff(books, kept, old, kept.shown + 1)
    title = kept.article.title or "(no title)"
    about = f"Version {old} and version {kept.shown + 1} of article {article_id}: {changes.counted(found)}"
    if form == "json":
        said = text.to_json(changes.record(found), indent=2) + "\n"
    elif form == "html":
        said = changes.page(found, title, about)
    else:
        colour = common.with_colours() and output is None
        said = "\n".join([text.printable(title), about, *changes.to_text(found, colour=colour)]) + "\n"
    common.deliver(said, output)


@common.commands.command(
    short_help="Print the story of an article: who had it first, who copied it.",
    epilog=common.example("story 3", "story 3 --format html --output story.html"),
)
@common.ARTICLE
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="How to print it."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of standard output.")
@click.pass_context
def story(context: click.Context, article_id: int, form: str, output: Path | None) -> None:
    """Print the story that article ID belongs to: who had the text first and how sure that is, and of each other article how much
    later it came, how much of the text it keeps, and what it cut, added or retitled.
    """
    from digest import story as told

    settings = common.settings_of(context)
    with common.work(settings, "story", writes=False) as books:
        kept = common.kept(books, article_id)
        if kept.story is None:
            raise InputError("is in no story: no other article has its text, or most of it", subject=f"article {article_id}")
        found = common.story(books, kept.story)
    common.deliver(told.render(found, form, settings.timezone), output)


_MINUS = "\0"  # stands for the minus of a word; nothing on a command line has it


class _Search(click.Command):
    """A command whose words may begin with a minus, as `-cup` does: only its own options are options."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        own = {name for option in self.get_params(context) for name in option.opts}
        words, takes_next = [], False
        for place, arg in enumerate(args):
            if arg == "--":
                words += args[place:]
                break
            is_word = re.match(r"-[^-\s]", arg) and arg not in own and not takes_next
            takes_next = not takes_next and arg in ("--limit", "--format")
            words.append(_MINUS + arg[1:] if is_word else arg)
        return super().parse_args(context, words)


def _query(words: Sequence[str]) -> str:
    """The query that the shell took apart: of several arguments one with a blank in it was a phrase."""
    said = [f"-{word[1:]}" if word.startswith(_MINUS) else word for word in words]
    if len(said) == 1:
        return said[0]
    return " ".join(word if '"' in word else re.sub(r"^(-?(?:[a-z]+:)?)(.*\s.*)$", r'\1"\2"', word, flags=re.S) for word in said)


@common.commands.command(
    cls=_Search,
    short_help="Find articles by their words, typed with or without marks.",
    epilog=common.example(
        "search bien dong",
        "search 'title:\"hội nghị cấp cao\" outlet:vnexpress -malaysia'",
        "search asean level:core after:2026-11-01 --limit 5",
        "search 5.000 --history",
    ),
)
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Articles at most.")
@click.option("--relevance", is_flag=True, help="The most relevant of the newest 300 first, instead of the newest.")
@click.option(
    "--history", is_flag=True, help="Search what was edited away: said by an older version, and not by the current one."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
@click.pass_context
def search(context: click.Context, query: tuple[str, ...], limit: int, relevance: bool, history: bool, form: str) -> None:
    """Find articles that have all the words of QUERY: first those where words typed side by side stand side by side, of them
    the newest: of those stored last, four times as many as are shown, by publication.

    A word typed without marks is found with any, and with đ for each d; one typed with marks only with these. "two words": a
    phrase. -word: without it. A OR B: one of them. title:word, outlet:name, topic:name, level:core, after:2026-11-20,
    before:2026-12 (published, or else first seen; the day itself is after, and not before).

    With --history all the words must be among what was edited away of one version; the newest one stands for its article.
    """
    from digest import hits
    from track import queries

    settings = common.settings_of(context)
    said = _query(query)
    asked = queries.parse(said, ZoneInfo(settings.timezone))
    matcher = queries.Matcher(asked)
    with common.work(settings, "search", writes=False) as books:
        _catch_up(settings, books)
        found = books.search.find(asked, matcher, limit, relevance=relevance, history=history)
    shown = []
    for hit in found.found:
        title, snippet = matcher.show(hit.searched, together=hit.is_together)
        shown.append(hits.Shown(hit=hit, title=title, snippet=snippet))
    order = "most relevant first" if relevance and asked.clauses else "newest first"
    if form == "json":
        print(text.to_json(hits.record(found, shown, said, order, history=history), indent=2))
    else:
        colour = common.with_colours()
        for line in hits.lines(shown, said, order, settings.timezone, colour=colour, is_whole=found.is_whole):
            print(line)
    if not found.found and found.other_marks and not asked.without:
        common.tell(f"{found.other_marks} have these letters with other marks; type the words without marks to see them")
    if not found.is_whole:
        common.tell("of the articles with these letters only the newest were looked at; before: asks for older ones")
    if found.is_near:
        common.tell(
            'words side by side were looked for among the newest articles that have them all; "in quotation marks" in all'
        )
    if found.behind:
        common.tell(f"{found.behind} articles are not in the index yet, while another process writes; each crawl puts some there")


def _catch_up(settings: Settings, books: Store) -> None:
    """Articles that were stored before there was a search are put into its index, unless another process writes."""
    import store

    behind = books.search.behind()
    if not behind:
        return
    with ExitStack() as held:
        try:
            held.enter_context(store.lock.hold(settings.home, "diemtin search"))
        except StoreError:
            return
        common.tell(f"{behind} articles are put into the index, once, the newest first; what is done stays done if it is stopped")
        for _ in common.progress(common.indexed(books), behind):
            pass
