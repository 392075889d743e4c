"""What `pip install .` gives: the wheel, in an empty environment, does the main job with all the data it needs.

This is the one test that downloads: the wheel's own requirements, resolved as pip would for a user.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHIPPED = (
    "cli/__init__.py",
    "topics/asean.toml",
    "extract/phrases.toml",
    "extract/outlets.toml",
    "crawler/families.toml",
    "digest/digest.html",
)


def pip(python: str | Path, *words: str | Path) -> None:
    # not in the checkout: pip takes what a build has left there for an installed diemtin
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, "-m", "pip", *words, "--quiet", "--disable-pip-version-check"]
    subprocess.run(command, check=True, cwd=Path(sys.prefix), env=clean)


def test_the_wheel_does_the_main_job_in_an_empty_environment(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"  # a copy, because a build leaves its traces in the tree
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__"))
    pip(sys.executable, "wheel", checkout, "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path)
    (wheel,) = tmp_path.glob("diemtin-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert set(SHIPPED) <= set(names)
    assert not [name for name in names if name.startswith(("tests", "bench", "seeds"))]

    empty = tmp_path / "venv"
    venv.create(empty, with_pip=True)
    pip(empty / "bin" / "python", "install", wheel)
    pip(empty / "bin" / "python", "check")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DIEMTIN"))}

    def diemtin(*words: str | Path) -> str:
        ended = subprocess.run(
            [empty / "bin" / "diemtin", "--home", tmp_path / "home", *words],
            cwd=elsewhere,
            env={**clean, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    assert diemtin("reprocess", ROOT / "seeds") == "5 pages: 5 new\n"
    assert "5 articles: 4 core, 1 mention" in diemtin("digest")
    assert "13 sources" in diemtin("sources")
    assert "<!doctype html>" in diemtin("digest", "--since", "2020-01-01", "--format", "html").lower()
