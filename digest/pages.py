"""The templates of the HTML pages. Each page needs nothing but itself: its style stands in it, and it makes no request."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["pages"]


def pages() -> Environment:
    """Templates in which every value is escaped, and a value that is not there is an error."""
    return Environment(
        loader=PackageLoader("digest", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
