"""The ledger's tables, and how an older ledger becomes one of today. In: a connection; out: one at `SCHEMA`.

A change of the tables is a new number here and a step in `MIGRATIONS`; tests/publish/baselines keeps each older form.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

SCHEMA = 2
APPLICATION = 0x434C5031  # "CLP1": another program's database is not taken for a ledger

TABLES = """
CREATE TABLE posts (
  key TEXT PRIMARY KEY,           -- the clip's content, network, account (and which rendition, and which time anew)
  content TEXT NOT NULL,
  network TEXT NOT NULL,
  profile TEXT NOT NULL,
  account TEXT NOT NULL,          -- its unchanging id
  account_name TEXT NOT NULL,
  platform TEXT NOT NULL,
  clip TEXT NOT NULL,
  title TEXT NOT NULL,
  folder TEXT NOT NULL,           -- of the pack
  manifest TEXT NOT NULL,         -- sha256 of the manifest that was sent
  state TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'posted', 'refused', 'unknown', 'removed')),
  began TEXT,                     -- UTC; before the first byte
  remote_id TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',
  words TEXT NOT NULL DEFAULT '', -- of the network, or why it is unknown
  due TEXT,                       -- UTC; null: at once
  round INTEGER NOT NULL DEFAULT 0,
  changed TEXT NOT NULL
) STRICT;
CREATE INDEX posts_of_an_account ON posts (network, account);
CREATE TABLE steps (
  key TEXT NOT NULL REFERENCES posts (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,            -- JSON
  at TEXT NOT NULL,
  PRIMARY KEY (key, name)
) STRICT;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


def _from_1(db: sqlite3.Connection) -> None:
    """Adds the time for which a post is planned, profiles, and the round after one was taken back."""
    for column in ("due TEXT", "round INTEGER NOT NULL DEFAULT 0", "profile TEXT NOT NULL DEFAULT ''"):
        db.execute(f"ALTER TABLE posts ADD COLUMN {column}")
    db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1}


def make(db: sqlite3.Connection) -> None:
    """The tables in an empty database."""
    db.execute("BEGIN IMMEDIATE")
    try:
        if version(db) == 0:
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {SCHEMA}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def migrate(db: sqlite3.Connection) -> None:
    """One step after the other, each whole or not at all."""
    while (now := version(db)) < SCHEMA:
        db.execute("BEGIN IMMEDIATE")
        try:
            if version(db) == now:
                MIGRATIONS[now](db)
                db.execute(f"PRAGMA user_version = {now + 1}")
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def version(db: sqlite3.Connection) -> int:
    """The ledger's schema; 0 for an empty file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])
