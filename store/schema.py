"""The tables, as named migrations: appended to, never changed. docs/schema.md tells what each column holds."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("diemtin")

# Seconds since 1970 of when an article was published, or else first seen: what an index is over, and what is asked for.
DATED = "CAST(coalesce(strftime('%s', published), strftime('%s', first_seen)) AS INTEGER)"


@migrations()
def m001_captures_articles_versions(db: Database) -> None:
    """The first house: what was fetched, what it says, what was flagged, what was done and told."""
    for statement in (
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            started TEXT NOT NULL,
            ended TEXT,
            totals TEXT NOT NULL DEFAULT '[]',
            problems TEXT NOT NULL DEFAULT '[]'
        )""",
        """
        CREATE TABLE captures (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL,
            url TEXT,
            source TEXT,
            captured_at TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            file TEXT NOT NULL,
            offset INTEGER NOT NULL,
            length INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending',
            error_kind TEXT,
            error TEXT,
            article_id INTEGER REFERENCES articles(id),
            read_at TEXT
        )""",
        "CREATE INDEX captures_by_content ON captures(identity, sha256)",
        "CREATE INDEX captures_to_read ON captures(id) WHERE state IN ('pending', 'failed')",
        """
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL,
            version_id INTEGER REFERENCES versions(id),
            copy_of INTEGER REFERENCES articles(id),
            told_version_id INTEGER REFERENCES versions(id)
        )""",
        "CREATE INDEX articles_untold ON articles(id) WHERE version_id IS NOT told_version_id",
        "CREATE INDEX articles_by_original ON articles(copy_of) WHERE copy_of IS NOT NULL",
        """
        CREATE TABLE versions (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            capture_id INTEGER NOT NULL UNIQUE REFERENCES captures(id),
            seen TEXT NOT NULL,
            title TEXT,
            article TEXT NOT NULL,
            words INTEGER NOT NULL,
            edit_hash TEXT NOT NULL,
            copy_hash TEXT NOT NULL
        )""",
        "CREATE INDEX versions_by_article ON versions(article_id, id)",
        "CREATE INDEX versions_by_copy ON versions(copy_hash)",
        "CREATE INDEX versions_by_time ON versions(seen)",
        """
        CREATE TABLE flags (
            version_id INTEGER NOT NULL REFERENCES versions(id),
            topic TEXT NOT NULL,
            level TEXT NOT NULL,
            score REAL NOT NULL,
            rules TEXT NOT NULL,
            evidence TEXT NOT NULL,
            PRIMARY KEY (version_id, topic)
        ) WITHOUT ROWID""",
        """
        CREATE TABLE digests (
            id INTEGER PRIMARY KEY,
            made TEXT NOT NULL,
            content TEXT NOT NULL
        )""",
    ):
        db.execute(statement)


@migrations()
def m002_layouts(db: Database) -> None:
    """What each site has taught about where its texts stand."""
    db.execute("CREATE TABLE layouts (site TEXT PRIMARY KEY, learning TEXT NOT NULL) WITHOUT ROWID")


@migrations()
def m003_archive(db: Database) -> None:
    """Revisits, bodies that were pruned, and the rewriting of archive files, so that a kill in the middle can be mended."""
    for statement in (
        "ALTER TABLE captures ADD COLUMN refers_to INTEGER REFERENCES captures(id)",
        "ALTER TABLE captures ADD COLUMN pruned TEXT",
        "CREATE INDEX captures_by_place ON captures(file, offset)",
        "CREATE INDEX captures_by_original ON captures(refers_to) WHERE refers_to IS NOT NULL",
        "CREATE TABLE rewrites (old TEXT PRIMARY KEY, new TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    ):
        db.execute(statement)


@migrations()
def m004_validators(db: Database) -> None:
    """What servers gave with pages, to ask by whether they changed."""
    db.execute("CREATE TABLE validators (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT) WITHOUT ROWID")


@migrations()
def m005_frontier(db: Database) -> None:
    """Every address that was found, with its standing, due time and lease; and what is known of hosts, sites and sources."""
    for statement in (
        "DROP TABLE validators",  # they stand in the frontier from now on, and are but asked for once more
        "ALTER TABLE captures ADD COLUMN target TEXT",
        "CREATE INDEX captures_by_target ON captures(target) WHERE target IS NOT NULL",
        """
        CREATE TABLE frontier (
            key TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            host TEXT NOT NULL,
            source TEXT NOT NULL,
            kind TEXT,
            standing TEXT NOT NULL,
            reason TEXT,
            found TEXT NOT NULL,
            published TEXT,
            due TEXT,
            rank INTEGER NOT NULL,
            leased TEXT,
            looked TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            etag TEXT,
            last_modified TEXT,
            same INTEGER NOT NULL DEFAULT 0,
            weight REAL NOT NULL DEFAULT 1,
            memory TEXT,
            parent TEXT,
            page INTEGER NOT NULL DEFAULT 1,
            depth INTEGER NOT NULL DEFAULT 0,
            room INTEGER
        ) WITHOUT ROWID""",
        "CREATE INDEX frontier_due ON frontier(host, rank, due) WHERE due IS NOT NULL",
        "CREATE INDEX frontier_by_source ON frontier(source, standing)",
        "CREATE INDEX frontier_lists ON frontier(parent) WHERE kind IS NOT NULL",
        "CREATE INDEX frontier_leased ON frontier(leased) WHERE leased IS NOT NULL",
        """
        CREATE TABLE hosts (
            host TEXT PRIMARY KEY,
            asked INTEGER NOT NULL DEFAULT 0,
            paused TEXT,
            reason TEXT,
            memory TEXT
        ) WITHOUT ROWID""",
        "CREATE TABLE sites (site TEXT PRIMARY KEY, week TEXT, articles TEXT) WITHOUT ROWID",
        """
        CREATE TABLE sources (
            name TEXT PRIMARY KEY,
            found INTEGER NOT NULL DEFAULT 0,
            habit TEXT,
            health TEXT,
            told TEXT
        ) WITHOUT ROWID""",
        """
        CREATE TABLE tallies (
            source TEXT NOT NULL,
            day TEXT NOT NULL,
            outcome TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (source, day, outcome)
        ) WITHOUT ROWID""",
        """
        CREATE TABLE looks (
            source TEXT NOT NULL,
            page TEXT NOT NULL,
            at TEXT NOT NULL,
            status TEXT NOT NULL,
            links INTEGER NOT NULL,
            fresh INTEGER NOT NULL,
            reason TEXT,
            PRIMARY KEY (source, page)
        ) WITHOUT ROWID""",
    ):
        db.execute(statement)


@migrations()
def m006_tracking(db: Database) -> None:
    """What an edit did, what happened to an article beside it, whether it can still be had, and which texts are alike.

    The samples of texts by which likenesses are found lie in a table for each month, `sketches_YYYY_MM`, made when it is needed.
    """
    for statement in (
        "ALTER TABLE versions ADD COLUMN reader TEXT",
        "ALTER TABLE versions ADD COLUMN edit TEXT",
        "ALTER TABLE versions ADD COLUMN follows INTEGER REFERENCES versions(id)",
        "ALTER TABLE versions ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
        "UPDATE versions SET told = 1 WHERE id IN (SELECT told_version_id FROM articles)",
        "ALTER TABLE articles ADD COLUMN published TEXT",
        "ALTER TABLE articles ADD COLUMN modified TEXT",
        "ALTER TABLE articles ADD COLUMN origin TEXT",
        "ALTER TABLE articles ADD COLUMN series TEXT",
        "ALTER TABLE articles ADD COLUMN sketched INTEGER",
        "ALTER TABLE articles ADD COLUMN removal TEXT",
        "CREATE TABLE stories (id INTEGER PRIMARY KEY, root INTEGER NOT NULL UNIQUE REFERENCES articles(id),"
        " confidence TEXT NOT NULL DEFAULT 'doubtful')",
        "ALTER TABLE articles ADD COLUMN story INTEGER REFERENCES stories(id)",
        "CREATE INDEX articles_by_story ON articles(story) WHERE story IS NOT NULL",
        "CREATE INDEX articles_by_origin ON articles(origin) WHERE origin IS NOT NULL",
        "CREATE INDEX articles_by_series ON articles(series) WHERE series IS NOT NULL",
        "CREATE INDEX articles_leaving ON articles(id) WHERE removal IS NOT NULL",
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            kind TEXT NOT NULL,
            at TEXT NOT NULL,
            before TEXT,
            after TEXT,
            said TEXT NOT NULL DEFAULT '',
            told INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX events_by_article ON events(article_id, id)",
        "CREATE INDEX events_untold ON events(id) WHERE told = 0",
        """
        CREATE TABLE likenesses (
            one INTEGER NOT NULL REFERENCES articles(id),
            other INTEGER NOT NULL REFERENCES articles(id),
            kind TEXT NOT NULL,
            one_in_other REAL NOT NULL,
            other_in_one REAL NOT NULL,
            jaccard REAL NOT NULL,
            numbers_replaced INTEGER NOT NULL,
            numbers_kept INTEGER NOT NULL,
            PRIMARY KEY (one, other)
        ) WITHOUT ROWID""",
        "CREATE INDEX likenesses_back ON likenesses(other)",
    ):
        db.execute(statement)


@migrations()
def m007_removals(db: Database) -> None:
    """What a host shows of itself, which is what makes a removal believed; and the addresses at which an article was met."""
    for statement in (
        "ALTER TABLE hosts ADD COLUMN life TEXT",
        "CREATE INDEX captures_by_article ON captures(article_id, target) WHERE target IS NOT NULL",
    ):
        db.execute(statement)


@migrations()
def m008_search(db: Database) -> None:
    """The texts that are searched, and their index: of each article's current version, and what older ones said and it does not.

    Articles that are stored already are indexed later, in batches, newest first: `search_due` says up to which one that is to do.
    """
    for texts, index, key in (
        ("article_text", "article_search", "id INTEGER PRIMARY KEY REFERENCES articles(id)"),
        (
            "edited_away",
            "edited_away_search",
            "id INTEGER PRIMARY KEY REFERENCES versions(id), article_id INTEGER NOT NULL REFERENCES articles(id)",
        ),
    ):
        columns = "title, lead, body, outlet"
        add = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, new.title, new.lead, new.body, new.outlet)"  # noqa: S608
        drop = (
            f"INSERT INTO {index}({index}, rowid, {columns})"  # noqa: S608 - names of ours
            " VALUES ('delete', old.id, old.title, old.lead, old.body, old.outlet)"
        )
        for statement in (
            f"CREATE TABLE {texts} ({key}, title TEXT NOT NULL, lead TEXT NOT NULL, body TEXT NOT NULL, outlet TEXT NOT NULL)",
            f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='{texts}', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 2')",
            f"INSERT INTO {index}({index}, rank) VALUES ('rank', 'bm25(8.0, 3.0, 1.0, 0.0)')",  # noqa: S608
            f"CREATE TRIGGER {texts}_added AFTER INSERT ON {texts} BEGIN {add}; END",
            f"CREATE TRIGGER {texts}_dropped AFTER DELETE ON {texts} BEGIN {drop}; END",
            f"CREATE TRIGGER {texts}_changed AFTER UPDATE OF id, {columns} ON {texts} BEGIN {drop}; {add}; END",
        ):
            db.execute(statement)
    for statement in (
        "CREATE INDEX edited_away_by_article ON edited_away(article_id)",
        "CREATE TABLE search_due (up_to INTEGER NOT NULL)",
        "INSERT INTO search_due SELECT max(id) FROM articles HAVING max(id) IS NOT NULL",
        f"CREATE INDEX articles_by_date ON articles({DATED})",
        "CREATE INDEX flags_by_topic ON flags(topic, level, version_id)",
    ):
        db.execute(statement)


@migrations()
def m009_topics(db: Database) -> None:
    """Why a flag has its level and not the next one; topic files that were adopted, and what that moved."""
    for statement in (
        "ALTER TABLE flags ADD COLUMN reasons TEXT",
        """
        CREATE TABLE adoptions (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            topic TEXT NOT NULL,
            rules TEXT NOT NULL,
            before TEXT,
            articles INTEGER NOT NULL
        )""",
        """
        CREATE TABLE adoption_moves (
            adoption_id INTEGER NOT NULL REFERENCES adoptions(id),
            article_id INTEGER NOT NULL REFERENCES articles(id),
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            PRIMARY KEY (adoption_id, article_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX adoption_moves_by_article ON adoption_moves(article_id)",
    ):
        db.execute(statement)


@migrations()
def m010_views(db: Database) -> None:
    """Articles and edits as a person asks for them, and indexes by which what refers to a row is found from it."""
    for statement in (
        "DROP INDEX captures_by_article",  # it left out saved files, which have no target
        "CREATE INDEX captures_by_article ON captures(article_id, target) WHERE article_id IS NOT NULL",
        "CREATE INDEX versions_by_follows ON versions(follows) WHERE follows IS NOT NULL",
        """
        CREATE VIEW articles_current AS
        SELECT
            a.id AS article_id,
            v.title AS title,
            coalesce(json_extract(v.article, '$.outlet'), json_extract(v.article, '$.site')) AS outlet,
            json_extract(v.article, '$.site') AS site,
            coalesce(a.published, json_extract(v.article, '$.published_claims[0][0]')) AS published,
            (SELECT level FROM flags f WHERE f.version_id = v.id
                ORDER BY CASE level WHEN 'core' THEN 0 WHEN 'related' THEN 1 WHEN 'mention' THEN 2 ELSE 3 END LIMIT 1) AS level,
            json_extract(v.article, '$.url') AS url,
            v.words AS words,
            a.first_seen AS first_seen,
            a.last_seen AS last_seen,
            (SELECT count(*) FROM versions n WHERE n.article_id = a.id) AS versions,
            a.copy_of AS copy_of,
            a.story AS story,
            json_extract(a.removal, '$.gone') AS gone,
            v.id AS version_id
        FROM articles a JOIN versions v ON v.id = a.version_id""",
        """
        CREATE VIEW edits AS
        SELECT
            v.id AS version_id,
            v.article_id AS article_id,
            v.seen AS seen,
            v.title AS title,
            p.title AS title_before,
            (SELECT group_concat(value, ', ') FROM json_each(v.edit, '$.kinds')) AS kinds,
            json_extract(v.edit, '$.score') AS score,
            json_extract(v.edit, '$.material') AS material,
            json_extract(v.edit, '$.changed') AS words,
            v.follows AS follows
        FROM versions v LEFT JOIN versions p ON p.id = v.follows WHERE v.edit IS NOT NULL""",
    ):
        db.execute(statement)


@migrations()
def m011_found_by_others(db: Database) -> None:
    """The indexes name their texts in double quotes: so sqlite-utils writes it, and Datasette finds that a table is searched.

    Only how it is written changes, so that no index is made anew: that would take minutes in a large store.
    """
    connection = db.conn
    version = connection.execute("PRAGMA schema_version").fetchone()[0]
    connection.execute("PRAGMA writable_schema = ON")
    for texts, index in (("article_text", "article_search"), ("edited_away", "edited_away_search")):
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ?",
            (f"content='{texts}'", f'content="{texts}"', index),
        )
    connection.execute(f"PRAGMA schema_version = {version + 1}")  # so that every connection reads it again
    connection.execute("PRAGMA writable_schema = OFF")
