"""tell: builds a digest, renders it, and keeps it.

`build` chooses and groups, `render` writes text, Markdown, HTML or JSON, `dump` and `load` keep a told digest whole, so that
it can be printed again in any format. All of them are pure.
"""

from __future__ import annotations

from digest.build import build
from digest.keep import dump, load
from digest.render import FORMATS, render

__all__ = ["FORMATS", "build", "dump", "load", "render"]
