"""A digest as a line of JSON and back, so that what was told can be printed again in any format.

Written from the type hints of model.py alone: dataclasses are objects, times ISO 8601, tuples lists. Reading makes nothing
but those types. A field that a line lacks gets its default, one that the model no longer has is passed over, so that lines
outlive small changes of the model.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from model import Digest, StoreError

__all__ = ["dump", "load"]

# Two halves of a surrogate pair that stand in a text as two characters: JSON would join them to one.
_TORN_PAIR = re.compile(r"(?<=[\ud800-\udbff])(?=[\udc00-\udfff])")


def dump(digest: Digest) -> str:
    """The digest as one line of ASCII JSON. Times keep their offset and lose the name of their zone."""
    return json.dumps(_plain(digest), separators=(",", ":"))


def load(line: str) -> Digest:
    """The digest that `dump` wrote: `load(dump(d)) == d`. Raises StoreError where the line is not of that kind."""
    try:
        digest: Digest = _value(Digest, json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"a kept digest cannot be read: {error}", kind="digest") from error
    return digest


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        pieces = _TORN_PAIR.split(value)
        return pieces if len(pieces) > 1 else pieces[0]
    return value


def _value(kind: Any, plain: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        if plain is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], one) for one in plain)
    if is_dataclass(kind):
        return _dataclass(kind, plain)
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if issubclass(kind, str):
        return kind("".join(plain))
    return _number(kind, plain)


def _dataclass(kind: Any, plain: dict[str, Any]) -> Any:
    return kind(**{name: _value(hint, plain[name]) for name, hint in _hints(kind).items() if name in plain})


def _number(kind: Any, plain: Any) -> Any:
    if isinstance(plain, bool) is not (kind is bool) or not isinstance(plain, int | float):
        raise TypeError(f"{plain!r} is no {kind.__name__}")
    return plain


@cache  # resolving the hints is a hundred times slower than the use of them, and there may be ten thousand spans
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
