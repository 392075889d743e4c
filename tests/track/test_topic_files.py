"""Topic files: what they may say, and mistakes told by file, line and key."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import ConfigError
from track import topics

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "topics" / "asean.toml").read_text(encoding="utf-8")
HEAD = 'name = "X"\nbase = "x"\n'
TERM = '\n[[term]]\nrule = "x"\nweight = 2\nphrases = ["x"]\n'


def test_the_shipped_file_is_one_topic_and_its_version_is_of_its_text() -> None:
    topic = topics.load(SHIPPED, "asean.toml")
    assert (topic.name, topic.base) == ("ASEAN", {"asean", "asean-region", "police"})
    assert sum(rule.spelled for rule in topic.rules) > 500
    assert topics.load(SHIPPED, "other name").version == topic.version
    assert topics.load(SHIPPED + "\n# said", "asean.toml").version != topic.version


def test_a_first_file_is_still_one() -> None:
    old = (
        'name = "X"\nbase = "x"\ncore_density = 5\nrelated_density = 1.5\nsections = ["Tin"]\n'
        + TERM
        + '[sport]\nwords = ["HLV"]\n'
    )
    topic = topics.load(old, "old.toml")
    assert (topic.levels.core, topic.levels.core_density, topic.levels.related_density) == (0.0, 5.0, 1.5)
    assert [prior.level for prior in topic.priors] == ["related"]
    assert topic.places == {"title": 3.0, "lead": 2.0, "first": 1.0, "rest": 1.0, "caption": 0.0}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (HEAD + "levels = ", r"^a.toml:3: is not TOML: Invalid value|^a.toml: is not TOML: Invalid value"),
        (HEAD + "levels = [1,,2]\n" + TERM, r"^a.toml:3: is not TOML"),
        (HEAD + TERM + "\n[[term]]\nweight = 2\nrule = 3\n", r"^a.toml:11: term\[2\].rule: is 3; it takes text in quotes"),
        (
            HEAD + TERM + '\n[[term]]\nrule = "y"\nphrases = ["y"]\n',
            r"^a.toml:9: term\[2\].weight: is missing; it takes a number",
        ),
        (HEAD + TERM.replace("2", '"2"'), r"^a.toml:6: term.weight: is '2'; it takes a number"),
        (HEAD + TERM.replace("2", "-1"), r"^a.toml:6: term.weight: is -1; it takes a number from 0.001 to 100"),
        (HEAD + TERM.replace("2", "nan"), r"^a.toml:6: term.weight: is nan; it takes a number from"),
        (HEAD + TERM + "within = 2.5\n", r"^a.toml:8: term.within: is 2.5; it takes a whole number"),
        (HEAD + TERM + "unles = []\n", r"^a.toml:8: term.unles: is not known here; known are: acronyms, case, decides"),
        (
            HEAD + TERM + 'places = ["title", "heading"]\n',
            r"^a.toml:8: term.places: has 'heading'; it takes some of: title, lead, first",
        ),
        (HEAD + TERM + 'decides = ["rest"]\n', r"^a.toml:8: term.decides: has 'rest'; it takes some of: title, lead$"),
        (HEAD + TERM + 'case = "upper"\n', r"^a.toml:8: term.case: is 'upper'; it takes any or exact"),
        (HEAD + TERM + 'from = "2025-01-01"\n', r"^a.toml:8: term.from: is '2025-01-01'; it takes a day"),
        (HEAD + TERM + "from = 2025-01-02\nuntil = 2025-01-01\n", r"^a.toml:9: term.until: is 2025-01-01, before its `from`"),
        (HEAD + TERM + "[levels]\ncore = true\n", r"^a.toml:9: levels.core: is True; it takes a number"),
        (HEAD + TERM + "[levels]\nsport = 1\n", r"^a.toml:9: levels.sport: is not known here"),
        (HEAD + TERM + "[places]\nheading = 1\n", r"^a.toml:9: places.heading: is not known here"),
        (
            HEAD + TERM + '[[prior]]\nrule = "a"\nlevel = "sport"\n',
            r"^a.toml:10: prior.level: is 'sport'; it takes core, related",
        ),
        (HEAD + TERM + "[sport]\nleast = 0\n", r"^a.toml:9: sport.least: is 0; it takes a number from 1"),
        (HEAD + TERM + "[[passing]]\nwords = []\n", r"^a.toml:8: passing: is \[.*\]; it takes a table, \[passing\]"),
        (HEAD.replace('"x"', '"y"') + TERM, r"^a.toml:2: base: names 'y', which is the rule of no \[\[term\]\]"),
        (HEAD.replace('"x"', "[3]") + TERM, r"^a.toml:2: base: is \[3\]; it takes a list of texts"),
        (HEAD + TERM.replace("[[term]]", "[term]"), r"^a.toml:4: term: is .*; it takes tables, \[\[term\]\]"),
        (HEAD, r"^a.toml:1: has no \[\[term\]\]"),
        (HEAD + TERM.replace('phrases = ["x"]', ""), r"^a.toml:4: term: has neither phrases nor acronyms"),
        (
            HEAD + 'term = [\n  {rule = "x", weight = 2, phrases = ["x"]},\n  {rule = "y", weight = "3"}]',
            r"^a.toml:5: term\[2\].weight",
        ),
        (HEAD + "levels = {core = 3,\n" + TERM, r"^a.toml:\d+: is not TOML"),
        (HEAD + "levels = {core = true}\n" + TERM, r"^a.toml:3: levels.core: is True"),
        (HEAD + "levels.related = 1\nlevels.'core' = true\n" + TERM, r"^a.toml:4: levels.core: is True"),
        (HEAD + TERM + "needs = [\"\"\"\nweight = 5\n\"\"\", '''\nweight = 6''']\ncase = 3\n", r"^a.toml:12: term.case: is 3"),
        (
            HEAD + TERM.replace("2", "0x" + "f" * 5000),
            r"^a.toml:6: term.weight: is too large to be shown; it takes a number from",
        ),
        (HEAD + TERM.replace("2", "9" * 5000), r"^a.toml:6: is not TOML: Exceeds the limit"),
        (HEAD + TERM.replace('["x"]', r'["\u200b", "x"]'), r"^a.toml:7: term.phrases: has '\\u200b'; it takes text"),
        (HEAD + TERM + r'needs = ["\u00ad"]', r"^a.toml:8: term.needs: has '\\xad'; it takes text"),
        (HEAD + TERM + '[[consume]]\nrule = "c"\nphrases = ["\u0301"]', r"^a.toml:10: consume.phrases: has .*; it takes text"),
        (
            HEAD + TERM.replace('["x"]', f'["{"x" * 201}"]'),
            r"^a.toml:7: term.phrases: has a text of 201 characters; it takes 200",
        ),
        (HEAD.replace('"X"', r'"\u200b \u0000"') + TERM, r"^a.toml:1: name: has .*; it takes text in quotes, with a letter"),
        (HEAD + TERM + TERM, r"^a.toml:10: term\[2\].rule: is 'x', which another rule is named"),
        (HEAD + TERM + TERM.replace('rule = "x"', 'rule = "X\u200b "'), r"^a.toml:10: term\[2\].rule: is 'X', which another"),
        (HEAD + TERM + "[levels]\ncore = 2\nrelated = 3\n", r"^a.toml:10: levels.related: is 3, above `core`, 2"),
        (HEAD + TERM + "[levels]\nmention = 2\nrelated = 1\n", r"^a.toml:9: levels.mention: is 2, above `related`, 1"),
        (HEAD + TERM + "[levels]\nrelated_density = 5\n", r"^a.toml:9: levels.related_density: is 5, above `core_density`, 4"),
        (HEAD + TERM + "places = []\n", r"^a.toml:8: term.places: is empty; it takes some of"),
        (HEAD + TERM + '[[prior]]\nrule = "p"\nadds = 1\n', r"^a.toml:8: prior: has neither sections nor outlets"),
        (HEAD + TERM + '[passing]\nwords = ["a", "… b"]\n', r"^a.toml:9: passing.words: has '… b'; a gap"),
        (HEAD + TERM + '[passing]\naside = ["a … b … c"]\n', r"^a.toml:9: passing.aside: has 'a … b … c'; a gap"),
        (HEAD + TERM + "'' = 1\n", r"^a.toml:4: term.'': is not known here"),
        (HEAD + TERM + "'\\u001b[31m' = 1\n", r"^a.toml:8: term.'.*31m': is not known here"),
        (HEAD + "other.of.mine = 1\n" + TERM, r"^a.toml:3: other: is not known here"),
        (HEAD.replace('"x"', "[]") + TERM, r"^a.toml:2: base: is empty"),
        (HEAD + TERM + "# \n\n'places' = 3\n", r"^a.toml:10: term.places: is 3; it takes a list"),
    ],
)
def test_a_mistake_is_told_by_file_line_and_key(source: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        topics.load(source, "a.toml")
    assert re.search(said, str(caught.value)), str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_lines_end_as_they_do_on_windows_too() -> None:
    with pytest.raises(ConfigError, match=r"^a.toml:6: term.weight"):
        topics.load((HEAD + TERM.replace("2", '"2"')).replace("\n", "\r\n"), "a.toml")


def test_names_are_kept_as_they_are_read() -> None:
    disguised = HEAD.replace('"X"', r'" Bie\u0302\u0309n\u200b\tĐo\u0302ng\u001b\n "') + TERM.replace('"x"', r'"x\u200b "', 1)
    topic = topics.load(disguised, "a.toml")
    assert (topic.name, topic.base, topic.rules[0].name) == ("Biển Đông", {"x"}, "x")


def test_a_file_of_many_terms_is_read_in_time() -> None:
    many = HEAD + TERM + "".join(TERM.replace('"x"', f'"x{number}"') for number in range(4_000))
    start = time.process_time()
    assert len(topics.load(many, "a.toml").rules) > 4_000
    assert time.process_time() - start < 3


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.integers(0, len(SHIPPED)), st.integers(0, 200))
def test_a_broken_file_is_a_mistake_and_never_a_bug(put_in: str, at: int, cut: int) -> None:
    with suppress(ConfigError):
        topics.load(SHIPPED[:at] + put_in + SHIPPED[at + cut :], "a.toml")
