"""Bytes -> text. What kind of file it is, and how its letters are coded: byte order mark, header, meta, then detection."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

import text
from extract import language
from model import MAX_PAGE_BYTES, ExtractError

_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP or an office document (DOCX, ODT, EPUB)"),
    (b"\xd0\xcf\x11\xe0", "an old office document (DOC, XLS)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a media file"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_MHTML = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,20}?content-type:\s*multipart/related", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ODD = bytes(set(range(0x20)) - set(b"\t\n\r\f\x0b\x1b\x1a"))  # control characters that no text has
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
# A dump may quote a tag; a page opens with one, or has the parts of a document.
_DOCUMENT = re.compile(r"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_TAGS = 4  # fewer are tags that a text quotes
_ELEMENT = re.compile(r"\s*<(?:!--|\?xml|[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """A page's text, and what had to be guessed to get it."""

    text: str
    notes: tuple[str, ...] = ()


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page or a dump.

    Raises ExtractError (kind empty, too_large, unsupported, binary) where there is no text in the bytes.
    """
    if not body.strip(b"\x00 \t\r\n"):
        raise ExtractError("is empty" if not body else "holds nothing but blanks", kind="empty")
    if len(body) > MAX_PAGE_BYTES:
        raise ExtractError(f"has {len(body):,} bytes; pages over {MAX_PAGE_BYTES:,} bytes are not read", kind="too_large")
    _refuse_documents(body)
    decoded = _decode(body, content_type)
    if _is_binary(decoded.text):
        raise ExtractError("is not text; only HTML pages and text files are read", kind="binary")
    return decoded


def is_markup(page: str) -> bool:
    """The text is an HTML page, whatever its file is called: markup stands near its beginning."""
    if _DOCUMENT.search(page, 0, 20_000):
        return True
    return bool(_ELEMENT.match(page)) and len(_TAG.findall(page, 0, 20_000)) >= _TAGS


def _refuse_documents(body: bytes) -> None:
    for magic, name in _KINDS:
        if body.startswith(magic):
            raise ExtractError(f"is {name}; only HTML pages and text files are read", kind="unsupported")
    if _MHTML.match(body[:4096].replace(b"\r\n", b"\n")):
        raise ExtractError("is an MHTML archive; save the page as HTML instead", kind="unsupported")


def _decode(body: bytes, content_type: str | None) -> Decoded:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            found = _with(body, encoding)
            return found or Decoded(
                text=body.decode(encoding, "replace"), notes=(f"broken {encoding.upper()}: unreadable bytes were replaced",)
            )
    declared = [m[1] for m in (_HEADER.search(content_type or ""),) if m]
    declared += [m[1].decode("ascii", "ignore") for m in (_META.search(body[:8192]),) if m]
    if b"\x00" in body[:2048]:
        declared += [e for e in ("utf-16-le", "utf-16-be") if _has_blanks(body[:4000].decode(e, "ignore"))]
    # UTF-8 first: bytes that are valid UTF-8 hardly ever mean anything else, and pages that declare another charset lie.
    for encoding in ("utf-8", *declared):
        if (found := _with(body, encoding)) and not _is_binary(found.text):
            return found
    return _detected(body)


def _has_blanks(sample: str) -> bool:
    """One character in fifty is a blank: any bytes are UTF-16, but few of them are text."""
    return sum(c.isspace() for c in sample) * 50 >= len(sample)


def _with(body: bytes, encoding: str) -> Decoded | None:
    try:
        page = body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None
    except Exception:  # codecs that are no text codecs (rot13, zlib) raise their own errors
        return None
    return Decoded(text=page) if isinstance(page, str) else None


def _detected(body: bytes) -> Decoded:
    page = body.decode("utf-8", "replace")
    broken = page.count("\ufffd")
    if broken * 50 <= len(page):  # UTF-8 with a few broken bytes: the rest is right
        return Decoded(text=page, notes=(f"{broken} bytes are not UTF-8 and were replaced",))
    vietnamese = body.decode("windows-1258", "replace")  # detection takes it for its Baltic neighbour
    if language.guess(text.clean(vietnamese[:8_000])) == "vi":
        return Decoded(text=vietnamese, notes=("not UTF-8; read as windows-1258",))
    best = charset_normalizer.from_bytes(body[:200_000]).best()
    guess = best.encoding if best else "windows-1258"
    return Decoded(text=body.decode(guess, "replace"), notes=(f"not UTF-8; read as {guess}",))


def _is_binary(page: str) -> bool:
    """More control characters than a text has: one in a hundred of a long one, one in three of a short one."""
    sample = page[:20_000]
    encoded = sample.encode("utf-8", "replace")
    odd = len(encoded) - len(encoded.translate(None, _ODD)) + sample.count("\ufffd")
    return odd * 100 > len(sample) + 3_000 or odd * 3 > len(sample)
