"""What is held of one article: its captures and its versions in full, as an evidence pack hands them on."""

from __future__ import annotations

import sqlite3

from model import Place, Taken, Wording
from store import values
from store.guard import guarded


class Holdings:
    """The tables behind one connection. Only read here."""

    def __init__(self, path: object, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @guarded
    def captures(self, article_id: int) -> tuple[Taken, ...]:
        """The captures that showed an article, those that hold the bodies of these, and those at its own address that could not
        be read, oldest first."""
        return tuple(_taken(row) for row in self._connection.execute(_TAKEN, {"id": article_id}))

    @guarded
    def wordings(self, article_id: int) -> tuple[Wording, ...]:
        """The versions of an article, oldest first."""
        rows = self._connection.execute("SELECT * FROM versions WHERE article_id = ? ORDER BY id", (article_id,)).fetchall()
        return tuple(self._wording(row) for row in rows)

    def _wording(self, row: sqlite3.Row) -> Wording:
        flags = self._connection.execute("SELECT * FROM flags WHERE version_id = ? ORDER BY topic", (row["id"],))
        return Wording(
            version_id=row["id"],
            capture_id=row["capture_id"],
            seen=values.from_moment(row["seen"]),
            article=values.to_article(row["article"]),
            edit_hash=row["edit_hash"],
            copy_hash=row["copy_hash"],
            reader=row["reader"],
            edit=values.to_edit(row["edit"]),
            follows=row["follows"],
            flags=tuple(values.to_flag(dict(flag)) for flag in flags),
        )

    @guarded
    def learning(self, site: str) -> str | None:
        """What a site has taught about where its texts stand, as JSON."""
        row = self._connection.execute("SELECT learning FROM layouts WHERE site = ?", (site,)).fetchone()
        return row["learning"] if row else None


_TAKEN = """
    WITH shown AS (
        SELECT id, refers_to FROM captures WHERE article_id = :id
        UNION SELECT c.id, c.refers_to FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.article_id = :id
        UNION SELECT c.id, c.refers_to FROM articles a JOIN captures c ON c.identity = a.identity
            WHERE a.id = :id AND c.article_id IS NULL
    )
    SELECT * FROM captures WHERE id IN (SELECT id FROM shown UNION SELECT refers_to FROM shown) ORDER BY id
"""


def _taken(row: sqlite3.Row) -> Taken:
    return Taken(
        capture_id=row["id"],
        identity=row["identity"],
        url=row["url"],
        source=row["source"],
        captured_at=values.from_moment(row["captured_at"]),
        sha256=row["sha256"],
        size=row["bytes"],
        state=row["state"],
        place=Place(file=row["file"], offset=row["offset"], length=row["length"]),
        refers_to=row["refers_to"],
        pruned=values.from_moment(row["pruned"]) if row["pruned"] else None,
        error=row["error"],
        read_at=values.from_moment(row["read_at"]) if row["read_at"] else None,
        target=row["target"],
    )
