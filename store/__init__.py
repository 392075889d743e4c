"""store/: keep. The database and the archive of one data folder; the only room with SQL.

    with open_store(home) as store:       reads need no lock
        with lock.hold(home, "reprocess"):
            archived = store.archive(captures)         on disk, then rows in state `pending`
            with store.transaction():                  a batch: all of it, or nothing
                known = store.known(article, fingerprint, capture_id)
                store.apply(Update(...))

Every method raises StoreError where the database or the disk refuses.
"""

from store import archive, lock, values
from store.database import ARCHIVE, DATABASE, Store, open_store
from store.rereading import Rereading, digest
from store.stage import Content, Stage, Staged, open_stage

__all__ = [
    "ARCHIVE",
    "DATABASE",
    "Content",
    "Rereading",
    "Stage",
    "Staged",
    "Store",
    "archive",
    "digest",
    "lock",
    "open_stage",
    "open_store",
    "values",
]
