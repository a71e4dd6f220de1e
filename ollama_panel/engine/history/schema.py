"""The tables of the history. `PRAGMA user_version` counts the migrations that a file has had.

Rows of a series have the primary key (source, at, run), so that those of a source lie one after the other. A run begins
with each start of the panel, and when the clock is set back: then the same times come twice. Columns that a newer panel
measures are added to the tables of an older file, which needs no migration.
"""

import sqlite3
from collections.abc import Sequence

from ollama_panel.core.history.series import Kind, columns
from ollama_panel.core.history.thinning import COARSE_S, FINE_S

WIDTHS = (FINE_S, COARSE_S)

MIGRATIONS: Sequence[str] = (
    """
    CREATE TABLE run (id INTEGER PRIMARY KEY, at REAL NOT NULL);
    CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE request (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, request TEXT NOT NULL,
        client INTEGER NOT NULL, class INTEGER NOT NULL, model INTEGER NOT NULL, pool INTEGER NOT NULL,
        instance INTEGER NOT NULL, path INTEGER NOT NULL, state INTEGER NOT NULL, code INTEGER NOT NULL,
        stream INTEGER NOT NULL, total_us INTEGER NOT NULL, queue_us INTEGER, first_token_us INTEGER, token_us INTEGER,
        prompt_tokens INTEGER, output_tokens INTEGER, status INTEGER, attempts INTEGER NOT NULL
    );
    CREATE INDEX request_at ON request (at);
    CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
        told TEXT NOT NULL
    );
    CREATE INDEX event_at ON event (at);
    """,
)
"""The statements that make each version from the one before; append to them, and change none."""

VERSION = len(MIGRATIONS)

NAMED = ("client", "class", "model", "pool", "instance", "path", "state", "code")
"""The columns of a request whose texts are in the table `name`: most requests have the same ones."""


def table(kind: Kind, width_s: int) -> str:
    """Return the name of the table of the rows of a kind that are `width_s` seconds wide."""
    return f"{kind.value}_{width_s}"


def version(connection: sqlite3.Connection) -> int:
    """Return the version of a file, 0 for an empty one."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to this version, all or nothing of each step. Raises sqlite3.Error."""
    for number, script in enumerate(MIGRATIONS[version(connection) :], version(connection) + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
    connection.execute("BEGIN IMMEDIATE")
    for kind in Kind:
        for width_s in WIDTHS:
            _make(connection, kind, table(kind, width_s))
    connection.execute("COMMIT")


def _make(connection: sqlite3.Connection, kind: Kind, name: str) -> None:
    """Make the table of a kind, or add the columns to it that it lacks."""
    key = "source INTEGER NOT NULL, at INTEGER NOT NULL, run INTEGER NOT NULL"
    values = "".join(f", {column} REAL" for column in columns(kind))
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
    if not there:
        connection.execute(f"CREATE TABLE {name} ({key}{values}, PRIMARY KEY (source, at, run)) WITHOUT ROWID")
        return
    for column in columns(kind):
        if column not in there:
            connection.execute(f"ALTER TABLE {name} ADD COLUMN {column} REAL")
