"""Saved pages on disk -> Capture. Files are only read; nothing of the machine's paths goes into a capture.

A folder gives its .txt, .html and .htm files (also .gz), in sorted order, and says of documents in other formats that they
are not read; other files (pictures, style sheets) are passed over. A file given by name is always tried. A .warc file (also
.gz) holds many pages, in whatever program's writing; a .zip file holds saved pages as a folder does (`zipped`).

What is known of a page beside its bytes: a browser's `saved from url` comment, or a sidecar NAME.json with `url` and
`captured_at`. Without them the identity is `saved:` and the path below the folder given, and the time of capture is at most
the file's modification time.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import text
import urls
from crawler import warc, zipped
from model import MAX_PAGE_BYTES, Capture, InputError

_READ = (".txt", ".html", ".htm")
_WARC = ".warc"
_ZIP = ".zip"
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".mht", ".mhtml", ".xps", ".ppt", ".pptx")
_FROM_URL = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{1,2000}?)\s*-->")


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedFile:
    """One file to read."""

    path: Path
    name: str  # as it was named, or below the folder as it was named: for messages and output
    below: str  # path below the folder given, with forward slashes: the page's own name
    by_name: bool  # asked for by name, not met in a folder


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A path that gives no capture, and why."""

    name: str
    by_name: bool
    error: InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page in a saved file."""

    name: str  # of the file; of a record in a WARC file, with its place
    by_name: bool  # the page was asked for by name: never one among many in a WARC file
    is_record: bool  # one among many, captured at a time of its own
    capture: Capture


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A record of a WARC file that is no page to read, and why, in one word."""

    why: str


def find(paths: Iterable[str]) -> Iterator[SavedFile | Unreadable]:
    """The files that paths stand for, in the order given; folders in sorted order. Lazy; raises nothing."""
    for name in paths:
        path = Path(name)
        try:
            is_folder = bool(name) and path.is_dir()
        except (OSError, ValueError) as error:  # a name too long for the system, or with a NUL in it
            reason = error if isinstance(error, OSError) else OSError(0, str(error))
            yield Unreadable(name=_shown(name), by_name=True, error=_refused(reason, text.shorten(_shown(name), 80)))
            continue
        if not name:
            yield Unreadable(name="''", by_name=True, error=InputError("is no path", subject="''", kind="unreadable"))
        elif is_folder:
            yield from _in_folder(path, name)
        else:
            yield _document(path, name, by_name=True) or SavedFile(
                path=path, name=_shown(name), below=_shown(path.name), by_name=True
            )


def _document(path: Path, name: str, *, by_name: bool) -> Unreadable | None:
    """That a file is a document in another format, by its ending."""
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    if suffix not in _DOCUMENTS:
        return None
    message = f"is a {suffix[1:].upper()} document; only HTML pages and text files are read"
    return Unreadable(name=_shown(name), by_name=by_name, error=InputError(message, subject=_shown(name), kind="unsupported"))


def _shown(name: str) -> str:
    """A path as text: bytes that are no UTF-8 become marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def _in_folder(folder: Path, name: str) -> Iterator[SavedFile | Unreadable]:
    refused: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=refused.append):
        yield from _refusals(refused, folder, name)
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            below = _shown(path.relative_to(folder).as_posix())
            if file.startswith("."):
                continue
            shown = str(Path(name) / path.relative_to(folder))
            if file.lower().removesuffix(".gz").endswith((*_READ, _WARC)) or path.suffix.lower() == _ZIP:
                yield SavedFile(path=path, name=_shown(shown), below=below, by_name=False)
            elif refused_document := _document(path, shown, by_name=False):
                yield refused_document
    yield from _refusals(refused, folder, name)


def _refusals(refused: list[OSError], folder: Path, name: str) -> Iterator[Unreadable]:
    while refused:
        error = refused.pop()
        top = Path(error.filename or folder) == folder
        shown = _shown(name if top else str(error.filename))
        yield Unreadable(name=shown, by_name=top, error=_refused(error, shown))


def _refused(error: OSError, name: str) -> InputError:
    return InputError(f"cannot be read: {error.strerror or error}", subject=name, kind="unreadable")


def is_warc(file: SavedFile) -> bool:
    """The file holds any number of pages, as records."""
    return file.path.name.lower().removesuffix(".gz").endswith(_WARC)


def is_zip(file: SavedFile) -> bool:
    """The file holds saved pages, as a folder does."""
    return file.path.name.lower().endswith(_ZIP)


def pages(file: SavedFile) -> Iterator[Page | Passed | Unreadable]:
    """The pages that a saved file holds: one, or those of a WARC file, in its order. Lazy; raises nothing."""
    try:
        if is_warc(file):
            yield from _records(file)
        elif is_zip(file):
            yield from _zipped(file)
        else:
            yield Page(name=file.name, by_name=file.by_name, is_record=False, capture=load(file))
    except InputError as error:
        yield Unreadable(name=file.name, by_name=file.by_name, error=error)


def _records(file: SavedFile) -> Iterator[Page | Passed | Unreadable]:
    empty = True
    try:
        with _opened(file) as opened:
            for place, found in warc.read(opened):
                empty = False
                name = f"{file.name} at {place}"
                if isinstance(found, Capture):
                    yield Page(name=name, by_name=False, is_record=True, capture=found)
                elif isinstance(found, warc.Passed):
                    yield Passed(why=found.why)
                else:
                    error = InputError(f"a record cannot be read: {found.message}", subject=name, kind="broken_warc")
                    yield Unreadable(name=name, by_name=file.by_name, error=error)
    except OSError as error:
        raise _refused(error, file.name) from error
    if empty:
        raise InputError("holds no pages", subject=file.name, kind="empty")


def dumps(file: SavedFile) -> Iterator[Capture]:
    """The text dumps in a saved file, which is one, or a .zip. Lazy; what cannot be read is left out."""
    if is_zip(file):
        with suppress(InputError):
            for page in _zipped(file, only=".txt"):
                if isinstance(page, Page):
                    yield page.capture
    elif _is_named(file.path.name, ".txt"):
        with suppress(InputError):
            yield load(file)


def _is_named(name: str, *endings: str) -> bool:
    return name.lower().removesuffix(".gz").endswith(endings)


def _zipped(file: SavedFile, only: str | None = None) -> Iterator[Page | Unreadable]:
    """The pages in a .zip file, in sorted order; `only` those with this ending. Raises InputError where it is refused whole."""
    found = False
    try:
        with _opened(file) as opened, zipped.open_zip(opened, file.name) as archive:
            # A zip that was given by name stands for the folder that it holds.
            above = "" if file.by_name else f"{file.below}/"
            made = _time(os.fstat(opened.fileno()).st_mtime)
            for member in archive.members():
                name = f"{file.name}: {_shown(member.name)}"
                if only is not None and not _is_named(member.name, only):
                    continue
                if refused := _not_a_page(member.name, name):
                    found = True
                    yield refused
                elif _is_named(member.name, *_READ):
                    found = True
                    yield _member(archive, member, name, above, made)
    except OSError as error:
        raise _refused(error, file.name) from error
    if not found and only is None:
        raise InputError("holds no .txt, .html or .htm files", subject=file.name, kind="empty")


def _not_a_page(member: str, name: str) -> Unreadable | None:
    if _is_named(member, _WARC, _ZIP):
        error = InputError("stands inside a .zip; unpack it first", subject=name, kind="unsupported")
        return Unreadable(name=name, by_name=False, error=error)
    return _document(Path(member), name, by_name=False)


def _member(archive: zipped.Zip, member: zipped.Member, name: str, above: str, made: datetime) -> Page | Unreadable:
    try:
        body = archive.read(member, name)
        if member.name.lower().endswith(".gz"):
            body = _unzip(body, name)
        url, captured = _told_beside(archive.beside(member), name)
        modified = min(made, archive.moment(member))
        capture = _capture(body, f"{above}{_shown(member.name)}", url, captured, modified)
        return Page(name=name, by_name=False, is_record=False, capture=capture)
    except InputError as error:
        return Unreadable(name=name, by_name=False, error=error)


def _told_beside(found: tuple[str, bytes] | None, name: str) -> tuple[str | None, datetime | None]:
    """(url, time of capture) from the content of a sidecar."""
    if found is None:
        return None, None
    sidecar, raw = found
    try:
        facts = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"its sidecar {sidecar} cannot be read: {error}", subject=name, kind="sidecar") from error
    if not isinstance(facts, dict):
        return None, None
    return _url(facts.get("url")), _captured(facts.get("captured_at"), sidecar, name)


def load(file: SavedFile) -> Capture:
    """The capture in a saved file of one page. Raises InputError (kind unreadable, too_large, broken_gzip, sidecar)."""
    try:
        body, modified = _bytes(file)
    except OSError as error:
        raise _refused(error, file.name) from error
    if file.path.name.lower().endswith(".gz"):
        body = _unzip(body, file.name)
    url, captured = _sidecar(file)
    return _capture(body, file.below, url, captured, modified)


def _capture(body: bytes, below: str, url: str | None, captured: datetime | None, modified: datetime) -> Capture:
    """A saved page, with what is known of it beside its bytes."""
    if url is None and (found := _FROM_URL.search(body[:4096])):
        url = _url(found[1].decode("utf-8", "replace"))
    return Capture(
        identity=urls.identity(url) if url else f"saved:{below}",
        body=body,
        captured_at=captured or modified,
        captured_exactly=captured is not None,
        url_asked=url,
        url=url,
    )


def _bytes(file: SavedFile) -> tuple[bytes, datetime]:
    """(content, modification time)."""
    with _opened(file) as opened:
        facts = os.fstat(opened.fileno())
        if facts.st_size > MAX_PAGE_BYTES:
            raise _too_large(file.name, f"has {facts.st_size:,} bytes")
        return opened.read(), _time(facts.st_mtime)


@contextmanager
def _opened(file: SavedFile) -> Iterator[BinaryIO]:
    """The file, to read. A pipe or a device is refused before it can block."""
    handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InputError("is not a regular file", subject=file.name, kind="unreadable")
        yield opened


def _time(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _too_large(name: str, found: str) -> InputError:
    return InputError(f"{found}; pages over {MAX_PAGE_BYTES:,} bytes are not read", subject=name, kind="too_large")


def _unzip(body: bytes, name: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(body)) as stream:
            page = stream.read(MAX_PAGE_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"is no whole gzip file ({error})", subject=name, kind="broken_gzip") from error
    if len(page) > MAX_PAGE_BYTES:
        raise _too_large(name, "unpacks to more than is read")
    return page


def _sidecar(file: SavedFile) -> tuple[str | None, datetime | None]:
    """(url, time of capture) from NAME.json, where NAME is the file's name with or without its ending."""
    for path in (file.path.with_name(file.path.name + ".json"), file.path.with_suffix(".json")):
        try:
            raw = path.read_text(encoding="utf-8-sig") if path.is_file() and path.stat().st_size < 1_000_000 else None
            facts = json.loads(raw) if raw is not None else None
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(f"its sidecar {path.name} cannot be read: {error}", subject=file.name, kind="sidecar") from error
        if isinstance(facts, dict):
            return _url(facts.get("url")), _captured(facts.get("captured_at"), path.name, file.name)
    return None, None


def _url(value: object) -> str | None:
    """A web address that can be kept: of a browser's length, and text."""
    if not isinstance(value, str) or len(value) > urls.LONGEST or not value.isprintable() or not urls.is_web(value):
        return None
    return value


def _captured(value: object, sidecar: str, name: str) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or not 1970 <= moment.year <= 9000:
            raise ValueError("not a time that a page was captured")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError as error:
        message = f"its sidecar {sidecar} has captured_at {value!r}; it takes an ISO time like 2026-02-26T08:01:00+07:00"
        raise InputError(message, subject=name, kind="sidecar") from error
