"""Writes a pack: a zip whose bytes follow from what is put into it. Nothing is compressed, since packers differ."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from typing import IO, Any

import text
from evidence import form
from model import DeliveryError


class Writer:
    """Files are added in a fixed order; the sums and the manifest come last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=False)
        self.files: list[dict[str, Any]] = []  # name, bytes, sha256
        self.size = 0  # of them

    def add(self, name: str, content: bytes | str) -> None:
        """Put a file in. Raises DeliveryError where the pack would be larger than one may be."""
        raw = content.encode() if isinstance(content, str) else content
        if len(raw) > form.LARGEST or self.size + len(raw) > form.MOST_BYTES or len(self.files) + 2 > form.MOST_FILES:
            raise DeliveryError(f"a pack holds {form.MOST_FILES:,} files and {form.MOST_BYTES:,} bytes at most", subject=name)
        self._put(name, raw)
        self.files.append({"name": name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
        self.size += len(raw)

    def add_json(self, name: str, value: Any) -> None:
        self.add(name, text.to_json(value, indent=1) + "\n")

    def _put(self, name: str, raw: bytes) -> None:
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.create_system = 3  # else it is that of the system
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        self._zip.writestr(info, raw)

    def finish(self, manifest: dict[str, Any]) -> str:
        """Write the sums and the manifest, which names all files. Its digest, to be kept apart from the pack."""
        self.add(form.SUMS, form.sums((file["name"], file["sha256"]) for file in self.files))
        raw = (text.to_json({**manifest, "files": self.files}, indent=1) + "\n").encode()
        if len(raw) > form.MANIFEST_BYTES:
            raise DeliveryError(f"a manifest holds {form.MANIFEST_BYTES:,} bytes at most", subject=form.MANIFEST)
        self._put(form.MANIFEST, raw)
        self.size += len(raw)
        self._zip.close()
        return hashlib.sha256(raw).hexdigest()

    def abandon(self) -> None:
        self._zip.close()
