"""The pages say only what is true: README's digest is what prints, links lead somewhere, nothing of a machine is in them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import config
from tests.commands import ROOT, SEEDS, diemtin

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))
STAMP = re.compile(r"\d\d/\d\d/2026 \d\d:\d\d")


def test_the_digest_in_the_readme_is_what_prints(tmp_path: Path) -> None:
    sample = (ROOT / "README.md").read_text(encoding="utf-8").split("```\n")[1]
    printed = diemtin(tmp_path, "reprocess", SEEDS).out + "\n" + STAMP.sub("TIME", diemtin(tmp_path, "digest").out)
    parts = [part.strip("\n") for part in STAMP.sub("TIME", sample).split("    […]\n")]
    assert len(parts) == 2
    assert all(part in printed for part in parts)


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = {re.split(r"[<>=]", need)[0] for need in [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]}
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    assert {name for name in named if not re.search(rf"[| ,]{re.escape(name)}[ ,|]", table)} == set()


def test_every_setting_is_in_the_default_file_with_its_default() -> None:
    written = config.parse(config.DEFAULT, Path())
    bare = config.parse("", Path())
    assert (written.timezone, written.workers, written.topics, written.crawl) == (
        bare.timezone,
        bare.workers,
        bare.topics,
        bare.crawl,
    )
    for key in (*config.CrawlSettings.__dataclass_fields__, "timezone", "workers", "topics"):
        assert re.search(rf"^{key} = .*#", config.DEFAULT, re.MULTILINE), key
