"""A .zip file of saved pages, as anybody may have made it. One member at a time is in memory, beside the list of them.

A file that is made to do harm is refused whole, before anything of it is read: names that lead out of it, links, devices, members
that need a password, members that share bytes, more than can be meant. What is wrong with one page is that page's failure.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from stat import S_IFMT, S_ISDIR, S_ISREG
from typing import BinaryIO

import text
from model import MAX_PAGE_BYTES, InputError

_MOST_MEMBERS = 500_000  # whose list takes some 400 MB; more pages are better kept in several files, or as WARC
_END_BYTES = 66_000  # at the end of a file, in which the list's own record stands
_LIST_BYTES = 100_000_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others `zipfile` unpacks without a limit, whatever size is told
_RATIO = (
    250  # text packs to a tenth, HTML of a site to a fiftieth; a bomb of nested quotes is a thousand times smaller than itself
)
_MEANT = 100_000_000  # bytes that may be unpacked whatever the ratio
_SIDECAR_BYTES = 1_000_000
_ENCRYPTED = 0x1
_STAMP = 0x5455  # the extra field with a time in UTC
_ZONES = timedelta(hours=12)  # the time of a member is of an unknown zone; what is told of it is an upper bound


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A file in the .zip."""

    name: str  # with forward slashes
    info: zipfile.ZipInfo


@contextmanager
def open_zip(file: BinaryIO, name: str) -> Iterator[Zip]:
    """The pages of a .zip file, which was checked. Raises InputError (kind broken_zip, unsafe_zip)."""
    _check_list(file, name)
    try:
        opened = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, EOFError) as error:
        raise InputError(f"is no whole .zip file ({error})", subject=name, kind="broken_zip") from error
    with opened:
        infos = opened.infolist()
        _check(infos, name)
        yield Zip(opened, infos)


class Zip:
    """An open .zip file. Hidden files, and what a Mac puts beside them, are no members."""

    def __init__(self, opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
        self._opened = opened
        self._infos = infos

    def members(self) -> Iterator[Member]:
        """Its files, in sorted order."""
        for info in sorted(self._infos, key=lambda info: info.filename):
            parts = PurePosixPath(info.filename).parts
            if not info.is_dir() and parts and not any(part.startswith(".") or part == "__MACOSX" for part in parts):
                yield Member(name="/".join(parts), info=info)  # without "./" and "//"

    def read(self, member: Member, name: str) -> bytes:
        """Its content. Raises InputError (kind too_large, broken_zip)."""
        return self._content(member.info, name, MAX_PAGE_BYTES)

    def beside(self, member: Member) -> tuple[str, bytes] | None:
        """(name, content) of its sidecar. Raises InputError."""
        path = PurePosixPath(member.info.filename)
        for sidecar in (f"{member.info.filename}.json", str(path.with_suffix(".json"))):
            info = self._opened.NameToInfo.get(sidecar)
            if info is not None and info.file_size < _SIDECAR_BYTES:
                return PurePosixPath(sidecar).name, self._content(info, sidecar, _SIDECAR_BYTES)
        return None

    def moment(self, member: Member) -> datetime:
        """When it was changed last; at the latest, where the zone is not told."""
        if (seconds := _stamp(member.info.extra)) is not None:
            return datetime.fromtimestamp(seconds, UTC)
        try:
            return datetime(*member.info.date_time, tzinfo=UTC) + _ZONES
        except ValueError:
            return datetime(1980, 1, 1, tzinfo=UTC)

    def _content(self, info: zipfile.ZipInfo, name: str, limit: int) -> bytes:
        if info.compress_type not in _METHODS:
            raise InputError(
                f"is packed in a way that is not read (method {info.compress_type}); pack it with deflate",
                subject=name,
                kind="unsupported",
            )
        if info.file_size > limit:
            message = f"has {info.file_size:,} bytes; pages over {MAX_PAGE_BYTES:,} bytes are not read"
            raise InputError(message, subject=name, kind="too_large")
        try:
            with self._opened.open(info) as stream:
                content = stream.read(limit + 1)
                if len(content) <= limit:
                    stream.read(1)  # its digest is checked at the end
                return content
        except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise InputError(f"cannot be unpacked ({error or type(error).__name__})", subject=name, kind="broken_zip") from error


# ---------------------------------------------------------------- what is refused


def _check_list(file: BinaryIO, name: str) -> None:
    """The list of members is read whole: not if it is larger than any that is meant."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES))
    end = file.read(_END_BYTES)
    at = end.rfind(b"PK\x05\x06")
    if at >= 0 and len(end) >= at + 22:
        count, length = struct.unpack("<HL", end[at + 10 : at + 16])
        wide = end.rfind(b"PK\x06\x06", 0, at)
        if wide >= 0 and len(end) >= wide + 56:  # ZIP64
            count, length = struct.unpack("<QQ", end[wide + 32 : wide + 48])
        if length > _LIST_BYTES:
            raise _unsafe(f"has a list of {length:,} bytes; more than {_LIST_BYTES:,} are not read", name)
        if count > _MOST_MEMBERS:
            raise _unsafe(f"lists {count:,} members; more than {_MOST_MEMBERS:,} are not read", name)
    file.seek(0)


def _check(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Raise for the first member that shows what kind of file this is."""
    if len(infos) > _MOST_MEMBERS:
        raise _unsafe(f"lists {len(infos):,} members; more than {_MOST_MEMBERS:,} are not read", name)
    for info in infos:
        if wrong := _wrong(info):
            raise _unsafe(f"{wrong}: {text.shorten(ascii(info.orig_filename)[1:-1], 80)}", name)
    last = -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < last:
            raise _unsafe("its members share bytes, as only those of a bomb do", name)
        last = info.header_offset + info.compress_size + (1 if info.compress_size else 0)
    packed, unpacked = (
        (sum(sizes) for sizes in zip(*((i.compress_size, i.file_size) for i in infos), strict=True)) if infos else (0, 0)
    )
    if unpacked > max(_MEANT, _RATIO * packed):
        raise _unsafe(f"would unpack to {unpacked:,} bytes, {unpacked // max(1, packed):,} times its size", name)


def _wrong(info: zipfile.ZipInfo) -> str | None:
    name = info.orig_filename
    if info.flag_bits & _ENCRYPTED:
        return "has a member that needs a password"
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "has a member with an absolute name"
    if ".." in name.replace("\\", "/").split("/"):
        return "has a member whose name leads out of it"
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in name):
        return "has a member with a name that is none"
    mode = S_IFMT(info.external_attr >> 16)
    if mode and not S_ISREG(mode) and not S_ISDIR(mode):
        return "has a member that is a link or a device"
    return None


def _unsafe(message: str, name: str) -> InputError:
    return InputError(
        f"is refused: it {message}" if not message.startswith("its ") else f"is refused: {message}",
        subject=name,
        kind="unsafe_zip",
    )


def _stamp(extra: bytes) -> int | None:
    """The time of change in a member's extra fields, in seconds."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == _STAMP and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return int(struct.unpack("<l", extra[5:9])[0])
        extra = extra[4 + size :]
    return None
