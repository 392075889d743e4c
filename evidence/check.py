"""A pack -> its flaws, by Python's standard library alone. Whoever made the pack may mean harm: nothing of it is believed before
it was held against a limit, nothing is unpacked to a disk, and what is read at once is bounded whatever the pack says of itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from urllib.parse import unquote

from evidence import form
from model import BlockKind, Flaw, FlawKind, InputError, PackReport
from text import printable, shorten

_DIRECTORY_BYTES = 8_000_000  # of the list of files in the zip
_RATIO = 100  # how much more than the pack its files may be; texts become a twentieth
_SMALL = 50_000_000  # what they may be in any case
_CHUNK = 1 << 18
_END = struct.Struct("<4s4H2LH")  # how a zip ends
_LOCAL = struct.Struct("<26x2H")  # the head of a file in a zip: the lengths of its name and of its extra fields
_COMMENT = 65_535
# What reading a broken zip may raise.
_BROKEN = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)


class Pack:
    """An opened pack: what of it may be read, and what was found to be wrong so far."""

    def __init__(self) -> None:
        self.zip: zipfile.ZipFile | None = None
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.manifest: dict[str, Any] | None = None  # checked as far as its form goes
        self.digest: str | None = None
        self.flaws: list[Flaw] = []

    def find(self, kind: FlawKind, file: str, message: str) -> None:
        self.flaws.append(Flaw(kind=kind, file=_named(file), message=message))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A file's content, a bit at a time, and never more than it says it has. Raises ValueError where it cannot be had."""
        info = self.entries[name]
        try:
            if self.zip is None:
                raise ValueError("the pack is not open")
            with self.zip.open(info) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise ValueError(_said(error)) from error

    def read(self, name: str, most: int) -> bytes:
        """A whole file of at most so many bytes. Raises ValueError."""
        if self.entries[name].file_size > most:
            raise ValueError(f"has {self.entries[name].file_size:,} bytes; at most {most:,} are read")
        return b"".join(self.chunks(name))


def _named(name: str) -> str:
    return shorten(" ".join(printable(name).split()), 120)


def _said(error: BaseException) -> str:
    return _named(str(error) or type(error).__name__)


@contextmanager
def opened(path: Path) -> Iterator[Pack]:
    """A pack, its list of files checked. Raises InputError where there is no file to read."""
    pack = Pack()
    try:
        if not path.is_file():
            raise InputError("is no file", subject=str(path))
        with path.open("rb") as file:
            if _is_whole(pack, file):
                _open(pack, file)
            yield pack
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", subject=str(path)) from error


def _is_whole(pack: Pack, file: BinaryIO) -> bool:
    """The zip ends as one does, with a list of files of a size that may be read at once."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(4)
    file.seek(max(0, size - _END.size - _COMMENT - 20))
    tail = file.read()
    end = tail[-_END.size :]
    if len(end) < _END.size or end[:4] != b"PK\5\6":
        if b"PK\5\6" in tail:
            pack.find(FlawKind.UNREADABLE, "", "more bytes follow the zip's end, or it is cut short there")
        elif head == b"PK\3\4":
            pack.find(FlawKind.UNREADABLE, "", "is cut short: the list of files at the zip's end is not there")
        else:
            pack.find(FlawKind.UNREADABLE, "", "is no zip file")
        return False
    _, disk, first, here, count, length, start, comment = _END.unpack(end)
    if b"PK\6\7" in tail[-_END.size - 20 : -_END.size] or 0xFFFF in (here, count) or 0xFFFFFFFF in (length, start):
        pack.find(FlawKind.UNSAFE, "", "is a zip for more or larger files than a pack has")
    elif count > form.MOST_FILES or length > _DIRECTORY_BYTES:
        pack.find(FlawKind.UNSAFE, "", f"names {count:,} files in {length:,} bytes; a pack has at most {form.MOST_FILES:,}")
    elif disk or first or comment or here != count or start + length + _END.size != size:
        pack.find(FlawKind.UNREADABLE, "", "its end does not say where its list of files is")
    return not pack.flaws


def _open(pack: Pack, file: BinaryIO) -> None:
    try:
        opened_zip = zipfile.ZipFile(file)
        entries = opened_zip.infolist()
    except _BROKEN as error:
        pack.find(FlawKind.UNREADABLE, "", f"its list of files cannot be read ({_said(error)})")
        return
    size = os.fstat(file.fileno()).st_size
    file.seek(-_END.size, os.SEEK_END)
    if len(entries) != _END.unpack(file.read())[4]:
        pack.find(FlawKind.UNREADABLE, "", "its list of files has another number of them than its end says")
        return
    whole = sum(entry.file_size for entry in entries)
    if whole > min(form.MOST_BYTES, _SMALL + _RATIO * size):
        pack.find(FlawKind.UNSAFE, "", f"its files would unpack to {whole:,} bytes from {size:,}: a bomb, so none is read")
        return
    if sum(entry.compress_size for entry in entries) > size:
        pack.find(FlawKind.UNSAFE, "", "its files lie over one another: a bomb, so none is read")
        return
    _look_between(pack, file, entries, opened_zip.start_dir)
    pack.zip = opened_zip
    met: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if name.casefold() in met:
            pack.find(FlawKind.UNSAFE, name, "stands in it twice")
            pack.entries.pop(name, None)  # which of the two is meant, nobody knows
        elif (wrong := _wrong_with(entry)) is not None:
            pack.find(FlawKind.UNSAFE, name, wrong)
        elif not name.endswith("/"):
            pack.entries[name] = entry
        met.add(name.casefold())


def _look_between(pack: Pack, file: BinaryIO, entries: Sequence[zipfile.ZipInfo], start: int) -> None:
    """What lies in the zip and in none of its files. A file's header that is none is found when it is read."""
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset > at:
            pack.find(
                FlawKind.ADDED, "", f"{entry.header_offset - at:,} bytes lie before {_named(entry.orig_filename)}, in no file"
            )
        file.seek(entry.header_offset)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size:
            break
        name, extra = _LOCAL.unpack(head)
        if entry.comment or entry.extra or extra:
            pack.find(FlawKind.ADDED, entry.orig_filename, "has a comment or extra fields in the zip, which may hide anything")
        if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size:
            pack.find(FlawKind.ADDED, entry.orig_filename, "takes another number of bytes in the zip than it has")
        at = max(at, entry.header_offset + _LOCAL.size + name + extra + entry.compress_size)
    if start > at:
        pack.find(FlawKind.ADDED, "", f"{start - at:,} bytes lie before the list of files, in no file")


def _wrong_with(entry: zipfile.ZipInfo) -> str | None:
    """Why a file of the zip is not to be touched."""
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    if not form.is_name(name.removesuffix("/")):
        return "is no name that a file of a pack has; it may lead out of the folder into which it is unpacked"
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
        return "is no plain file"
    if name.endswith("/") and entry.file_size:
        return "is a folder with content"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that a pack has not"
    if entry.file_size > form.LARGEST:
        return f"has {entry.file_size:,} bytes; a file of a pack has at most {form.LARGEST:,}"
    return None


# ---------------------------------------------------------------- the manifest


def examine(pack: Pack, digest: str | None = None) -> PackReport:
    """All that can be said of a pack without reading its captures anew; `digest` is the one that its manifest should have."""
    if pack.zip is not None:
        _load(pack, digest)
        met = _hashes(pack) if pack.manifest else {}
        if pack.manifest:
            _agree(pack, pack.manifest, met)
    manifest = pack.manifest or {}
    captures = manifest.get("captures", [])
    return PackReport(
        flaws=tuple(pack.flaws),
        digest=pack.digest,
        compared=digest is not None,
        files=len(pack.entries),
        size=sum(entry.file_size for entry in pack.entries.values()),
        article_id=manifest.get("article", {}).get("article_id"),
        title=manifest.get("article", {}).get("title"),
        made=manifest.get("made"),
        program=manifest.get("diemtin"),
        captures=len(captures),
        absent=sum(one["file"] is None for one in captures),
    )


def _load(pack: Pack, digest: str | None) -> None:
    if form.MANIFEST not in pack.entries:
        pack.find(FlawKind.MANIFEST, form.MANIFEST, "is not there: this is no evidence pack, or nothing of it can be checked")
        return
    try:
        raw = pack.read(form.MANIFEST, form.MANIFEST_BYTES)
    except ValueError as error:
        pack.find(FlawKind.MANIFEST, form.MANIFEST, f"cannot be read ({error})")
        return
    pack.digest = hashlib.sha256(raw).hexdigest()
    if digest is not None and digest.strip().lower() != pack.digest:
        pack.find(FlawKind.DIGEST, form.MANIFEST, f"has the digest {pack.digest}, which is not the one given")
    try:
        manifest = _json(raw)
        wrong = _misshapen(manifest)
    except ValueError as error:
        wrong = str(error)
    if wrong:
        pack.find(FlawKind.MANIFEST, form.MANIFEST, wrong)
    else:
        pack.manifest = manifest


def _json(raw: bytes) -> Any:
    """JSON in which no key stands twice, and no number is none. Raises ValueError."""
    try:
        return json.loads(raw, object_pairs_hook=_table, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"is not JSON ({_said(error)})") from error


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def table(raw: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError."""
    found = _json(raw)
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")
    return found


def _refuse(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _is_edit_hash(value: object) -> bool:
    """A hash, behind the version of what it is of; older ones have none."""
    return isinstance(value, str) and re.fullmatch("([0-9]{1,4}:)?[0-9a-f]{64}", value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_KINDS = [str(kind) for kind in BlockKind]  # a list: what stands in a pack may have no hash
_ARTICLE = {"article_id": _is_count}
_FILE = {"name": _is_text, "bytes": _is_count, "sha256": _is_hash}
_CAPTURE = {"capture_id": _is_count, "captured_at": _is_text, "sha256": _is_hash, "bytes": _is_count, "identity": _is_text}
_CAPTURE_MAYBE = {
    **dict.fromkeys(("file", "url_asked", "url", "pruned", "problem", "learned_from"), _is_text),
    **dict.fromkeys(("status", "refers_to"), _is_count),
}
_VERSION = {"version": _is_count, "capture_id": _is_count, "edit_hash": _is_edit_hash, "json": _is_text, "text": _is_text}


def _misshapen(manifest: Any) -> str | None:
    """What is wrong with the form of a manifest, and where; None: it can be used."""
    if not isinstance(manifest, dict) or manifest.get("format") != form.FORMAT:
        return f"is none of the form `{form.FORMAT}`; a newer diemtin may have made it"
    if not all(isinstance(manifest.get(name), str) for name in ("made", "diemtin")):
        return "does not say when it was made, and by which diemtin"
    for name, must, may in (
        ("article", _ARTICLE, {"title": _is_text}),
        ("files", _FILE, {}),
        ("captures", _CAPTURE, _CAPTURE_MAYBE),
        ("versions", _VERSION, {"reader": _is_text, "diff": _is_text}),
    ):
        table = manifest.get(name)
        rows = [table] if name == "article" else table
        if not isinstance(rows, list):
            return f"has no list of {name}"
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                return f"{name}: entry {number} is no table"
            bad = [key for key, fits in must.items() if not fits(row.get(key))]
            bad += [key for key, fits in may.items() if row.get(key) is not None and not fits(row[key])]
            if bad:
                return f"{name}: entry {number} has no such {bad[0]} as it should"
            for key in may:
                row.setdefault(key, None)
    return _contradiction(manifest)


def _contradiction(manifest: Mapping[str, Any]) -> str | None:
    """Where a manifest of the right form does not agree with itself."""
    names = [file["name"] for file in manifest["files"]]
    ids = [one["capture_id"] for one in manifest["captures"]]
    numbers = [one["version"] for one in manifest["versions"]]
    records = [one["file"] for one in manifest["captures"] if one["file"] is not None]
    texts = [one[key] for one in manifest["versions"] for key in ("json", "text", "diff") if one[key] is not None]
    for what, values in (("file", names), ("capture", ids), ("version", numbers), ("record", records), ("text", texts)):
        if len(set(values)) != len(values):
            return f"names a {what} twice"
    for name in names:
        if not form.is_name(name) or name == form.MANIFEST:
            return f"names {_named(name)!r}, which is no file of a pack"
    listed, used, known = set(names), {*form.ALWAYS, *records, *texts}, set(ids)
    for name in sorted(used):
        if name not in listed:
            return f"uses {_named(name)}, which is not in its list of files"
    if stray := sorted(listed - used):
        return f"lists {stray[0]}, which is no capture's, no version's and no other file of a pack"
    for one in manifest["captures"]:
        if one["file"] is None and one["pruned"] is None and one["problem"] is None:
            return f"does not say why capture {one['capture_id']} has no record"
        if one["refers_to"] is not None and one["refers_to"] not in known:
            return f"has no capture {one['refers_to']}, to which capture {one['capture_id']} refers"
    for one in manifest["versions"]:
        if one["capture_id"] not in known:
            return f"has no capture {one['capture_id']}, which made version {one['version']}"
    return None


# ---------------------------------------------------------------- files


def _hashes(pack: Pack) -> dict[str, str]:
    """Hold every file against the manifest. The names of those that are as it says, with their SHA-256."""
    listed = {file["name"]: file for file in pack.manifest["files"]} if pack.manifest else {}
    good: dict[str, str] = {}
    added: dict[str, str] = {}  # by SHA-256
    for name in pack.entries:
        if name == form.MANIFEST:
            continue
        try:
            digest = _hash(pack, name)
        except ValueError as error:
            pack.find(FlawKind.ALTERED, name, f"cannot be read whole ({error})")
            continue
        known = listed.get(name)
        if known is None:
            added.setdefault(digest, name)
            if added[digest] != name:
                pack.find(FlawKind.ADDED, name, "is not in the manifest")
        elif known["sha256"] != digest or known["bytes"] != pack.entries[name].file_size:
            pack.find(FlawKind.ALTERED, name, f"has SHA-256 {digest[:16]}…, and the manifest says {known['sha256'][:16]}…")
        else:
            good[name] = digest
    found = {flaw.file for flaw in pack.flaws}  # unsafe ones were told
    for name, known in listed.items():
        if name in pack.entries or name in found:
            continue
        if (now := added.pop(known["sha256"], None)) is not None:
            pack.find(FlawKind.RENAMED, name, f"is called {_named(now)} now")
        else:
            pack.find(FlawKind.MISSING, name, "is in the manifest, and not in the pack")
    for name in added.values():
        pack.find(FlawKind.ADDED, name, "is not in the manifest")
    return good


def _hash(pack: Pack, name: str) -> str:
    summed = hashlib.sha256()
    for chunk in pack.chunks(name):
        summed.update(chunk)
    return summed.hexdigest()


def _agree(pack: Pack, manifest: Mapping[str, Any], good: Mapping[str, str]) -> None:
    """Hold files that are as the manifest says against each other: who makes a manifest anew may forget one of them."""
    if form.SUMS in good:
        sums = form.sums((file["name"], file["sha256"]) for file in manifest["files"] if file["name"] != form.SUMS)
        if pack.entries[form.SUMS].file_size != len(sums.encode()) or pack.read(form.SUMS, form.MANIFEST_BYTES) != sums.encode():
            pack.find(FlawKind.CONTRADICTS, form.SUMS, "does not name the files that the manifest names")
    hashes = {one["capture_id"]: one["sha256"] for one in manifest["captures"]}
    made = {one["capture_id"]: one["version"] for one in manifest["versions"]}
    article_id = manifest["article"]["article_id"]
    for one in manifest["captures"]:
        if one["file"] in good and (wrong := _wrong_record(pack, one, hashes, made)):
            pack.find(FlawKind.CONTRADICTS, one["file"], wrong)
    for one in manifest["versions"]:
        if one["json"] in good and one["text"] in good and (found := _wrong_version(pack, one, article_id)) is not None:
            pack.find(FlawKind.CONTRADICTS, *found)
    for file, said in _wrong_article(pack, manifest, good):
        pack.find(FlawKind.CONTRADICTS, file, said)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A WARC record of ours."""

    headers: Mapping[str, str]
    body: bytes
    status: int | None

    def said(self, name: str) -> str | None:
        value = self.headers.get(f"diemtin-{name}")
        return None if value is None else unquote(value)


def record(packed: bytes) -> Record:
    """The record in a gzip member. Raises ValueError where it is not whole."""
    stream = zlib.decompressobj(wbits=31)
    try:
        raw = stream.decompress(packed, form.RECORD_BYTES)
    except zlib.error as error:
        raise ValueError(f"is no gzip member ({error})") from error
    if not stream.eof or stream.unused_data:
        raise ValueError("is not one whole gzip member, or holds more than a record may")
    head, _, rest = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length", "")
    if not first.startswith("WARC/1.") or not (length.isascii() and length.isdigit() and len(length) < 12):
        raise ValueError("is no WARC record")
    block = rest[: int(length)]
    if len(block) != int(length) or rest[len(block) :] != b"\r\n\r\n":
        raise ValueError("is no whole WARC record")
    told = headers.get("warc-block-digest")
    summed = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    if told != f"sha1:{summed}":
        raise ValueError("has a content that is not what its own digest says")
    if "msgtype=response" not in headers.get("content-type", ""):
        return Record(headers=headers, body=block, status=None)
    http, _, body = block.partition(b"\r\n\r\n")
    code = http.split(b"\r\n", 1)[0].split(b" ")[1:2]
    if not code or not code[0].isdigit() or len(code[0]) > 4:
        raise ValueError("holds no HTTP answer")
    return Record(headers=headers, body=body, status=int(code[0]))


def _wrong_record(pack: Pack, one: Mapping[str, Any], hashes: Mapping[int, str], made: Mapping[int, int]) -> str | None:
    """Where a capture's record and the manifest do not say the same; None: nowhere."""
    try:
        found = record(pack.read(one["file"], form.RECORD_BYTES))
        moment, told = (datetime.fromisoformat(said) for said in (found.headers.get("warc-date", ""), one["captured_at"]))
        is_then = moment == told
    except (ValueError, TypeError) as error:
        return _said(error)
    if found.headers.get("warc-type") == "revisit":
        if one["refers_to"] is None or hashes[one["refers_to"]] != one["sha256"]:
            return "refers to a body that is not the one that the manifest names"
    elif hashlib.sha256(found.body).hexdigest() != one["sha256"] or len(found.body) != one["bytes"]:
        return "holds another body than the manifest says"
    pairs = (
        ("time", True, is_then),
        ("address asked for", found.said("url-asked"), one["url_asked"]),
        ("address", found.said("url"), one["url"]),
        ("identity", found.said("identity"), one["identity"]),
        ("status", found.status, one["status"]),
        ("source", found.said("source"), one.get("source")),
        ("certainty of its time", found.said("exact"), "yes" if one.get("captured_exactly") is True else "no"),
        ("version", made.get(one["capture_id"]), one.get("version")),
    )
    return next((f"has another {what} than the manifest says" for what, here, there in pairs if here != there), None)


def version(pack: Pack, one: Mapping[str, Any]) -> dict[str, Any]:
    """A version's JSON, its text of the right form. Raises ValueError."""
    told = _json(pack.read(one["json"], form.VERSION_BYTES))
    if not isinstance(told, dict) or not isinstance(told.get("blocks"), list):
        raise ValueError("holds no article")
    blocks = told["blocks"]
    if not all(isinstance(block, dict) and isinstance(block.get("text"), str) for block in blocks):
        raise ValueError("holds no article")
    if not all(block.get("kind") in _KINDS for block in blocks):
        raise ValueError("holds no article: a block is of no kind that there is")
    if not all(told.get(name, 0) is None or isinstance(told.get(name), str) for name in ("title", "kicker")):
        raise ValueError("holds no title")
    return told


def _wrong_version(pack: Pack, one: Mapping[str, Any], article_id: int) -> tuple[str, str] | None:
    """(file, where it does not say what the manifest or the version's other file says); None: nowhere."""
    try:
        told = version(pack, one)
        said = form.plain(told).encode("utf-8", "replace")
        is_same = pack.entries[one["text"]].file_size == len(said) and pack.read(one["text"], form.VERSION_BYTES) == said
    except (ValueError, KeyError) as error:
        return one["json"], _said(error)
    flags = _flags(told)
    pairs = (
        ("version", told.get("version"), one["version"]),
        ("capture", told.get("capture_id"), one["capture_id"]),
        ("article", told.get("article_id"), article_id),
        ("time", told.get("seen"), one.get("seen")),
        ("reader", told.get("reader_signature"), one["reader"]),
        ("rules", None if flags is None else {flag["topic"]: flag["rules"] for flag in flags}, one.get("rules")),
    )
    for what, here, there in pairs:
        if here != there:
            return one["json"], f"has another {what} than the manifest says"
    if (wrong := _wrong_within(told)) is not None:
        return one["json"], f"has a {wrong} that is not what the rest of it says"
    return None if is_same else (one["text"], f"is not the text that {one['json']} has")


def _flags(told: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """A version's flags, as flags.json has them but for the version; None: they are none."""
    flags = told.get("flags")
    if not isinstance(flags, list):
        return None
    if not all(isinstance(flag, dict) and isinstance(flag.get("topic"), str) for flag in flags):
        return None
    return [{key: flag.get(key) for key in ("topic", "level", "score", "rules", "evidence")} for flag in flags]


def _wrong_within(told: Mapping[str, Any]) -> str | None:
    """Which field of a version does not agree with those that it follows from."""
    blocks = [(block["kind"] == BlockKind.CAPTION, block["text"]) for block in told["blocks"]]
    if told.get("text") != "\n".join(said for is_caption, said in blocks if not is_caption):
        return "text"
    if told.get("captions") != "\n".join(said for is_caption, said in blocks if is_caption):
        return "captions"
    if told.get("lead") not in (None, *(said for _, said in blocks[:1])):
        return "lead"
    for name in ("published", "modified"):
        claims = told.get(f"{name}_claims")
        first: Any = claims[0] if isinstance(claims, list) and claims else {}
        if not isinstance(first, dict) or told.get(name) != first.get("date"):
            return name
    return None


def _wrong_article(pack: Pack, manifest: Mapping[str, Any], good: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(file, where what is told of the whole article does not agree), of files whose hashes are right."""
    name = "article.json"
    if name not in good:
        return
    try:
        told = table(pack.read(name, form.VERSION_BYTES))
    except ValueError as error:
        yield name, _said(error)
        return
    for key, said in manifest["article"].items():
        here = told.get("version") if key == "current" else told.get(key)
        if key != "story" and here != said:  # story.json tells of that
            yield name, f"has another {_named(key)} than the manifest says"
    rows = told.get("versions")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield name, "has no list of versions"
        return
    if [row.get("seen") for row in rows] != [one.get("seen") for one in manifest["versions"]]:
        yield name, "has other versions than the manifest says"
        return
    shown = told.get("version")
    if shown not in [one["version"] for one in manifest["versions"]]:
        yield name, "shows a version that there is not"
    for row, one in zip(rows, manifest["versions"], strict=True):
        if one["json"] not in good:
            continue
        try:
            held = version(pack, one)
        except ValueError:
            continue  # told of the version
        if row.get("title") != held.get("title"):
            yield name, f"has another title of version {one['version']} than {one['json']}"
        if one["version"] == shown and (other := sorted(key for key in held.keys() & told.keys() if held[key] != told[key])):
            yield name, f"has another {_named(other[0])} than {one['json']}"
    yield from _wrong_lists(pack, manifest, good, told)


def _wrong_lists(
    pack: Pack, manifest: Mapping[str, Any], good: Mapping[str, str], told: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The same of the files that hold what other files hold too: flags and events."""
    flags: list[dict[str, Any]] | None = []
    for one in manifest["versions"]:
        try:
            found = _flags(version(pack, one)) if one["json"] in good else None
        except ValueError:
            found = None
        flags = None if found is None or flags is None else [*flags, *({"version": one["version"], **flag} for flag in found)]
    for name, said in (("flags.json", flags), ("events.json", told.get("events"))):
        if name not in good or said is None:
            continue
        try:
            if _json(pack.read(name, form.VERSION_BYTES)) != said:
                yield name, f"does not say what {'the versions say' if name == 'flags.json' else 'article.json says'}"
        except ValueError as error:
            yield name, _said(error)


def flawed(flaws: Sequence[Flaw]) -> frozenset[str]:
    """The files that something is wrong with."""
    return frozenset(flaw.file for flaw in flaws)
