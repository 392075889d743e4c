"""Which topics an article is about, and why. Topics are data (topics/*.toml, read by topicfile); this module applies them. Pure.

A phrase is looked for on whole words in title, lead, text and captions, in any case and tone style, marks kept; in a line that
has no marks at all also without them. All that is not the article is never searched. Where matches overlap the longest from the
left counts, so that a sport or commerce phrase takes its words away: ASEAN inside `ASEAN Cup` is no hit.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import text
from model import Article, Evidence, Field, Flag, Held, Level, Matched, Move, Reasoning, Unmatched
from track.topicfile import DECISIVE, PLACES, STRONG, Kind, Near, Pattern, Prior, Rule, Topic, load

__all__ = ["Kind", "Topic", "compare", "explain", "flag", "load"]

_LONGEST = 200  # characters of a word that is looked for near by, at most
_USUAL_WORDS = 400  # length at which scores are compared
_SENTENCE_ENDS = re.compile(r"[.!?;\n]")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A match that counts."""

    rule: Rule
    field: Field
    place: str
    paragraph: int  # of the text, its lead is 0; of the title -1, of captions -2
    start: int
    end: int
    passing: tuple[int, int] | None  # where the words stand that make it one in passing
    aside: bool  # so that it is no more than a mention


@dataclass(slots=True)
class _Found:
    """What was found in one text."""

    consumed: list[Rule] = field(default_factory=list)
    hits: list[tuple[Rule, int, int, tuple[int, int] | None, bool]] = field(default_factory=list)
    sport: dict[str, str] = field(default_factory=dict)  # words of sport reports: as the key has them, and as they stand
    unmatched: list[tuple[Rule, int, int, str]] = field(default_factory=list)


def flag(article: Article, topics: Iterable[Topic], day: date | None = None) -> tuple[Flag, ...]:
    """The flags of an article, one for each topic that it is about. The same article, topics and day give the same flags.

    `day`: when the article was captured. What is valid for a time is so by its date of publication, or where it has none by this.
    """
    return tuple(found for topic in topics if (found := explain(article, topic, day, whole=False).flag))


def explain(article: Article, topic: Topic, day: date | None = None, *, whole: bool = True) -> Reasoning:
    """How a topic judges an article; `whole`: with each match, and with those that do not count."""
    judge = _Judge(article, topic, day, whole)
    return judge.reasoning()


def compare(held: Held, before: Topic | None, after: Topic) -> Move | None:
    """What other rules make of a stored article; None: its flag stays, on its level.

    `before`: the rules in force, for the reasons of what has no flag; what counts is the flag as it is stored.
    """
    day = held.captured.date()
    found = explain(held.article, after, day, whole=False)
    kept = next((one for one in held.flags if one.topic == after.name), None)
    if (kept.level if kept else None) == (found.flag.level if found.flag else None):
        return None
    article = held.article
    return Move(
        article_id=held.article_id,
        title=article.title,
        outlet=article.outlet or article.site,
        url=article.url,
        kept=kept,
        before=explain(article, before, day) if before else None,
        after=explain(article, after, day),
    )


# ---------------------------------------------------------------- matches


def _find(
    said: str, key: str, elsewhere: str, topic: Topic, day: date | None, place: Callable[[int], str], whole: bool
) -> _Found:
    """The phrases that count, in order: whole words, longest from the left, in their place and time, needs met.

    `elsewhere`: where a needed word may stand, too.
    """
    found = _Found()
    candidates: list[tuple[int, int, Rule]] = []
    passing: list[tuple[int, int, bool]] = []
    near = _Nearby(key, elsewhere, day, whole)
    for number, start, end in topic.machine.find_matches_as_indexes(key, overlapping=True):
        if not _whole(key, start, end):
            continue
        near.there.add(key[start:end])
        for pattern in topic.patterns[number]:
            if not _stands(pattern, said, key, start, end):
                continue
            rule = pattern.rule
            if rule.kind == Kind.SPORT:
                found.sport.setdefault(key[start:end], said[start:end])
            elif rule.kind in (Kind.PASSING, Kind.ASIDE):
                behind = pattern.then.match(key, end) if pattern.then else None
                if behind or not pattern.then:
                    passing.append((start, behind.end() if behind else end, rule.kind == Kind.ASIDE))
            elif rule.kind != Kind.NEAR:
                candidates.append((start, -end, rule))
    if any(rule.kind == Kind.CONSUME and (rule.needs or rule.unless) for _, _, rule in candidates):
        candidates = [one for one in candidates if one[2].kind == Kind.TERM or near.refused(one[2], one[0], -one[1]) is None]
    passing.sort(key=lambda one: one[1])
    # What is whole in itself goes before what needs another word near by: `Hội nghị Bộ trưởng` before `Bộ trưởng Y tế ASEAN`.
    candidates.sort(key=lambda one: (one[2].kind == Kind.TERM and not one[2].anywhere, *one[:2], one[2].kind == Kind.TERM))
    near.key = _without(key, candidates)
    starts: list[int] = []  # of what is taken, in order: no two overlap, so that the neighbours say all
    taken: dict[int, tuple[int, Rule]] = {}
    for start, minus_end, rule in candidates:
        end = -minus_end
        at = bisect_right(starts, start)
        owner = next((taken[one][1] for one in starts[max(0, at - 1) : at + 1] if start < taken[one][0] and one < end), None)
        if owner is not None:
            if whole and rule.kind == Kind.TERM and owner.kind == Kind.CONSUME:
                found.unmatched.append((rule, start, end, f"its words belong to a phrase of `{owner.name}`"))
            continue
        if rule.kind == Kind.CONSUME:
            found.consumed.append(rule)
        elif (why := _out_of_place(rule, place, start) or near.refused(rule, start, end)) is not None:
            if whole:
                found.unmatched.append((rule, start, end, why))
            continue
        else:
            found.hits.append((rule, start, end, *_passing(key, passing, start, end, topic.passing_within)))
        starts.insert(at, start)
        taken[start] = end, rule
    found.hits.sort(key=lambda hit: hit[1])
    return found


def _out_of_place(rule: Rule, place: Callable[[int], str], start: int) -> str | None:
    if len(rule.places) == len(PLACES) or place(start) in rule.places:
        return None
    return f"it counts in {', '.join(one for one in PLACES if one in rule.places)} alone"


def _whole(key: str, start: int, end: int) -> bool:
    """No letter, digit or mark touches the match."""
    before = key[start - 1] if start else " "
    after = key[end] if end < len(key) else " "
    if "\u0300" <= after <= "\u036f":
        return False
    return not (before.isalnum() and key[start].isalnum()) and not (after.isalnum() and key[end - 1].isalnum())


def _stands(pattern: Pattern, said: str, key: str, start: int, end: int) -> bool:
    if pattern.exact is not None:
        return text.fold_tones(said[start:end]) == pattern.exact
    return not pattern.plain or _is_unmarked(key, start)


def _is_unmarked(key: str, at: int) -> bool:
    """The line around has no letter beyond a to z."""
    end = key.find("\n", at)
    line = key[key.rfind("\n", 0, at) + 1 : end if end >= 0 else len(key)]
    return line.isascii() or not any(c.isalpha() and not c.isascii() for c in line)


def _without(key: str, candidates: list[tuple[int, int, Rule]]) -> str:
    """The text in which a needed word may stand: not inside what takes its words away."""
    parts, at = [], 0
    for start, minus_end in sorted(one[:2] for one in candidates if one[2].kind == Kind.CONSUME):
        if -minus_end > at:
            parts += [key[at:start], "\0" * (-minus_end - max(start, at))]
            at = -minus_end
    return "".join((*parts, key[at:])) if parts else key


class _Nearby:
    """What stands near the matches of one text."""

    def __init__(self, key: str, elsewhere: str, day: date | None, whole: bool) -> None:
        self.key, self._elsewhere, self._day, self._whole = key, elsewhere, day, whole
        self.there: set[str] = set()  # whole words and phrases that the text has
        self._there: dict[int, tuple[Near, ...]] = {}  # by the words' id: they are hashed slowly, and outlive this

    def refused(self, rule: Rule, start: int, end: int) -> str | None:
        """Why a match does not count, in words where they are asked for; None: it does."""
        if not rule.holds(self._day):
            why = f"it is valid from {rule.since or 'ever'} to {rule.until or 'now'}"
            return why if self._day else f"{why}, and the day is not known"
        if not rule.needs and not rule.unless:
            return None
        low, high = 0, len(self.key)
        if not rule.anywhere:  # so near that it is one phrase with a gap, which no line end is
            low = self.key.rfind("\n", max(0, start - rule.within - _LONGEST), start) + 1
            high = line if (line := self.key.find("\n", end, end + rule.within + _LONGEST)) >= 0 else high
        distance = self._distance(rule.needs, rule.within, low, start, end, high)
        if rule.needs and distance is None and not (rule.anywhere and self._stands_elsewhere(rule.needs)):
            if not self._whole:
                return ""
            where = f"within {rule.within} characters" + (" or in the title" if rule.anywhere else "")
            return f"none of {_said(rule.needs)} stands {where}"
        other = self._distance(rule.unless, rule.within, low, start, end, high)
        if other is not None and (distance is None or other <= distance):
            return f"one of {_said(rule.unless)} stands nearer"
        return None

    def _distance(self, words: tuple[Near, ...], within: int, low: int, start: int, end: int, high: int) -> int | None:
        """How far the nearest of some words is, that does not stand farther away than `within`."""
        found: list[int] = []
        for word in self._in_text(words):
            reach = within + len(word.key)
            if (at := _last(word, self.key, max(low, start - reach), start)) >= 0:
                found.append(start - at - len(word.key))
            if (at := _first(word, self.key, end, min(high, end + reach))) >= 0:
                found.append(at - end)
        return min(found, default=None)

    def _in_text(self, words: tuple[Near, ...]) -> tuple[Near, ...]:
        """Those that the text has at all: few, and looked for once, however many matches there are."""
        if (found := self._there.get(id(words))) is None:
            found = self._there[id(words)] = tuple([word for word in words if word.key in self.there])
        return found

    def _stands_elsewhere(self, words: Iterable[Near]) -> bool:
        return any(_first(word, self._elsewhere, 0, len(self._elsewhere)) >= 0 for word in words)


def _said(words: Iterable[Near]) -> str:
    return ", ".join(word.key for word in words if not word.plain)


def _first(word: Near, key: str, low: int, high: int) -> int:
    at = key.find(word.key, low, high)
    while at >= 0 and not _is_word(word, key, at):
        at = key.find(word.key, at + 1, high)
    return at


def _last(word: Near, key: str, low: int, high: int) -> int:
    at = key.rfind(word.key, low, high)
    while at >= 0 and not _is_word(word, key, at):
        at = key.rfind(word.key, low, at + len(word.key) - 1)
    return at


def _is_word(word: Near, key: str, at: int) -> bool:
    return _whole(key, at, at + len(word.key)) and (not word.plain or _is_unmarked(key, at))


def _passing(
    key: str, passing: list[tuple[int, int, bool]], start: int, end: int, within: int
) -> tuple[tuple[int, int] | None, bool]:
    """(the words shortly before a match, in its sentence, that say that it is named in passing; whether aside).

    They may reach into the match: `theo Hiệp định` before `Hiệp định thương mại tự do ASEAN`.
    """
    at = bisect_left(passing, start - within, key=lambda one: one[1])
    found: tuple[int, int] | None = None
    for first, last, aside in passing[at:]:
        if last > end:
            break
        if first < start and not _SENTENCE_ENDS.search(key, last, max(last, start)):
            if aside:
                return (first, last), True
            found = first, last
    return found, False


# ---------------------------------------------------------------- judging


class _Judge:
    """One article before one topic."""

    def __init__(self, article: Article, topic: Topic, day: date | None, whole: bool) -> None:
        self._article, self._topic, self._whole = article, topic, whole
        published = article.published
        self._day = published.date() if published else day
        self._title, self._said = article.title or "", article.text
        self._words = max(1, len(self._said.split()))
        self._hits: list[_Hit] = []
        self._sport: dict[str, str] = {}
        self._consumed: list[Rule] = []
        self._unmatched: list[Unmatched] = []
        self._match()
        places = topic.places
        self._strong = [hit for hit in self._hits if hit.rule.weight >= STRONG and hit.field is not Field.CAPTIONS]
        below = [hit for hit in self._strong if hit.field is not Field.TITLE]
        self._below = len(below)
        self._density = 1000 * len(below) / max(self._words, topic.levels.words)
        self._priors = tuple(prior for prior in topic.priors if _applies(prior, article))
        best: dict[str, float] = {}
        for hit in self._hits:
            best[hit.rule.name] = max(best.get(hit.rule.name, 0.0), hit.rule.weight * places[hit.place])
        length = math.sqrt(max(self._words, _USUAL_WORDS) / _USUAL_WORDS)
        self._score = round(sum(best.values()) / length + (sum(p.adds for p in self._priors) if best else 0.0), 2)

    # ------------------------------------------------------------ what stands where

    def _match(self) -> None:
        title, key = text.scan_key(self._title), text.scan_key(self._said)
        lead, self._ends = self._borders()
        self._lead = lead
        self._take(self._title, title, key[:lead], Field.TITLE)
        self._take(self._said, key, title, Field.TEXT)
        if self._topic.places["caption"] and (captions := self._article.captions):
            self._take(captions, text.scan_key(captions), title, Field.CAPTIONS)

    def _take(self, said: str, key: str, elsewhere: str, where: Field) -> None:
        def place(start: int) -> tuple[Field, str, int]:
            return _place(where, start, self._lead, self._ends, self._topic.first_paragraphs)

        found = _find(said, key, elsewhere, self._topic, self._day, lambda start: place(start)[1], self._whole)
        if where is not Field.CAPTIONS:
            self._sport |= found.sport
            self._consumed += found.consumed
        for rule, start, end, passing, aside in found.hits:
            self._hits.append(_Hit(rule, *place(start), start, end, passing, aside))
        for rule, start, end, why in found.unmatched:
            at, _, _ = place(start)
            self._unmatched.append(Unmatched(evidence=_evidence(rule, said, at, start, end), why=why))

    def _borders(self) -> tuple[int, list[int]]:
        """(length of the lead, where the paragraphs of the text end)."""
        lead = self._article.lead or ""
        said = self._said
        # The lead opens the text: a hit there is told once, as one in the lead.
        length = len(lead) if lead and said.startswith(lead) else 0
        ends, at = [], -1
        while (at := said.find("\n", at + 1)) >= 0:
            ends.append(at)
        return length, ends

    # ------------------------------------------------------------ the verdict

    def reasoning(self) -> Reasoning:
        level, why = self._level()
        verdict = level or ("sport" if self._is_sport_of_the_topic() else "none")
        near = self._near(level) if (level and level is not Level.CORE) or (self._whole and not level) else ()
        topic, matched = self._topic, tuple(map(self._matched, self._hits)) if self._whole else ()
        levels = topic.levels
        thresholds = (
            ("core", levels.core),
            ("related", levels.related),
            ("mention", levels.mention),
            ("core_density", levels.core_density),
            ("related_density", levels.related_density),
        )
        found = level and Flag(
            topic=topic.name,
            level=level,
            score=self._score,
            rules=topic.version,
            evidence=tuple(_evidence(hit.rule, self._text(hit), hit.field, hit.start, hit.end) for hit in self._hits),
            why=why,
            near=near,
        )
        return Reasoning(
            topic=topic.name,
            rules=topic.version,
            verdict=verdict,
            score=self._score,
            words=self._words,
            density=round(self._density, 1),
            thresholds=thresholds,
            matched=matched,
            unmatched=tuple(self._unmatched),
            flag=found or None,
            why=why if level else self._why_none(verdict),
            near=near,
        )

    def _level(self) -> tuple[Level | None, tuple[str, ...]]:
        """The level, and what gave it."""
        named = [hit for hit in self._hits if hit.field is not Field.CAPTIONS]
        anchors = [hit for hit in named if hit.rule.weight >= STRONG or hit.rule.name in self._topic.base]
        if not anchors or self._score < self._topic.levels.mention:
            return None, ()
        decisive = self._decisive()
        if decisive and self._reaches(Level.CORE):
            return Level.CORE, (decisive,)
        if self._sports():
            return None, ()
        if self._reaches(Level.CORE) and (together := self._named() or self._early() or self._dense()):
            return Level.CORE, (together,)
        if why := decisive or self._related():
            return (Level.RELATED, (why,)) if self._reaches(Level.RELATED) else (Level.MENTION, (self._mention(anchors),))
        return Level.MENTION, (self._mention(anchors),)

    def _reaches(self, level: Level) -> bool:
        levels = self._topic.levels
        return self._score >= (levels.core if level is Level.CORE else levels.related)

    def _decisive(self) -> str | None:
        """A decisive term in title or lead that does not stand there in passing."""
        for hit in self._strong:
            if hit.rule.weight >= DECISIVE and hit.place in hit.rule.decides and hit.passing is None:
                return f"{self._said_hit(hit)} decides in the {hit.place}"
        return None

    def _named(self) -> str | None:
        """The topic's name in the title, where the text goes on about it."""
        levels = self._topic.levels
        hit = next((one for one in self._in_title() if one.rule.name in self._topic.base and one.passing is None), None)
        if hit and self._below >= levels.named and self._density >= levels.core_density:
            return f"{self._said_hit(hit)} in the title, and {self._below} strong terms in the text"
        return None

    def _early(self) -> str | None:
        """Two strong terms, one of them in title or lead."""
        levels = self._topic.levels
        rules = {hit.rule.name for hit in self._strong if hit.passing is None}
        hit = next((one for one in self._strong if one.place in ("title", "lead") and one.passing is None), None)
        if hit and levels.early and len(rules) >= 2 and self._score >= levels.early and self._density >= levels.core_density:
            return f"{self._said_hit(hit)} in the {hit.place}, with {', '.join(sorted(rules - {hit.rule.name}))}"
        return None

    def _in_title(self) -> list[_Hit]:
        return [hit for hit in self._strong if hit.field is Field.TITLE]

    def _dense(self) -> str | None:
        """Several strong terms together, not all of them in one place far down."""
        levels = self._topic.levels
        rules = {hit.rule.name for hit in self._strong if hit.passing is None}
        if len(rules) >= levels.core_rules and self._density >= levels.core_density and self._spread():
            return f"{len(rules)} different strong terms ({', '.join(sorted(rules))}), {self._density:.1f} in 1,000 words"
        return None

    def _spread(self) -> bool:
        least = self._topic.levels.paragraphs
        if least <= 1:
            return True
        early = any(hit.place in ("title", "lead", "first") for hit in self._strong)
        return early and len({hit.paragraph for hit in self._strong}) >= least

    def _related(self) -> str | None:
        rules = {hit.rule.name for hit in self._strong}
        if len(rules) >= 2 and self._density >= self._topic.levels.related_density and self._spread():
            return f"{len(rules)} different strong terms ({', '.join(sorted(rules))}), {self._density:.1f} in 1,000 words"
        if self._topic.levels.paragraphs > 1 and (in_title := [hit for hit in self._in_title() if not hit.aside]):
            return f"{self._said_hit(in_title[0])} in the title"
        for hit in self._strong:
            if hit.rule.weight >= DECISIVE and hit.place in hit.rule.decides and not hit.aside:
                return f"{self._said_hit(hit)} in the {hit.place}, in passing"
        for prior in self._priors:
            if prior.level in (Level.CORE, Level.RELATED) and self._strong:
                return f"it stands where `{prior.rule}` says so ({self._where(prior)})"
        return None

    def _is_sport_of_the_topic(self) -> bool:
        """A sport report that names the topic, or a phrase of [[consume]] `sport` that has the name in it."""
        return any(rule.name.startswith("sport") for rule in self._consumed) or bool(self._hits and self._sports())

    def _mention(self, anchors: list[_Hit]) -> str:
        rules = sorted({hit.rule.name for hit in anchors})
        return f"named: {', '.join(rules)}"

    def _sports(self) -> tuple[str, ...]:
        """What makes it a sport report: its section, or words of such reports."""
        section = text.match_key(self._article.section or "")
        sections = self._topic.sport_sections
        folders = (self._article.url or "").partition("://")[2].split("/")[1:-1]
        starts = tuple(f"{one.replace(' ', '-')}-" for one in sections)  # `/the-thao-quoc-te/` is one, too
        if sections and (section in sections or any(f"{folder}-".startswith(starts) for folder in folders)):
            return (f"the section {self._article.section or self._article.url}",)
        return tuple(self._sport.values()) if len(self._sport) >= self._topic.sport_least else ()

    def _why_none(self, verdict: str) -> tuple[str, ...]:
        if verdict == "sport":
            signs = self._sports()[:6] or tuple(dict.fromkeys(rule.name for rule in self._consumed))
            return (f"a sport report ({', '.join(signs)}), and no decisive term in title or lead",)
        if self._score < self._topic.levels.mention and self._hits:
            return (f"mention from {self._topic.levels.mention:g}; it has {self._score:g}",)
        return ("no strong term in title or text",) if self._hits else ("no term in it",)

    # ------------------------------------------------------------ near misses

    def _near(self, level: Level | None) -> tuple[str, ...]:
        """What kept it from the next level."""
        if level is Level.RELATED:
            return self._near_core()
        if level is Level.MENTION:
            return self._near_related()
        return ()

    def _near_core(self) -> tuple[str, ...]:
        levels = self._topic.levels
        lines = [] if self._reaches(Level.CORE) else [f"core from {levels.core:g}; it has {self._score:g}"]
        lines.append(self._undecided())
        rules = {hit.rule.name for hit in self._strong if hit.passing is None}
        if len(rules) < levels.core_rules:
            lines.append(f"{len(rules)} of {levels.core_rules} different strong terms that decide together")
        elif self._density >= levels.core_density and not self._spread():
            lines.append(f"its strong terms stand in fewer than {levels.paragraphs} paragraphs, or only far down")
        if self._density < levels.core_density:
            lines.append(f"core from {levels.core_density:g} strong terms in 1,000 words; it has {self._density:.1f}")
        return tuple(line for line in lines if line)

    def _undecided(self) -> str:
        for hit in self._strong:
            if hit.rule.weight >= DECISIVE and hit.passing is not None:
                words = self._text(hit)[slice(*hit.passing)]
                return f"{self._said_hit(hit)} in the {hit.place} does not decide: it stands behind “{words}”"
        return "" if self._decisive() else "no decisive term in title or lead"

    def _near_related(self) -> tuple[str, ...]:
        levels = self._topic.levels
        rules = {hit.rule.name for hit in self._strong}
        lines = [] if self._reaches(Level.RELATED) else [f"related from {levels.related:g}; it has {self._score:g}"]
        if len(rules) < 2:
            lines.append(f"{len(rules)} of 2 different strong terms, none of them in the title")
        elif self._density >= levels.related_density and not self._spread():
            lines.append(f"its strong terms stand in fewer than {levels.paragraphs} paragraphs, or only far down")
        if self._density < levels.related_density:
            lines.append(f"related from {levels.related_density:g} strong terms in 1,000 words; it has {self._density:.1f}")
        lines.append("" if self._decisive() else "no decisive term in title or lead")
        return tuple(line for line in lines if line)

    # ------------------------------------------------------------ telling

    def _text(self, hit: _Hit) -> str:
        return self._title if hit.field is Field.TITLE else self._article.captions if hit.field is Field.CAPTIONS else self._said

    def _said_hit(self, hit: _Hit) -> str:
        return f"“{self._text(hit)[hit.start : hit.end]}” ({hit.rule.name})"

    def _where(self, prior: Prior) -> str:
        section = self._article.section or ""
        return section if text.match_key(section) in prior.sections else self._article.site or section

    def _matched(self, hit: _Hit) -> Matched:
        said = self._text(hit)
        return Matched(
            evidence=_evidence(hit.rule, said, hit.field, hit.start, hit.end),
            place=hit.place,
            weight=hit.rule.weight,
            worth=hit.rule.weight * self._topic.places[hit.place],
            passing=said[slice(*hit.passing)] if hit.passing else None,
        )


def _evidence(rule: Rule, said: str, where: Field, start: int, end: int) -> Evidence:
    return Evidence(rule=rule.name, text=said[start:end], field=where, start=start, end=end)


def _place(where: Field, start: int, lead: int, ends: list[int], first: int) -> tuple[Field, str, int]:
    """(the field in which a match is told, its place, its paragraph)."""
    if where is Field.TITLE:
        return where, "title", -1
    if where is Field.CAPTIONS:
        return where, "caption", -2
    paragraph = bisect_right(ends, start - 1) if start else 0
    if start < lead:
        return Field.LEAD, "lead", paragraph
    opening = bisect_right(ends, lead - 1) if lead else 0
    number = paragraph - opening - (1 if lead else 0)
    return Field.TEXT, "first" if number < first else "rest", paragraph


def _applies(prior: Prior, article: Article) -> bool:
    if prior.outlets and (article.site or "").lower() in prior.outlets:
        return True
    if not prior.sections:
        return False
    return any(text.match_key(one) in prior.sections for one in (article.section or "", *article.breadcrumb) if one)
