"""The ledger: what it keeps, and what it does when its file is old, damaged, full, or in two hands at once."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clipper.errors import InputError, MissingError
from clipper.publish import schema
from clipper.publish.base import Account, Posted
from clipper.publish.ledger import Ledger, post_key
from clipper.publish.lock import alone
from tests.publish.packs import make_pack

BASELINE = Path(__file__).parent / "baselines" / "ledger-1.sql"
ADA = Account("did:plc:ada", "@ada.test", "public")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book" / "ledger.sqlite"


def test_the_intent_is_on_the_disk_before_anything_goes_on(book: Path, tmp_path: Path):
    pack = make_pack(tmp_path, "bluesky")
    with Ledger(book) as ledger:
        row = ledger.intend(pack, "bluesky", ADA)
        ledger.begin(row.key, pack)
        ledger.steps(row.key).put("media", {"id": 7})
        # another process sees it now, not when this one is done
        seen = sqlite3.connect(book).execute("SELECT state FROM posts").fetchall()
        assert seen == [("begun",)]
        assert ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert ledger._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with Ledger(book) as again:
        assert again.steps(row.key).get("media") == {"id": 7}
        assert again.row(row.key).state == "begun"


def test_a_clip_has_one_row_an_account_and_another_one_after_it_was_taken_back(book: Path, tmp_path: Path):
    pack = make_pack(tmp_path, "bluesky")
    with Ledger(book) as ledger:
        first = ledger.intend(pack, "bluesky", ADA)
        assert ledger.intend(make_pack(tmp_path / "elsewhere", "bluesky"), "bluesky", ADA).key == first.key
        assert ledger.intend(pack, "bluesky", Account("did:plc:bob", "@bob", "public")).key != first.key
        ledger.posted(first.key, Posted("at://1", "https://x"))
        ledger.note(first.key, "", "removed")
        second = ledger.intend(pack, "bluesky", ADA)
        assert (second.key != first.key, second.round) == (True, 1)


def test_the_key_is_of_content_network_and_account_alone():
    assert post_key("c", "n", "a") == post_key("c", "n", "a")
    others = [post_key("d", "n", "a"), post_key("c", "m", "a"), post_key("c", "n", "b"), post_key("c", "na", "")]
    assert len({post_key("c", "n", "a"), *others}) == 5


def test_a_ledger_of_the_first_schema_is_taken_over_and_set_aside(book: Path):
    book.parent.mkdir()
    old = sqlite3.connect(book)
    old.executescript(BASELINE.read_text())
    old.close()
    with Ledger(book) as ledger:
        posted, begun = ledger.rows()
        assert (posted.state, posted.remote_id, posted.profile, posted.due) == (
            "posted", "at://did:plc:ada/app.bsky.feed.post/3k", "", None,
        )  # fmt: skip
        assert (begun.state, begun.round) == ("begun", 0)
        assert ledger.steps("b2").get("media") == "4711"
        ledger.keep_backup()
    aside = sqlite3.connect(book.with_suffix(".schema1.sqlite"))
    assert schema.version(aside) == 1
    fresh = book.with_name("fresh.sqlite")
    Ledger(fresh)
    for table in ("posts", "steps", "meta"):
        columns = [
            sorted(r[1] for r in sqlite3.connect(at).execute(f"PRAGMA table_info({table})")) for at in (book, fresh)
        ]
        assert columns[0] == columns[1], table


def test_a_ledger_of_a_later_clipper_is_left_alone(book: Path):
    Ledger(book)
    db = sqlite3.connect(book)
    db.execute(f"PRAGMA user_version = {schema.SCHEMA + 1}")
    db.commit()
    db.close()
    with pytest.raises(InputError, match="later clipper"):
        Ledger(book)


def test_another_programs_database_is_no_ledger(book: Path):
    book.parent.mkdir()
    db = sqlite3.connect(book)
    db.execute("CREATE TABLE places (url TEXT)")
    db.commit()
    db.close()
    with pytest.raises(InputError, match="no ledger"):
        Ledger(book)


@pytest.mark.parametrize("how", ["garbage", "a page of zeros", "cut short"])
def test_a_damaged_ledger_is_refused_and_its_backup_named(book: Path, tmp_path: Path, how: str):
    with Ledger(book) as ledger:
        for number in range(60):
            ledger.intend(make_pack(tmp_path, "bluesky", number + 1, size=0), "bluesky", ADA)
        ledger._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ledger.keep_backup()
    raw = bytearray(book.read_bytes())
    if how == "garbage":
        raw[:100] = b"x" * 100
    elif how == "a page of zeros":
        raw[4096:12288] = bytes(8192)
    else:
        del raw[len(raw) // 2 :]
    book.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        Ledger(book)
    assert "damaged" in caught.value.message
    assert "nothing is sent" in caught.value.message
    assert str(book.with_suffix(".backup.sqlite"))[-60:] in caught.value.mend
    assert book.read_bytes() == bytes(raw), "it is left as it is"


def test_a_damaged_ledger_without_a_backup_says_so(book: Path):
    book.parent.mkdir()
    book.write_bytes(b"not a database at all" * 100)
    with pytest.raises(InputError, match="damaged") as caught:
        Ledger(book)
    assert "no backup" in caught.value.mend


def test_a_ledger_put_back_from_its_backup_knows_what_it_does_not_know(book: Path, tmp_path: Path):
    pack = make_pack(tmp_path, "bluesky")
    with Ledger(book) as ledger:
        assert ledger.doubt is None
        ledger.keep_backup()
        key = ledger.intend(pack, "bluesky", ADA).key
        ledger.posted(key, Posted("at://1"))
    for file in book.parent.glob("ledger.sqlite*"):
        file.unlink()
    book.with_suffix(".backup.sqlite").replace(book)
    with Ledger(book) as ledger:
        assert ledger.doubt is not None
        assert ledger.intend(pack, "bluesky", ADA).state == "waiting"


def test_nothing_goes_on_when_the_disk_is_full(book: Path, tmp_path: Path):
    pack = make_pack(tmp_path, "bluesky")
    with Ledger(book) as ledger:
        key = ledger.intend(pack, "bluesky", ADA).key
        pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
        ledger._db.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own "database or disk is full"
        with pytest.raises(MissingError, match="full") as caught:
            ledger.steps(key).put("session", "x" * 100_000)
        assert "nothing is sent" in caught.value.mend
        assert ledger.steps(key).get("session") is None
        assert ledger.row(key).state == "waiting"


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(MissingError, match="cannot be written"):
        Ledger(file / "ledger.sqlite")


def test_only_its_owner_may_read_it(book: Path):
    with Ledger(book) as ledger:
        ledger.keep_backup()
    for path in (book, book.with_suffix(".backup.sqlite")):
        assert path.stat().st_mode & 0o077 == 0


def test_of_two_runs_at_once_one_waits(book: Path):
    order: list[str] = []

    def second() -> None:
        with alone(book, lambda: order.append("waits")):
            order.append("second")

    with alone(book, lambda: order.append("never")):
        thread = threading.Thread(target=second)
        thread.start()
        while "waits" not in order:
            time.sleep(0.01)
        order.append("first")
    thread.join(10)
    assert order == ["waits", "first", "second"]


def test_a_killed_run_lets_go_of_the_lock(book: Path):
    code = (
        "import sys, time; from pathlib import Path; from clipper.publish.lock import alone\n"
        f"with alone(Path({str(book)!r}), lambda: None): print('in', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        process.kill()
        process.wait()
    with alone(book, lambda: None, patience=5):
        pass


def _other_column(raw: bytes) -> bytes:
    return raw.replace(b"account_name", b"accounp_name")


def _no_text(raw: bytes) -> bytes:
    return re.sub(rb"(?<!')posted(?!')", b"postee", raw.replace(b"posts", b"po\xdets"))


@pytest.mark.parametrize("damage", [_other_column, _no_text])
def test_damage_that_sqlite_itself_bears_is_damage(damage: Callable[[bytes], bytes], book: Path, tmp_path: Path):
    """Found by fuzzing: a column by another name, and a fault that SQLite tells in bytes that are no text."""
    pack = make_pack(tmp_path, "bluesky", size=0)
    with Ledger(book) as ledger:
        row = ledger.intend(pack, "bluesky", ADA)
        ledger.begin(row.key, pack)
        ledger.posted(row.key, Posted("at://1", "https://x"))
        ledger._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.write_bytes(damage(book.read_bytes()))
    with pytest.raises(InputError, match="is damaged; nothing is sent"), Ledger(book) as ledger:
        ledger.rows()
