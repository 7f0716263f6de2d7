"""What was sent where: the intent before the first byte, every remote id after it, on the disk before anything goes on.

In: packs, accounts, what the networks answered; out: rows. One SQLite file for all shows of this user, so that a clip
is posted once whatever folder it lies in: CLIPPER_LEDGER, or ledger.sqlite in the user's data folder.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Self

import platformdirs
from pydantic import BaseModel, ConfigDict

from clipper.errors import InputError, MissingError
from clipper.publish import schema
from clipper.publish.base import Account, Pack, Posted
from clipper.publish.secrets import hide

State = Literal["waiting", "begun", "posted", "refused", "unknown", "removed"]
PATIENCE = 30.0  # seconds for another process to finish writing a row


class Row(BaseModel):
    """One clip on one account.

    Attributes:
        state: waiting (nothing was sent), begun (it may have been), posted, refused, unknown (a person must look),
            removed (taken back).
        began: when the first byte may have gone, by this machine's clock.
        words: what the network said, or why nobody knows.
        due: when it is to be sent; None: at once.
        round: how often the clip was taken back from there before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    content: str
    network: str
    profile: str
    account: str
    account_name: str
    platform: str
    clip: str
    title: str
    folder: str
    manifest: str
    state: State
    began: datetime.datetime | None
    remote_id: str
    url: str
    words: str
    due: datetime.datetime | None
    round: int
    changed: datetime.datetime


def post_key(content: str, network: str, account: str, rendition: str = "", again: int = 0) -> str:
    """Names one clip on one account, 64 hex digits.

    Args:
        content: the clip's, from its pack; the same for every platform.
        account: its unchanging id.
        rendition: for a place that keeps the files of several platforms, which one; else "".
        again: how often it was taken back there before.
    """
    text = json.dumps([content, network, account, rendition, again], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def ledger_path() -> Path:
    """Where the user's ledger is."""
    named = os.environ.get("CLIPPER_LEDGER")
    return Path(named) if named else Path(platformdirs.user_data_dir("clipper", appauthor=False)) / "ledger.sqlite"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Ledger:
    """An open ledger. Use as a context manager.

    Raises:
        InputError: the file is damaged, or is no ledger, or of a later clipper; a damaged one names its backup.
        MissingError: it cannot be written, or the disk is full. Nothing is sent then.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or ledger_path()
        self.backup_path = self.path.with_suffix(".backup.sqlite")
        with self._readable():
            self._db = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        self._db.close()

    # rows

    def intend(
        self,
        pack: Pack,
        network: str,
        account: Account,
        *,
        profile: str = "",
        rendition: str = "",
        due: datetime.datetime | None = None,
    ) -> Row:
        """The row of a clip on an account: the one that stands, or a new one that waits.

        After a post was taken back, a new one gets a key of its own. A row that only waits takes the new folder and
        title, and the new time if there is one.
        """
        packed = pack.packed
        with self._writing() as db:
            row, key, rounds = None, "", 0
            while True:
                key = post_key(packed.content, network, account.id, rendition, rounds)
                row = self._row(key)
                if row is None or row.state != "removed":
                    break
                rounds += 1
            if row is None:
                db.execute(
                    "INSERT INTO posts (key, content, network, profile, account, account_name, platform, clip, title, "
                    "folder, manifest, state, due, round, changed) VALUES (?,?,?,?,?,?,?,?,?,?,?,'waiting',?,?,?)",
                    (key, packed.content, network, profile, account.id, account.name, packed.platform, packed.clip,
                     packed.title, str(pack.folder.resolve()), manifest_digest(pack), _text(due), rounds, _text(now())),
                )  # fmt: skip
            elif row.state == "waiting":
                planned = {"due": _text(due)} if due is not None else {}
                self._set(key, folder=str(pack.folder.resolve()), title=packed.title, profile=profile, **planned)
        return self.row(key)

    def begin(self, key: str, pack: Pack) -> Row:
        """Before the first byte: from here on the post may stand."""
        with self._writing():
            row = self.row(key)
            self._set(
                key, state="begun", began=_text(row.began or now()), manifest=manifest_digest(pack), words="",
                folder=str(pack.folder.resolve()),
            )  # fmt: skip
        return self.row(key)

    def posted(self, key: str, posted: Posted) -> Row:
        """It stands; what was kept to get there is forgotten."""
        with self._writing() as db:
            self._set(key, state="posted", remote_id=posted.remote_id, url=posted.url, words="", due=None)
            db.execute("DELETE FROM steps WHERE key = ?", (key,))
        return self.row(key)

    def note(self, key: str, words: str, state: State | None = None) -> Row:
        """What the network said; with `state`, how it stands now. Forgets the steps of what was refused or removed."""
        with self._writing() as db:
            # what was refused does not stand: a better one is sent without a look for it
            more: dict[str, Any] = {"began": None} if state == "refused" else {}
            self._set(key, words=hide(words), **({"state": state, **more} if state else {}))
            if state in ("refused", "removed"):
                db.execute("DELETE FROM steps WHERE key = ?", (key,))
        return self.row(key)

    def not_there(self, key: str) -> Row:
        """Somebody looked: the post does not stand, and may be sent anew."""
        with self._writing() as db:
            self._set(key, state="waiting", began=None, words="")
            db.execute("DELETE FROM steps WHERE key = ?", (key,))
        return self.row(key)

    def row(self, key: str) -> Row:
        """The row of that key; it is there."""
        row = self._row(key)
        if row is None:
            raise InputError(f"the ledger has no row {key[:12]}", "clipper posts shows what it has")
        return row

    def rows(self) -> tuple[Row, ...]:
        """All, the oldest first."""
        with self._readable():
            return tuple(_as_row(r) for r in self._db.execute("SELECT * FROM posts ORDER BY rowid"))

    def due(self, at: datetime.datetime) -> tuple[Row, ...]:
        """Rows that were planned for that moment or an earlier one and do not stand yet, in that order."""
        rows = [r for r in self.rows() if r.due is not None and r.due <= at and r.state in ("waiting", "begun")]
        return tuple(sorted(rows, key=lambda r: r.due or at))

    def known(self, row: Row) -> frozenset[str]:
        """Ids of the other posts of a row's account that the ledger has."""
        with self._readable():
            found = self._db.execute(
                "SELECT remote_id FROM posts WHERE network = ? AND account = ? AND remote_id <> '' AND key <> ?",
                (row.network, row.account, row.key),
            )
            return frozenset(str(r[0]) for r in found)

    def steps(self, key: str) -> KeptSteps:
        """The recorder of one clip's steps."""
        return KeptSteps(self, key)

    # the file

    @property
    def doubt(self) -> datetime.datetime | None:
        """When this ledger was put back from its backup: what was posted after that moment it does not know."""
        with self._readable():
            found = self._db.execute("SELECT value FROM meta WHERE name = 'backup'").fetchone()
            return datetime.datetime.fromisoformat(found[0]) if found else None

    def keep_backup(self) -> None:
        """A copy beside the ledger, whole at every moment, that knows that it is one."""
        if self.doubt is not None:
            return  # a ledger in doubt is no better than the backup that it came from
        temporary = self.backup_path.with_suffix(".new")
        with self._readable():
            temporary.unlink(missing_ok=True)
            copy = sqlite3.connect(temporary)
            try:
                self._db.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                copy.execute("INSERT OR REPLACE INTO meta VALUES ('backup', ?)", (_text(now()),))
                copy.commit()
            finally:
                copy.close()
            temporary.chmod(0o600)
            temporary.replace(self.backup_path)

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.path.exists():
            # nobody else may read it: unfinished uploads have addresses that work like passwords
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        db.row_factory = sqlite3.Row
        try:
            if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("malformed")
            at = schema.version(db)
            application = db.execute("PRAGMA application_id").fetchone()[0]
            empty = at == 0 and not db.execute("SELECT 1 FROM sqlite_schema").fetchone()
            if not empty and application != schema.APPLICATION:
                raise InputError(f"{self.path} is no ledger of clipper's", "set CLIPPER_LEDGER to another file")
            if at > schema.SCHEMA:
                raise InputError(f"{self.path} was written by a later clipper", "install that one again")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            if empty:
                schema.make(db)
            elif at < schema.SCHEMA:
                self._set_aside(db, at)
                schema.migrate(db)
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self, db: sqlite3.Connection, at: int) -> None:
        """The ledger as it was before a migration."""
        copy = sqlite3.connect(self.path.with_suffix(f".schema{at}.sqlite"))
        try:
            db.backup(copy)
        finally:
            copy.close()

    def _row(self, key: str) -> Row | None:
        with self._readable():
            found = self._db.execute("SELECT * FROM posts WHERE key = ?", (key,)).fetchone()
            return _as_row(found) if found else None

    def _set(self, key: str, **values: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE posts SET {names}, changed = ? WHERE key = ?", (*values.values(), _text(now()), key))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when the block ends."""
        with self._readable():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "malformed" in str(error) or "decode" in str(error):  # what it says of it, or what is in it, is no text
                raise self._damaged() from error
            full = "full" in str(error)
            raise MissingError(
                f"the ledger {self.path} cannot be written: {error}",
                "free some space on its disk; nothing is sent without it"
                if full
                else "set CLIPPER_LEDGER to a file that you may write; nothing is sent without it",
            ) from error
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:  # bytes that are no text, values that are none
            raise self._damaged() from error
        except OSError as error:
            raise MissingError(
                f"the ledger {self.path} cannot be written: {error.strerror}", "set CLIPPER_LEDGER to a file of yours"
            ) from error

    def _damaged(self) -> InputError:
        said = f"the ledger {self.path} is damaged; nothing is sent, since nobody knows what was"
        if self.backup_path.exists():
            made = datetime.datetime.fromtimestamp(self.backup_path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
            return InputError(
                said,
                f"move it away and put its backup of {made} in its place: {self.backup_path}; what was posted "
                "since is looked for before anything is sent",
            )
        return InputError(said, "it has no backup: move it away, and see that what you publish next is not there yet")


class KeptSteps:
    """`Steps` in the ledger."""

    def __init__(self, ledger: Ledger, key: str) -> None:
        self._ledger, self._key = ledger, key

    def get(self, name: str) -> Any:
        with self._ledger._readable():
            found = self._ledger._db.execute(
                "SELECT value FROM steps WHERE key = ? AND name = ?", (self._key, name)
            ).fetchone()
            return json.loads(found[0]) if found else None

    def put(self, name: str, value: Any) -> None:
        with self._ledger._writing() as db:
            db.execute(
                "INSERT INTO steps VALUES (?, ?, ?, ?) ON CONFLICT (key, name) DO UPDATE SET value = excluded.value, "
                "at = excluded.at",
                (self._key, name, json.dumps(value), _text(now())),
            )

    def drop(self, name: str) -> None:
        with self._ledger._writing() as db:
            db.execute("DELETE FROM steps WHERE key = ? AND name = ?", (self._key, name))


def manifest_digest(pack: Pack) -> str:
    """Of what the manifest says: after a refusal, only a pack that says something else is tried again."""
    return hashlib.sha256(pack.packed.model_dump_json(exclude={"made"}).encode("utf-8")).hexdigest()


def _as_row(found: sqlite3.Row) -> Row:
    return Row.model_validate(dict(found))


def _text(moment: datetime.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(datetime.UTC).isoformat()
