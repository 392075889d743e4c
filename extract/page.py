"""A parsed page: one walk finds every element by tag, class, id and role; selectors are then dictionary look-ups.

The page is parsed once, from bytes. Body, fields and dates share this tree.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, TypeAlias

from lxml import etree

import urls
from model import ExtractError

Element: TypeAlias = etree._Element

# What XML does not allow. The parser takes these; the trees refuse them later. In bytes: ten times as fast as in text.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c"))
_TO_BLANKS = bytes.maketrans(b"\x0b\x0c", b"  ")
# U+FFFE and U+FFFF; and marks of our own (markup.py).
_NO_CHARACTERS = "\ufffe\uffff\ue000\ue001\ue002"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Only what may be illegal: below 32, or of five digits and more.
_REFERENCE = re.compile(
    r"&#(?:[xX]0*([0-9a-fA-F]{1,2}|[0-9a-fA-F]{4,})(?![0-9a-fA-F])|0*([0-9]|[12][0-9]|3[01]|[0-9]{5,})(?![0-9]));?"
)
_BESIDE_TAGS = frozenset(("aside", "nav", "footer"))
_BESIDE_ROLES = frozenset(("complementary", "contentinfo", "navigation"))
_BESIDE_CLASSES = frozenset(("sidebar", "footer"))
_RARE = frozenset(("input", "meta", "time", "h1", "h2"))  # by their tag they are found soonest
_ATTRIBUTES = ("itemprop", "data-role", "role", "type")  # those that selectors may name

_NAMED = {name: etree.XPath(f"//*[@{name}]") for name in ("id", *_ATTRIBUTES)}


def parse(page: str) -> Element:
    """The page's tree. Raises ExtractError where there is nothing to parse (kind no_article), or too much (too_large)."""
    _require_bounds(page)
    # huge_tree: libxml2 else stops at 256 levels, and what stands below them is lost; the pool holds time and memory.
    # Not lxml.html: its elements ask Python for their class one by one, which costs as much as the parsing.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False)
    try:
        tree = etree.fromstring(_legal(page), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ExtractError("is no HTML that can be parsed", kind="no_article") from error
    if tree is None:
        raise ExtractError("is no HTML that can be parsed", kind="no_article")
    return tree


# Time and memory grow with the tags, and with the square of one tag's attributes. Real pages have some thousands of tags, the
# largest 60,000.
_TAGS = 100_000
_ATTRIBUTE_COST = 50_000_000  # the sum of the squares of the numbers of attributes, about: a tag of 7,000, or fifty of 1,000
_SPELLING = 2_000  # characters of a class attribute that are looked at
_LONG_PAGE = 300_000  # characters; a shorter page cannot hold a tag that takes long


def _require_bounds(page: str) -> None:
    if page.count("<") > _TAGS:
        raise ExtractError(f"has more than {_TAGS:,} tags; no article has so many", kind="too_large")
    if len(page) < _LONG_PAGE:
        return
    cost = 0
    for part in page.split("<"):
        if len(part) > _LONG_TAG and part[0].isalpha() and not _ends_soon(part):
            tag = _QUOTED.sub("", part).partition(">")[0]
            cost += max(tag.count("="), len(tag.split())) ** 2
    if cost > _ATTRIBUTE_COST:
        raise ExtractError("has tags with more attributes than can be read in time", kind="too_large")


def _ends_soon(part: str) -> bool:
    """The tag that a part opens with is a short one: what is long is the text behind it."""
    end = part.find(">", 0, _LONG_TAG)
    return end >= 0 and part.count('"', 0, end) % 2 == 0 and part.count("'", 0, end) % 2 == 0


_QUOTED = re.compile("\"[^\"]*+\"|'[^']*+'")
_LONG_TAG = 2_000  # characters


def _legal(page: str) -> bytes:
    """The page in UTF-8 without characters that XML does not allow, written as themselves or by number."""
    if "&#" in page:
        page = _REFERENCE.sub(_by_number, page)
    encoded = page.encode("utf-8", "replace").translate(_TO_BLANKS, _CONTROLS)
    if b"\xef\xbf" in encoded or b"\xee\x80" in encoded:  # what the following begin with
        for character in _NO_CHARACTERS:
            encoded = encoded.replace(character.encode(), b"")
    return encoded


def _by_number(found: re.Match[str]) -> str:
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    digits = digits.lstrip("0")
    number = int(digits or "0", base) if len(digits) < 8 else 0
    return found[0] if 0 < number < 0x110000 and not _ILLEGAL.match(chr(number)) else " "


@dataclass(frozen=True, kw_only=True, slots=True)
class Compound:
    """One step of a selector: `tag.class#id[name=value]`, every part optional."""

    tag: str | None
    ident: str | None
    classes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]

    @property
    def is_class(self) -> bool:
        """It asks for one class and nothing else: what is found by that class fits."""
        return len(self.classes) == 1 and not (self.tag or self.ident or self.attributes)

    def fits(self, element: Element) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.ident and element.get("id") != self.ident:
            return False
        if self.classes:
            names = (element.get("class") or "").split()
            if not all(name in names for name in self.classes):
                return False
        return all(element.get(name) == value for name, value in self.attributes)


_PART = re.compile(r"([.#]?)([\w-]+)|\[([\w-]+)=([^\]\s]+)\]")
_STEP = re.compile(rf"(?:{_PART.pattern})+")


@lru_cache(maxsize=2_000)
def selector(raw: str) -> tuple[Compound, ...]:
    """A selector's steps, outermost first: compounds parted by blanks, each below the one before.

    Raises ValueError where it is none.
    """
    steps = []
    for step in raw.split():
        if not _STEP.fullmatch(step):
            raise ValueError(f"no selector: {raw!r}; use tag, .class, #id and [name=value], parted by blanks")
        tag, ident, classes, attributes = None, None, [], []
        for mark, name, attribute, value in _PART.findall(step):
            if attribute and attribute not in _ATTRIBUTES:
                raise ValueError(f"no selector: {raw!r}; of attributes only {', '.join(_ATTRIBUTES)} are looked up")
            if attribute:
                attributes.append((attribute, value))
            elif mark == ".":
                classes.append(name)
            elif mark == "#":
                ident = name
            else:
                tag = name
        steps.append(Compound(tag=tag, ident=ident, classes=tuple(classes), attributes=tuple(attributes)))
    if not steps:
        raise ValueError("a selector is empty")
    return tuple(steps)


@lru_cache(maxsize=2_000)
def _class_names(raw: str) -> frozenset[str]:
    """The class names without which a selector finds nothing: most selectors end here."""
    return frozenset(name for step in selector(raw) for name in step.classes)


class Page:
    """The elements of a tree, by what selectors ask for. What is taken out of the tree later is still found here: see `holds`.

    Each index is made when it is first asked for, by libxml2 and not in Python: most pages need two or three of them.
    """

    def __init__(self, tree: Element) -> None:
        self.tree = tree
        tags: defaultdict[Any, list[Element]] = defaultdict(list)
        roles: defaultdict[str, list[Element]] = defaultdict(list)
        spellings: defaultdict[str, list[Element]] = defaultdict(list)  # by the whole class attribute: few are different
        # Held, for lxml makes an element's Python object anew each time that nobody holds it.
        self._elements = list(tree.iter())
        for element in self._elements:
            tags[element.tag].append(element)
            if spelling := element.get("class"):
                spellings[spelling].append(element)
            if role := element.get("itemprop"):
                roles[role].append(element)
        self._tags = tags
        self._classes: dict[str, list[list[Element]]] = {}
        for spelling, elements in spellings.items():
            for name in set(spelling[:_SPELLING].split()):
                self._classes.setdefault(name, []).append(elements)
        self._beside = set(self.tagged(*_BESIDE_TAGS))
        self._beside.update(e for name in _BESIDE_CLASSES for e in self.by_class(name) if e.tag != "body")
        self._named: dict[str, dict[str, list[Element]]] = {"itemprop": roles}

    def _by_attribute(self, name: str) -> dict[str, list[Element]]:
        """The elements that have an attribute, by its value."""
        if (found := self._named.get(name)) is None:
            found = self._named[name] = {}
            for element in _NAMED[name](self.tree):
                found.setdefault(element.get(name, ""), []).append(element)
        return found

    @cached_property
    def _order(self) -> dict[Element, int]:
        return {element: number for number, element in enumerate(self._elements)}

    @property
    def classes(self) -> Iterable[str]:
        """Every class name on the page."""
        return self._classes

    def address(self) -> str | None:
        """What the page calls its own address, list or not."""
        link = next((e for e in self.tagged("link") if (e.get("rel") or "").lower() == "canonical"), None)
        address = link.get("href") if link is not None else None
        return address if address and len(address) <= urls.LONGEST else None

    def tagged(self, *tags: str) -> list[Element]:
        """The elements of these tags, in page order."""
        return self._tags.get(tags[0], []) if len(tags) == 1 else list(self.tree.iter(*tags))

    def beside(self, element: Element) -> bool:
        """It stands beside the article, in a sidebar, a menu or a footer: newer, and another's."""
        return any(e in self._beside or e.get("role") in _BESIDE_ROLES for e in (element, *element.iterancestors()))

    def find(self, selectors: Iterable[str]) -> Iterator[Element]:
        """The elements that fit, selector by selector, each in page order."""
        return chain.from_iterable(self.groups(selectors))

    def groups(self, selectors: Iterable[str]) -> Iterator[Iterator[Element]]:
        """What each selector finds, but for those that ask for a class that is not on the page."""
        present = self._classes.keys()
        return (self._find(selector(raw)) for raw in selectors if _class_names(raw) <= present)

    def first(self, selectors: Iterable[str]) -> Element | None:
        """The first element that the first fitting selector finds in the tree as it is now, not beside the article."""
        return next((e for e in self.find(selectors) if self.holds(e) and not self.beside(e)), None)

    def has(self, selectors: Iterable[str]) -> bool:
        return next(self.find(selectors), None) is not None

    def holds(self, element: Element) -> bool:
        """The element still stands in the tree."""
        return element is self.tree or next(element.iterancestors("html"), None) is self.tree

    def follows(self, element: Element, other: Element) -> bool:
        """The element stands after the other one on the page; what stands inside it follows it."""
        mine, theirs = ([e, *e.iterancestors()][::-1] for e in (element, other))
        for one, two in zip(mine, theirs, strict=False):
            if one is not two:
                parent = one.getparent()
                return parent is not None and parent.index(one) > parent.index(two)
        return len(mine) > len(theirs)

    def by_class(self, name: str) -> list[Element]:
        """The elements of a class, in page order."""
        groups = self._classes.get(name, ())
        if len(groups) < 2:
            return groups[0] if groups else []
        return sorted((e for group in groups for e in group), key=lambda element: self._order.get(element, -1))

    def _find(self, steps: tuple[Compound, ...]) -> Iterator[Element]:
        """What fits the last step below what fits those before it, in page order. From the top: boxes are few, and links many."""
        last = steps[-1]
        if len(steps) == 1:
            found = self._candidates(last)
            yield from found if last.is_class else filter(last.fits, found)
            return
        boxes = dict.fromkeys(self._find(steps[:-1]))
        tags = {last.tag, *(str(box.tag) for box in boxes)} if last.tag else {"*"}
        inner: set[Element] = set()  # boxes inside a box: what they hold was found there
        for box in boxes:
            if box not in inner:
                for element in box.iterdescendants(*tags):
                    if element in boxes:
                        inner.add(element)
                    if last.fits(element):
                        yield element

    def _candidates(self, step: Compound) -> list[Element]:
        if step.ident:
            return self.tagged(step.tag) if step.tag else self._by_attribute("id").get(step.ident, [])
        if step.classes:
            return min((self.by_class(name) for name in step.classes), key=len)
        if step.attributes and step.tag not in _RARE:
            name, value = step.attributes[0]
            return self._by_attribute(name).get(value, [])
        return self.tagged(step.tag or "")
