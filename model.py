"""The values that cross rooms, and the error tree. Standard library only; nothing here does anything.

Every value is frozen and keyword-only. Times are aware datetimes in UTC unless a field says otherwise; lengths are bytes,
offsets into text are code points.

Errors, drawn as a tree (each carries its `kind`, its `subject` and, through `raise ... from`, its cause):

    DiemtinError            the root; one line, fit to be shown to a person
    ├─ ConfigError          diemtin.toml or a topic file: which key, what was found, what would be right
    ├─ InputError           a saved file or folder that cannot be taken in
    ├─ FetchError           network or server; try later
    │  └─ Blocked           robots, rate limit, challenge page; do not push
    ├─ ExtractError         bytes arrived, no article in them; says which check failed
    ├─ StoreError           the database or disk refused; stop, do not continue
    └─ DeliveryError        one channel failed; the others go on, this one is tried again
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import prod
from pathlib import Path

# ---------------------------------------------------------------- errors


class DiemtinError(Exception):
    """The root of our errors. `kind` is a stable word for programs, `subject` the url, path, key or id it is about."""

    kind = "error"

    def __init__(self, message: str, *, subject: str | None = None, kind: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        if kind is not None:
            self.kind = kind

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}" if self.subject else self.message


class ConfigError(DiemtinError):
    kind = "config"


class InputError(DiemtinError):
    kind = "input"


class FetchError(DiemtinError):
    kind = "fetch"


class Blocked(FetchError):
    kind = "blocked"


class ExtractError(DiemtinError):
    kind = "extract"


class StoreError(DiemtinError):
    kind = "store"


class DeliveryError(DiemtinError):
    kind = "delivery"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """An error as a value: what stands in the place of an article that could not be read."""

    kind: str
    message: str


# ---------------------------------------------------------------- settings


class SourceKind(StrEnum):
    SECTION = "section"
    FEED = "feed"
    SITEMAP = "sitemap"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """One address that lists articles."""

    url: str
    kind: SourceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One site to watch, and where it lists its articles."""

    name: str
    home: str  # the front page; only articles of its site are taken
    pages: tuple[ListPage, ...]
    links: str | None = None  # section pages: CSS selector of the links to articles; None: as the site's family has it
    paging: str | None = None  # a section's further pages: an address with `{page}` or `{offset:15}` in it, and maybe `{section}`
    pattern: str | None = None  # regular expression that an article's address must contain; None: our own rules decide
    delay_seconds: float | None = None  # between two requests to a host; None: as [crawl] says
    weight: float = 1.0  # how much a look is worth beside those of other sources: 4 is looked at about twice as often as 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlSettings:
    """How the crawler behaves towards every site."""

    user_agent: str  # with the contact in it
    delay_seconds: float
    timeout_seconds: float
    max_page_bytes: int
    backlog: int  # articles taken of what a list names at its first look; later looks take all that is new
    every_minutes: float = 720.0  # no list is left longer without a look, whatever its habits
    requests_per_hour: float = 120.0  # of one host: what the looks again at known pages are fitted into
    contact: str | None = None  # where the sites can reach who runs this; None: not said
    concurrency: int = 1  # requests that are out to one host at a time
    proxy: str | None = None  # http://host:port that all requests go through; None: none
    allow_private_hosts: tuple[str, ...] = ()  # host names or addresses that may resolve to a private network


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """diemtin.toml, checked."""

    home: Path
    timezone: str  # IANA name; the reader's zone, for everything shown
    workers: int  # processes that read pages; 0: one for each core
    topics: tuple[str, ...]  # names of topic files, in `topics/` of the home folder or shipped
    crawl: CrawlSettings
    sources: tuple[Source, ...]


# ---------------------------------------------------------------- get

MAX_PAGE_BYTES = 20_000_000  # a larger page is not read: no article is so long, and reading takes some ten times its size


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """What was fetched or saved, untouched. Everything later is a function of this."""

    identity: str  # identity key as far as known before reading: from the address, or `saved:<path below the folder given>`
    body: bytes
    captured_at: datetime
    captured_exactly: bool  # False: captured_at is only an upper bound (a saved file's modification time)
    url_asked: str | None = None
    url: str | None = None  # as answered, after redirects; None: a saved file that names no address
    status: int | None = None  # HTTP status; None: a saved file
    headers: tuple[tuple[str, str], ...] = ()
    source: str | None = None  # name of the Source it was found by
    is_list: bool = False  # a section page, feed or sitemap: kept, and never read as an article

    @property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of this name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a capture's record lies in the archive: a file name below archive/, and the record's bytes in it."""

    file: str
    offset: int
    length: int
    body: Place | None = None  # of a revisit: the record to which it refers, and which holds the body


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """A capture that is safe on disk."""

    capture_id: int
    place: Place
    subject: str  # what to call it in a message: its address, or the saved file's path below the folder given
    target: str | None = None  # key of the frontier's row for which it was fetched; None: a saved file
    is_same: bool = False  # it was archived just now, with the body of one that was read before: it need not be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """The capture that gave an article the text that it has now."""

    capture_id: int
    place: Place
    reader: str  # as `extract.signature` names what read it; empty: not known


# ---------------------------------------------------------------- read


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"
    LIST = "list"
    QUOTE = "quote"
    TABLE = "table"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One piece of an article. A list's items and a table's rows are lines of its text; cells are joined by ` | `."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """The outlet that the text itself names as its source."""

    name: str
    domain: str | None


class DateSource(StrEnum):
    """Where on a page a date was found, most trusted first."""

    SITE = "site"  # the place that the site's own template keeps for it
    JSON_LD = "json-ld"
    META = "meta"
    LINE = "line"  # a line of the page or of a text dump
    GUESS = "guess"  # the likeliest of what stands on the page


class Certainty(StrEnum):
    """How far a date can be relied on."""

    SURE = "sure"  # two places of the page name the same day
    LIKELY = "likely"  # one place names it, and none another day
    DOUBTFUL = "doubtful"  # places of the page name different days, or it was guessed


@dataclass(frozen=True, kw_only=True, slots=True)
class DateClaim:
    """One date that the page gives for itself."""

    moment: datetime  # aware, in the publisher's zone; midnight where only the day is given
    source: DateSource
    certainty: Certainty


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture inside the article. At least one of the two is there: a page saved as text keeps no addresses."""

    url: str | None  # absolute where the page's own address is known
    caption: str | None  # as in the block of kind caption


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A capture, read. All text is NFC without format characters and keeps the publisher's letters otherwise."""

    identity: str  # identity key: one article, one identity
    url: str | None  # the address to show and open; None: a saved file that names none
    site: str | None  # the host without www, m, amp
    outlet: str | None  # the paper's name where the site is known
    title: str | None
    blocks: tuple[Block, ...]  # in reading order; the first is the lead where there is one
    has_lead: bool  # the first block is the lead (sapo)
    kicker: str | None = None  # the line above the title that belongs to it (a series, an occasion)
    published_claims: tuple[DateClaim, ...] = ()  # every different date of publication that the page gives, best first
    modified_claims: tuple[DateClaim, ...] = ()
    authors: tuple[str, ...] = ()  # people
    byline: str | None = None  # the line that names them as it stands, with roles and agencies
    section: str | None = None
    breadcrumb: tuple[str, ...] = ()  # section names from the front page down; the last is `section`
    images: tuple[Image, ...] = ()  # in page order
    tags: tuple[str, ...] = ()
    credit: Credit | None = None
    origin_url: str | None = None  # where the page says it was copied from
    signature: str | None = None  # the line that signs the text (an office, an agency, a pen name); not text
    language: str | None = None  # ISO 639-1
    notes: tuple[str, ...] = ()  # what the reader had to guess, for a person
    reader: str | None = None  # which reader found the body: a template's name, `learned`, `generic`, `trafilatura`, `dump`
    container: str | None = None  # where on the page the body stood, as a path that fits other pages of the site
    agreement: float | None = None  # share of the body's words that an independent reader finds too, 0 to 1; None: not asked

    @property
    def published(self) -> datetime | None:
        """When the article was published, as far as the page says; aware, in the publisher's zone."""
        return self.published_claims[0].moment if self.published_claims else None

    @property
    def modified(self) -> datetime | None:
        """When the publisher says it was last changed."""
        return self.modified_claims[0].moment if self.modified_claims else None

    @property
    def lead(self) -> str | None:
        """The opening paragraph (sapo)."""
        return self.blocks[0].text if self.has_lead else None

    @property
    def text(self) -> str:
        """The article alone: every block but captions, joined by newlines."""
        return "\n".join(b.text for b in self.blocks if b.kind is not BlockKind.CAPTION)

    @property
    def captions(self) -> str:
        """The captions of its pictures, joined by newlines."""
        return "\n".join(b.text for b in self.blocks if b.kind is BlockKind.CAPTION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """A path by which pages of a source captured after `since`, and until `until`, are read."""

    path: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Learning:
    """What pages of a source have taught about where its texts stand."""

    site: str
    paths: tuple[Learned, ...] = ()  # oldest first; at most the last one has no end
    candidate: str | None = None  # the place on the last pages, while none is in force
    times: int = 0  # pages in a row on which the candidate was the place
    misses: int = 0  # pages in a row on which the path in force did not agree with what the page's shape says
    # Lines that its text dumps have in common, folded: furniture of the site; and the last capture that was read without it.
    repeated: Mapping[str, int] = field(default_factory=dict)


# ---------------------------------------------------------------- judge


class Field(StrEnum):
    TITLE = "title"
    LEAD = "lead"
    TEXT = "text"
    CAPTIONS = "captions"


class Level(StrEnum):
    CORE = "core"
    RELATED = "related"
    MENTION = "mention"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One match: `text == getattr(article, field)[start:end]`."""

    rule: str
    text: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """That an article is about a topic, and why."""

    topic: str
    level: Level
    score: float
    rules: str  # version of the topic's rules, a digest of what decides
    evidence: tuple[Evidence, ...]
    why: tuple[str, ...] = ()  # what gave it its level, a line each
    near: tuple[str, ...] = ()  # what kept it from the next level, a line each


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """A match that counts. A rule is counted once, where it is worth most."""

    evidence: Evidence
    place: str  # title, lead, first, rest or caption
    weight: float  # of the rule
    worth: float  # weight times that of the place
    passing: str | None = None  # the words before it that say that the text is about something else (`bên lề`)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmatched:
    """Words of a rule that do not count, and why."""

    evidence: Evidence
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasoning:
    """How a topic judged an article, step by step."""

    topic: str
    rules: str  # version
    verdict: str  # a Level, sport or none
    score: float
    words: int
    density: float  # strong matches of the text in 1,000 words
    thresholds: tuple[tuple[str, float], ...]
    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]  # only where it was asked for
    flag: Flag | None
    why: tuple[str, ...]
    near: tuple[str, ...]


class Op(StrEnum):
    SAME = "same"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A run of words of a sentence, as the publisher wrote it; what is the same is shown as the newer version has it."""

    op: Op
    text: str


class LineKind(StrEnum):
    SAME = "same"  # on the key: typography may differ
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_FROM = "moved_from"  # stood here, and stands elsewhere now; `pair` names its other line
    MOVED_TO = "moved_to"


@dataclass(frozen=True, kw_only=True, slots=True)
class DiffLine:
    """One sentence of a diff. Joined in order, `old` of all lines is the older text, and `new` the newer one."""

    kind: LineKind
    old: str | None  # None: it is not in the older version at this place
    new: str | None
    # Without those inserted they are `old`, without those deleted `new` (but for typography). Of a moved sentence the line where
    # it stands now tells what of it changed, against the `old` of its other line, which has one piece.
    pieces: tuple[Piece, ...]
    starts: bool = False  # a paragraph begins with it, in the version that is shown
    pair: int | None = None  # of a moved sentence: index of its other line
    block: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """What differs between two versions of an article."""

    title: tuple[Piece, ...]
    lines: tuple[DiffLine, ...]  # sentences in reading order, of both versions
    changed: int  # words (numbers count as one) inserted or deleted, the title's included; moved sentences only where they differ
    moved: int  # sentences that only changed their place


class EditKind(StrEnum):
    """What an edit did, most material first."""

    CORRECTION = "correction"  # a notice of correction came or went
    HEADLINE = "headline"
    NUMBER = "number"  # a number or a date
    NAME = "name"  # a person, a title of office, a country, an organisation
    QUOTE = "quote"  # words inside quotation marks
    REMOVED = "removed"  # a sentence or more was taken out
    ADDED = "added"
    REWORDED = "reworded"
    TYPO = "typo"
    MOVED = "moved"  # only the order of sentences
    COSMETIC = "cosmetic"  # case, punctuation


@dataclass(frozen=True, kw_only=True, slots=True)
class EditProof:
    """One place that shows what kind of edit it is: the words before and after, empty where there were none."""

    kind: EditKind
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What an edit of the publisher did, from one version to the next."""

    kinds: tuple[EditKind, ...]  # in the order of EditKind; never empty
    score: float  # materiality, 0 to 1
    material: bool  # worth telling by itself; the others are told together in one line
    changed: int  # as in Diff
    proofs: tuple[EditProof, ...]  # the most material first, a few


class LikenessKind(StrEnum):
    """How two articles' texts relate, nearest first."""

    EXACT = "exact"  # the same folded words: one text
    SAME = "same"  # nearly, and nothing that matters was put in another's place: one text
    NEAR = "near"  # most of one stands in the other: one story, each is shown
    OVERLAP = "overlap"  # a part: linked, mostly follow-ups
    SIBLING = "sibling"  # issues of one template (gold, weather, lottery): never copies


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """How the text of one article relates to that of another, an earlier one in the store."""

    kind: LikenessKind
    one_in_other: float  # share of this one's 5-word shingles that the other has, 0 to 1
    other_in_one: float
    jaccard: float
    numbers_replaced: int = 0  # in place
    numbers_kept: int = 0

    @property
    def containment(self) -> float:
        """The larger of the two shares: of the smaller text how much stands in the other."""
        return max(self.one_in_other, self.other_in_one)

    @property
    def is_one_text(self) -> bool:
        """Both are told as one."""
        return self.kind in (LikenessKind.EXACT, LikenessKind.SAME)

    @property
    def makes_story(self) -> bool:
        """Both belong to one story."""
        return self.is_one_text or self.kind is LikenessKind.NEAR


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A likeness that was found, and to which article."""

    article_id: int
    likeness: Likeness


class EventKind(StrEnum):
    """What may happen to an article beside a new version."""

    REDATED = "redated"  # published or modified moved without the text
    RESTORED = "restored"  # it shows a text again that it had before
    UNSTABLE = "unstable"  # its texts go to and fro: its edits are told no more
    GONE = "gone"  # cannot be had any more, confirmed over days
    RETURNED = "returned"  # was gone, and is there again
    REROOTED = "rerooted"  # an earlier origin of its story came to light


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to an article, kept once."""

    article_id: int
    kind: EventKind
    at: datetime
    before: str | None = None  # of a date ISO 8601, of a root the article's id; of one that is gone when it was last there
    after: str | None = None  # the same; of one that is gone when it was first missed
    said: str = ""  # what shows it, in one line for a person
    event_id: int = 0  # 0: not kept yet
    told: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprint:
    """What is compared of an article: `edit` says whether it changed, `copy` whether another says the same."""

    edit: str
    copy: str
    sketch: tuple[int, ...] = ()  # a sample of its shingles, by which texts are found that have a part in common


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """When an article was published and changed, as its newest capture says."""

    published: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """An article's text as one of its versions has it."""

    version_id: int
    edit: str  # its edit hash
    article: Article
    reader: str = ""  # what read it, as `extract.signature` names it; empty: not known


@dataclass(frozen=True, kw_only=True, slots=True)
class Likely:
    """An article whose text may be like another one."""

    article_id: int
    article: Article
    story: int | None = None
    is_root: bool = False  # of its story
    in_series: bool = False  # both are of one series


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the store holds about the article that a capture shows."""

    article_id: int | None = None  # the article of this identity
    edit: str | None = None  # the edit hash of its current version; of a capture that is read again, of the version it made
    words: int = 0  # of that version
    reader: str = ""  # what read that version; empty: not known
    own: Article | None = None  # of a capture that is read again: what was read of it before
    reread: bool = False  # this very capture already made a version
    second_hand: bool = False  # the capture is of another address of an article that is also met at its own
    outdated: bool = False  # the capture was made elsewhere, before another one that the store holds
    twin: int | None = None  # the earliest other article whose text this one also has
    past: tuple[tuple[int, str], ...] = ()  # (version id, edit hash) of its other versions, oldest first
    text: Text | None = None  # of the version that `edit` is of, where the text found is another one
    before: Text | None = None  # the version that it was edited from; only of a capture that is read again
    after: tuple[Text, ...] = ()  # those that were edited from it; likewise
    stale: tuple[Text, ...] = ()  # versions whose edit hash is of an older key, where the hash found is another one
    is_current: bool = True  # `edit` is of the current version
    restored: tuple[datetime, ...] = ()  # when it went back to a text that it had before
    dates: Dates = Dates()
    story: int | None = None
    likely: tuple[Likely, ...] | None = None  # others whose texts may be like this one; None: it was compared as it is now


class ChangeKind(StrEnum):
    NEW = "new"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    RESTORED = "restored"  # the text of an earlier version again
    COPY = "copy"  # a new article whose text another one already has
    REREAD = "reread"  # the same capture read again, by another reader or other rules
    OLDER = "older"  # a capture made before those that are stored shows another text: what the article said once


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a capture means for the article it shows."""

    kind: ChangeKind
    copy_of: int | None = None  # article that already had this text
    version_id: int | None = None  # the version whose text is shown again


# ---------------------------------------------------------------- keep


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryChoice:
    """Which story an article belongs to."""

    beside: int | None  # the article whose story it joins, or with which it founds one; None: it is in no story
    brings: tuple[int, ...] = ()  # articles that prove to be of that story too, with all of theirs


class Confidence(StrEnum):
    SURE = "sure"  # a copy names it, and it is the earliest
    LIKELY = "likely"  # one of the two
    DOUBTFUL = "doubtful"  # what they say does not agree, or the pages bear no dates


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Who had a story's text first, as far as can be told from what was captured."""

    article_id: int
    confidence: Confidence
    evidence: tuple[str, ...]  # one line each, for a person
    declared: str | None = None  # whom the texts name as their source, if that is none of the story's articles


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrying:
    """One article of a story, beside the one that had it first."""

    article_id: int
    outlet: str
    title: str | None
    url: str | None
    published: datetime | None
    first_seen: datetime
    named: str | None  # whom it names as its source
    delay: float | None = None  # seconds after the first, by the times of publication or else of sight; None: it is the first
    is_by_sight: bool = False  # the delay is of when they were seen
    kept: float = 1.0  # share of the first one's sentences that it has, 0 to 1; changed ones count half
    own: float = 0.0  # share of its own sentences that the first one has not
    retitled: bool = False
    cut: int = 0  # sentences of the first one that it left out
    added: int = 0  # sentences that the first one has not
    changed: int = 0  # sentences that it changed
    cut_said: tuple[str, ...] = ()  # the first few of them
    added_said: tuple[str, ...] = ()
    one_text: bool = False  # as good as the same


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """Articles that carry one text, or most of it, the first one first."""

    story_id: int
    origin: Origin
    carriers: tuple[Carrying, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """All that one capture writes, in one transaction."""

    capture_id: int
    article: Article
    fingerprint: Fingerprint
    known: Known
    change: Change
    flags: tuple[Flag, ...]
    now: datetime
    reader: str = ""  # what read it, as `extract.signature` names it
    edit: Edit | None = None  # what it did to the version before it; None: there is none, or they say the same
    keeps_edit: bool = False  # of a capture that is read again: what its version did stays as it was told
    edits_after: tuple[tuple[int, Edit | None], ...] = ()  # of a capture that is read again: (id, edit) of those edited from it
    events: tuple[Event, ...] = ()  # of an article that is new their article_id is 0
    dates: Dates = Dates()
    links: tuple[Link, ...] | None = None  # other articles whose texts are like this one; None: as they are
    sketch_before: tuple[int, ...] = ()  # of the text that is replaced; what is to be in its place is the fingerprint's
    series: str | None = None  # the family of titles that it belongs to
    story: StoryChoice | None = None  # None: as it is


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """An article of a story, as far as it is asked who had the text first."""

    article_id: int
    identity: str
    url: str | None
    site: str | None
    outlet: str | None
    title: str | None
    published: datetime | None  # aware; None: not known
    is_sure: bool  # of that date
    first_seen: datetime
    credit: Credit | None
    origin: str | None  # identity of the page that it says it was copied from


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many captures ended in which named state; the numbers add up to what was given."""

    counts: tuple[tuple[str, int], ...] = ()

    def plus(self, state: str, count: int = 1) -> Tally:
        """The tally with `count` more in `state`."""
        counts = dict(self.counts)
        counts[state] = counts.get(state, 0) + count
        return Tally(counts=tuple(counts.items()))

    def __getitem__(self, state: str) -> int:
        return dict(self.counts).get(state, 0)

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A version as it is judged again by other rules."""

    article_id: int
    version_id: int
    is_current: bool
    captured: datetime
    article: Article
    flags: tuple[Flag, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """An article whose flag another state of a topic's rules gives, takes, or puts on another level."""

    article_id: int
    title: str | None
    outlet: str | None
    url: str | None
    kept: Flag | None  # the flag as it is stored
    before: Reasoning | None  # by the rules in force; None: there are none for this topic
    after: Reasoning

    @property
    def levels(self) -> tuple[str, str]:
        """Its level as it is stored, and as it would be; none where there is no flag."""
        return self.kept.level if self.kept else "none", self.after.flag.level if self.after.flag else "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """That a topic file was taken over, and what moved."""

    at: datetime
    topic: str
    rules: str  # version
    before: str | None  # version of the rules in force until then
    articles: int  # that were judged
    moved: Tally  # articles, by `before → after`, each a Level or none


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of an article, in short."""

    version_id: int
    seen: datetime  # when it was stored
    title: str | None
    words: int
    edit: Edit | None = None  # what it did to the version before it
    follows: int | None = None  # id of the version that it was edited from; None: the first one, or it was not kept
    is_older: bool = False  # stored after others, of a capture that was made before theirs


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An article as the store holds it: one version in full, the others in short."""

    article_id: int
    article: Article
    flags: tuple[Flag, ...]
    first_seen: datetime
    copy_of: int | None
    versions: tuple[Version, ...]  # oldest first
    shown: int  # index of the full one in `versions`
    current_id: int  # id of the version that it shows now; not always the newest: a text may come back
    events: tuple[Event, ...] = ()  # what happened to it, oldest first
    story: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One piece of work on the store, as its log tells it."""

    kind: str
    started: datetime
    ended: datetime | None  # None: it runs, or it was killed
    totals: Tally
    problems: tuple[str, ...]  # one line each


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """How the store stands."""

    captures: Tally  # by state
    articles: int
    versions: int
    untold: int
    flags: Tally  # current versions, by level
    archive_bytes: int
    last_runs: tuple[Run, ...]  # newest first
    last_digest: datetime | None
    doubtful: Tally = field(default_factory=Tally)  # of the newest versions those read with doubt, by site
    removals: Tally = field(default_factory=Tally)  # articles that cannot be had at present: suspect, gone


class FindingKind(StrEnum):
    """What upkeep of the archive can find."""

    DAMAGED = "damaged"  # bytes that are no whole record, or not what their digests or rows say
    MISSING = "missing"  # a capture's record, or a whole file, is not there
    TORN = "torn"  # the end of a file is no whole record, and no capture's; not cut, because another process writes
    CUT = "cut"  # the same, cut back to the last whole record
    STRAY = "stray"  # a file to which no capture refers; harmless


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is not as it should be in the archive."""

    kind: FindingKind
    file: str  # below archive/
    offset: int  # in that file, bytes
    message: str

    def __str__(self) -> str:
        return f"{self.file} at {self.offset}: {self.message}" if self.offset else f"{self.file}: {self.message}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What reading the whole archive again gave."""

    files: int
    records: int  # whole ones
    captures: int  # whose record lies at its place and is what its row says
    pruned: int  # captures whose body was dropped
    size: int  # bytes read
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What pruning dropped, or would drop."""

    captures: int
    files: int  # rewritten or removed
    freed: int  # bytes
    findings: tuple[Finding, ...] = ()  # files that were left alone because they are damaged, and torn ends that were cut


# ---------------------------------------------------------------- the archive read again


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What the store holds of a capture that is worth reading again: it made a version, or failed."""

    archived: Archived
    article_id: int | None = None  # None: it failed, as do the others down to `flags`
    version_id: int | None = None
    raw: str = ""  # the version's article as its column has it
    edit: str = ""
    copy: str = ""
    reader: str = ""
    flags: tuple[Flag, ...] = ()
    is_sketched: bool = True  # its text was compared with others as it is done today; or it is of an older version
    error: Failure | None = None  # of its last reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Reread:
    """A capture as it was read, and as it is read now."""

    capture_id: int
    article_id: int | None  # None: it made none so far
    subject: str
    before: Article | None  # None: it could not be read
    after: Article | None  # None: it cannot be read; the store keeps what it has
    flags_before: tuple[Flag, ...] = ()
    flags_after: tuple[Flag, ...] = ()
    error_before: Failure | None = None
    error_after: Failure | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Regrouped:
    """An article that is another one's copy, or in another story, than it was."""

    article_id: int
    title: str | None
    outlet: str
    before: str | None  # whose copy it was, in words; None: nobody's
    after: str | None
    joined: bool = False  # it is in a story now, and was in none
    left: bool = False


class Difference(StrEnum):
    """What a reading may give otherwise."""

    GAINED = "flag gained"
    LOST = "flag lost"
    MOVED = "flag moved"  # to another level
    ERROR_NEW = "error new"
    ERROR_GONE = "error gone"
    TEXT = "text"
    TITLE = "title"
    LEAD = "lead"
    PUBLISHED = "published"
    MODIFIED = "modified"
    AUTHORS = "authors"
    CREDIT = "credit"
    SECTION = "section"
    URL = "url"
    MERGED = "copy merged"
    SPLIT = "copy split"
    OTHER_COPY = "copy of another"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One difference, shown."""

    kind: Difference
    article_id: int | None
    title: str
    subject: str  # its address, or the saved file's path
    before: str | None
    after: str | None
    diff: Diff | None = None  # of a text


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What reading the archive again gives otherwise than what is stored: counts, and a few samples of each kind."""

    read: int  # captures
    differing: int  # of them
    fields: Tally = field(default_factory=Tally)  # versions in which it is another, by field of Article (text, lead, title …)
    bodies: Tally = field(default_factory=Tally)  # of the texts that are others: by the share of their words that differs
    words_added: int = 0
    words_removed: int = 0
    gained: Tally = field(default_factory=Tally)  # flags, by topic and level
    lost: Tally = field(default_factory=Tally)
    moved: Tally = field(default_factory=Tally)  # by topic and both levels
    reasons: int = 0  # flags of the same level, for other reasons
    rules: int = 0  # flags in which the version of the rules is all that is another
    errors_new: Tally = field(default_factory=Tally)  # captures that were read and are not any more, by kind of error
    errors_gone: Tally = field(default_factory=Tally)  # captures that could not be read and are now, by kind of the old error
    errors_other: int = 0  # captures that fail in another way than they did
    merged: int = 0  # articles that were no copies and are
    split: int = 0  # articles that were copies and are none
    other_copies: int = 0  # articles that are copies of another article than before
    joined: int = 0  # articles that are in a story and were in none
    left: int = 0
    samples: tuple[Sample, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing that is read is read otherwise."""
        return not (self.differing or self.merged or self.split or self.other_copies or self.joined or self.left)


# ---------------------------------------------------------------- the frontier: what to fetch, and what became of it


class Outcome(StrEnum):
    """How one request for an address ended."""

    CAPTURED = "captured"  # fetched, to be kept
    UNCHANGED = "unchanged"  # the server says (304) that the page is as it was when we fetched it last; no body came
    ROBOTS = "robots"  # robots.txt forbids it, or could not be had
    BLOCKED = "blocked"  # 401, 403, 429, 451, a challenge page, or a host that asked us to wait
    PRIVATE = "private"  # the host stands in a private network and is not allowed to
    GONE = "gone"  # 404, 410, or sent on to a front page or a list
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"  # more than max_page_bytes, compressed or not
    FAILED = "failed"  # network, timeout, 5xx, a redirect that leads nowhere


class Standing(StrEnum):
    """Where an address of the frontier stands. Every address that was ever found has exactly one."""

    WAITING = "waiting"  # found, and not fetched yet
    BACKLOG = "backlog"  # older than what is taken of a list at its first look; not fetched
    FETCHED = "fetched"  # archived, and not read yet
    STORED = "stored"  # read, and an article of the store
    COPY = "copy"  # the same, with a text that another article had first
    ALIAS = "alias"  # leads to an article that stands in the frontier by its own address
    NOT_ARTICLE = "not_article"  # fetched, and the reader says that it holds no article
    RETRY = "will_retry"  # failed; `due` says when it is tried again
    GAVE_UP = "gave_up"  # failed, and is not tried again
    GONE = "gone"
    ROBOTS = "robots"
    BLOCKED = "blocked"
    PRIVATE = "private"
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a server gave with a page to ask by whether it changed; at least one is there."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An article's address in a list, with what the list says of it: evidence, not truth."""

    url: str
    published: datetime | None = None
    changed: datetime | None = None  # a sitemap's lastmod, a feed's updated


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One address of the frontier: a list or an article, where it stands and when it is to be asked for."""

    key: str  # of an article its identity; of a list `list <source> <address>`
    url: str
    host: str
    source: str  # name of the Source that found it first
    kind: SourceKind | None = None  # of a list; None: an article
    standing: Standing = Standing.WAITING
    reason: str | None = None  # of a standing that is no success, in one line
    found: datetime
    published: datetime | None = None  # as its list says
    due: datetime | None = None  # None: not to be asked for (again)
    looked: datetime | None = None  # the last time that it was asked for and answered
    tries: int = 0  # failures in a row
    validators: Validators | None = None
    same: int = 0  # answers in a row that said it has not changed (304)
    weight: float = 1.0  # see Source.weight
    memory: str | None = None  # what the policy of looking again keeps of it, as JSON
    parent: str | None = None  # of a further page or a sitemap in an index: key of the list that led to it
    page: int = 1  # of a section that goes on over several
    depth: int = 0  # below a sitemap index
    room: int | None = None  # of a list at its first look, and of what that leads to: how many more articles are taken; None: all

    @property
    def rank(self) -> int:
        """What is asked for first of a host's: lists, then articles never read, then others."""
        return 0 if self.kind else 1 if self.memory is None else 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """What a list said when it was looked at."""

    articles: tuple[Found, ...] = ()  # in the order to fetch them
    sitemaps: tuple[str, ...] = ()  # to be read next
    next_page: str | None = None  # of a section: to be read if this one lists articles that are new
    problem: str | None = None  # why it gave nothing
    wait: float | None = None  # seconds that it asks to be left alone
    quiet_hours: frozenset[int] = frozenset()  # of the day, UTC, in which it says that nothing changes
    quiet_days: frozenset[int] = frozenset()  # of the week, Monday is 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What became of one target that was asked for."""

    target: Target
    outcome: Outcome
    at: datetime
    reason: str | None = None  # of an outcome that is no success, in one line
    capture: Capture | None = None
    validators: Validators | None = None  # that came with it
    wait: float | None = None  # seconds after which to ask again, if the answer says so
    pause: float | None = None  # seconds for which the target's host as a whole is to be left alone
    listed: Listed | None = None  # of a list
    status: int | None = None  # of the answer, by HTTP; None: there was none


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look at one list of a source."""

    source: str
    page: str  # its address
    at: datetime
    status: str  # ok, failed, blocked, or empty: answered, and nothing found in it
    links: int  # articles that it named
    fresh: int  # of them not known before
    reason: str | None = None  # of a status that is not ok, in one line


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether a source is as it used to be."""

    cause: str  # of track.health.Cause: ok, new, quiet, down, blocked, broken
    reason: str  # one line for a person
    since: datetime | None = None
    drifting: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceStatus:
    """How a source stands. `found == standings.total`, or something was lost."""

    name: str
    verdict: Verdict | None  # None: its lists were never looked at
    last: Look | None  # the last look at one of its lists
    next_look: datetime | None
    next_retry: datetime | None  # of an article that failed, or waits for its host
    found: int  # addresses of articles, counted as they were found
    standings: Tally  # by Standing, as they are now
    recent: Tally  # what became of articles on this and the last day (UTC), by Outcome and ChangeKind


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReport:
    """One source in one piece of crawling."""

    name: str  # of the Source
    looks: int = 0  # at its lists
    listed: int = 0  # addresses of articles that they named, counted once a look
    fresh: int = 0  # of them not known before
    outcomes: Tally = field(default_factory=Tally)  # by Outcome, of the articles asked for
    problem: str | None = None  # one line, if a list could not be read or gave nothing


# ---------------------------------------------------------------- search


READ_AT_ONCE = 32  # readings of a term, with d and with đ, that are asked for at once; one with more is asked for in parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word that is searched for."""

    said: str  # small letters, NFC, tone marks in the old place
    bare: str  # without marks, đ as d
    readings: tuple[str, ...]  # as the index may hold it, which drops all marks but keeps đ and ð: dong, đong, ðong
    is_tied: bool = False  # only an apostrophe stands between it and the word before: O'Neil

    @property
    def is_marked(self) -> bool:
        """It was typed with marks or đ, so no other marks will do."""
        return self.said != self.bare


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Words that must stand side by side."""

    words: tuple[Word, ...]
    in_title: bool = False

    @property
    def is_long(self) -> bool:
        """It has so many readings that the index is asked for it in parts: whoever looks at a text tells whether it has it."""
        return prod(len(word.readings) for word in self.words) > READ_AT_ONCE


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What is searched for. Each clause must hold, which it does where one of its terms is found."""

    clauses: tuple[tuple[Term, ...], ...] = ()
    together: tuple[tuple[Term, ...], ...] = ()  # the same with words typed side by side as one term; empty: there are none
    without: tuple[Term, ...] = ()
    outlets: tuple[Term, ...] = ()  # one of them, by its words without marks
    not_outlets: tuple[Term, ...] = ()
    topics: tuple[str, ...] = ()  # one of them, in any case of letters
    not_topics: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    not_levels: tuple[str, ...] = ()
    after: datetime | None = None  # published, or else first seen, at this time or later
    before: datetime | None = None

    @property
    def has_marks(self) -> bool:
        return any(word.is_marked for clause in self.clauses for term in clause for word in term.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Searched:
    """The text in which words are looked for: an article's, or what an older version said and the current one does not."""

    title: str
    lead: str
    body: str  # the text without the lead
    outlet: str = ""  # its name and its site


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """A part of a text around what was found, as the publisher wrote it; line ends are blanks."""

    field: Field
    start: int  # in that field of what was searched; code points
    text: str
    spans: tuple[tuple[int, int], ...]  # of what was found, in `text`
    is_cut: tuple[bool, bool]  # text goes on before it, after it


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article that a search found."""

    article_id: int
    version: int  # counted from 1; of a search of the history the one that said it
    versions: int
    seen: datetime  # when that version was stored
    outlet: str | None
    site: str | None
    url: str | None
    title: str | None  # of the current version
    published: datetime | None
    first_seen: datetime
    copy_of: int | None
    flags: tuple[tuple[str, str], ...]  # (topic, level) of the current version
    searched: Searched
    is_together: bool  # words typed side by side stand side by side
    is_exact: bool | None  # each word has just the marks that were typed; None: without marks, so that any will do
    more_versions: int = 0  # of a search of the history: others of it that lost sentences with these words


@dataclass(frozen=True, kw_only=True, slots=True)
class Hits:
    """What a search found, best first."""

    found: tuple[Hit, ...]
    is_whole: bool = True  # False: of many articles that have these letters only the newest were looked at
    is_near: bool = False  # words typed side by side were met side by side only among the newest that have them all
    other_marks: int = 0  # articles passed over because their words have other marks than those typed
    behind: int = 0  # articles that are not in the index yet


# ---------------------------------------------------------------- tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """Another place that carries the same text."""

    article_id: int
    title: str | None
    outlet: str  # the paper's name, its host, or `saved file`
    url: str | None
    first_seen: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Kin:
    """The story that an article belongs to, in short."""

    story_id: int
    articles: int
    first: Copy | None  # who had it first, as far as can be told; None: this one
    share: float | None  # of this one's text that stands in that of the first, 0 to 1; None: not compared
    confidence: Confidence = Confidence.DOUBTFUL  # of who had it first


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Something that happened to an article, and what to call that."""

    event: Event
    title: str | None
    outlet: str
    url: str | None
    level: Level | None


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """An article as the store hands it to the digest: its current version, and what was told of it before."""

    article_id: int
    version_id: int
    identity: str
    url: str | None
    site: str | None
    outlet: str | None
    title: str | None
    lead: str | None
    section: str | None
    published: datetime | None
    first_seen: datetime  # when the article was first stored
    changed: datetime  # when this version was first stored
    edited: bool  # an earlier version was told, or stands before the window
    old_title: str | None  # the title told before, if it was another
    credit: Credit | None
    origin_url: str | None
    flags: tuple[Flag, ...]
    copy_of: int | None
    copies: tuple[Copy, ...] = ()  # other articles with this text, known by now
    edits: tuple[Edit, ...] = ()  # what its versions did since then, oldest first; empty where that was not kept
    kin: Kin | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One part of a digest."""

    name: str  # core, related, mention, rest; copies of what was told before; minor: edits that are told in a line
    items: tuple[News, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What is told at one time."""

    made: datetime
    timezone: str
    groups: tuple[Group, ...]
    since: datetime | None = None  # None: since the last digest
    until: datetime | None = None
    versions: tuple[int, ...] = field(default=())  # every version that this digest tells, copies included
    notices: tuple[Notice, ...] = ()


# ---------------------------------------------------------------- prove


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """One capture of an article, as its row has it."""

    capture_id: int
    identity: str
    url: str | None
    source: str | None
    captured_at: datetime
    sha256: str  # of the body
    size: int  # of the body
    state: str
    place: Place
    refers_to: int | None = None  # of a revisit: the capture whose record holds the body
    pruned: datetime | None = None  # when its body was dropped
    error: str | None = None  # of the last reading
    read_at: datetime | None = None
    target: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """One version of an article, in full."""

    version_id: int
    capture_id: int
    seen: datetime
    article: Article
    edit_hash: str
    copy_hash: str
    reader: str | None  # what read it, as `extract.signature` names it
    edit: Edit | None
    follows: int | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """One capture in an evidence pack: its row, and what its record says."""

    taken: Taken
    record: str | None = None  # the record's file in the pack; None: it is not there
    problem: str | None = None  # why not, in one line
    captured_exactly: bool | None = None
    url_asked: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    version: int | None = None  # that it made, counted from 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One version in an evidence pack, and what it changed."""

    number: int  # from 1
    wording: Wording
    before: int | None  # number of the version that it was edited from; None: it is the first
    diff: Diff | None  # from that one


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """All that an evidence pack tells of an article."""

    made: datetime
    program: str  # diemtin's version
    kept: Kept
    exhibits: tuple[Exhibit, ...]
    steps: tuple[Step, ...]
    story: Story | None = None
    original: Copy | None = None  # the article whose text it copies
    copies: tuple[Copy, ...] = ()  # of this article


class FlawKind(StrEnum):
    """What may be wrong with an evidence pack."""

    UNREADABLE = "unreadable"  # no zip, cut short, or not to be unpacked
    UNSAFE = "unsafe"  # made to harm whoever unpacks it: names, links, sizes, numbers
    DIGEST = "digest"  # the manifest is not the one whose digest was given
    MANIFEST = "manifest"  # is not there, is none, or does not agree with itself
    ALTERED = "altered"
    MISSING = "missing"
    ADDED = "added"
    RENAMED = "renamed"
    CONTRADICTS = "contradicts"  # two files of the pack do not say the same
    DIFFERS = "differs"  # a text that does not follow from its capture


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """One thing that is not as it should be in an evidence pack."""

    kind: FlawKind
    file: str  # in the pack; empty: the pack itself
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}: {self.message}" if self.file else f"{self.kind}: {self.message}"


class Follows(StrEnum):
    """Whether a version's text follows from its capture."""

    YES = "follows"  # read again, the capture gives this text
    NO = "differs"
    OTHER = "other_reader"  # it was read by another version of the reader than the one that is here
    UNREAD = "unread"  # its capture is not in the pack, or not whole; or it was not asked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One version of a pack, as reading its capture again found it."""

    version: int
    follows: Follows
    said: str  # in a few words


@dataclass(frozen=True, kw_only=True, slots=True)
class PackReport:
    """What checking an evidence pack gave."""

    flaws: tuple[Flaw, ...] = ()
    digest: str | None = None  # of the manifest, SHA-256; None: there is none
    compared: bool = False  # a digest was given to hold it against
    files: int = 0  # in the pack
    size: int = 0  # of these, bytes
    article_id: int | None = None
    title: str | None = None
    made: str | None = None  # as the manifest says
    program: str | None = None  # diemtin's version that made it
    captures: int = 0
    absent: int = 0  # of them those whose record is not in the pack, as the manifest says: pruned, or damaged
    versions: tuple[Judged, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.flaws
