"""Errors of SQLite and of the disk become StoreError, at every public method of the room."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from model import StoreError

_P = ParamSpec("_P")
_R = TypeVar("_R")


@contextmanager
def ours(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the disk become StoreError, with the remedy where there is one."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        if "locked" in said:
            raise StoreError("another process is writing for too long; try again", subject=str(path)) from error
        if "unable to open" in said or "readonly" in said:
            raise StoreError("cannot be opened for writing; see who may write the data folder", subject=str(path)) from error
        raise StoreError(f"the database refuses: {said}", subject=str(path)) from error
    except sqlite3.IntegrityError as error:  # a row that the schema does not take: of this write, and no harm to the database
        said = f"the database refuses a row ({error}); what was being written is undone, and the database is whole"
        raise StoreError(said, subject=str(path)) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"is no database of ours, or damaged ({error}); restore it from a copy", subject=str(path)) from error
    except OSError as error:
        raise StoreError(f"the disk refuses: {error.strerror or error}", subject=str(error.filename or path)) from error


def guarded(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """A method of an object with a `path`: what to name in the message."""

    @wraps(method)
    def with_ours(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        owner: Any = args[0]
        with ours(owner.path):
            return method(*args, **kwargs)

    return with_ours
