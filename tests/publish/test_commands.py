"""`clipper publish`, `posts`, `unpublish` and `login` as a producer calls them: Bluesky's PDS and Mastodon's mock."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipper.publish.ledger import Ledger
from tests.conftest import Clipper
from tests.publish.nursery import Nursery
from tests.publish.packs import ALT, make_pack
from tests.publish.test_bluesky import BlueskyWorld
from tests.publish.test_mastodon import MastodonWorld
from tests.publish.world import SECRET


class Commanded(BlueskyWorld):
    handle = "commands.test"


@pytest.fixture(scope="module")
def bluesky() -> Iterator[Commanded]:
    world = Commanded()
    world.start()
    yield world
    world.stop()


@pytest.fixture(scope="module")
def mastodon() -> Iterator[MastodonWorld]:
    world = MastodonWorld()
    world.start()
    world.strict.looks = 0
    yield world
    world.stop()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory, bluesky: Commanded, mastodon: MastodonWorld) -> Iterator[Nursery]:
    made = Nursery(tmp_path_factory.mktemp("log") / "log.txt")
    yield made
    made.close()


@pytest.fixture
def run(nursery: Nursery, bluesky: Commanded, mastodon: MastodonWorld, book: Path) -> Nursery:
    for world in (bluesky, mastodon):
        world.reset()
        world.clear()
    nursery.environment = {
        "CLIPPER_LEDGER": str(book),
        "CLIPPER_BLUESKY_HANDLE": bluesky.handle,
        "CLIPPER_BLUESKY_PASSWORD": SECRET,
        "CLIPPER_BLUESKY_SERVER": bluesky.proxy.address,
        "CLIPPER_MASTODON_SERVER": mastodon.proxy.address,
        "CLIPPER_MASTODON_TOKEN": SECRET,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    return nursery


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for platform in ("bluesky", "mastodon"):
        for number in (1, 2):
            make_pack(tmp_path / "out", platform, number)
    return tmp_path / "out"


def test_nothing_is_sent_without_a_yes(run: Nursery, out: Path, bluesky: Commanded, mastodon: MastodonWorld):
    code, said = run.run("publish", out, "--to", "bluesky,mastodon")
    assert code == 2
    assert "nothing is sent without a yes" in said
    for shown in ("A bell", "Bluesky", "Mastodon", "@commands.test", "public", "new"):
        assert shown in said, said
    assert bluesky.posts() == mastodon.posts() == []


def test_a_dry_run_shows_the_requests_and_sends_none(run: Nursery, out: Path, bluesky: Commanded):
    code, said = run.run("publish", out, "--to", "bluesky,mastodon", "--dry-run", "--json")
    assert code == 0
    told = json.loads(said)["clips"]
    assert [(c["clip"], c["network"]) for c in told] == [
        ("c1", "bluesky"), ("c2", "bluesky"), ("c1", "mastodon"), ("c2", "mastodon"),
    ]  # fmt: skip
    record = told[0]["requests"][-1]
    assert record["url"].endswith("putRecord")
    assert record["fields"]["alt"] == ALT
    assert bluesky.proxy.seen == []
    assert run.run("publish", out, "--to", "bluesky", "--dry-run")[1].count("Nothing was sent.") == 1


def test_all_of_it_goes_once(run: Nursery, out: Path, bluesky: Commanded, mastodon: MastodonWorld):
    code, said = run.run("publish", out, "--to", "bluesky,mastodon", "--yes")
    assert code == 0, said
    assert said.count("✓ posted") == 4
    assert len(bluesky.posts()) == len(mastodon.posts()) == 2
    code, said = run.run("publish", out, "--to", "bluesky,mastodon", "--yes")
    assert code == 0
    assert "all of it stands already" in said
    assert len(bluesky.posts()) == len(mastodon.posts()) == 2
    listed = json.loads(run.run("posts", "--json")[1])["posts"]
    assert {(p["network"], p["clip"], p["state"]) for p in listed} == {
        (n, c, "posted") for n in ("bluesky", "mastodon") for c in ("c1", "c2")
    }


def test_what_one_network_refuses_does_not_keep_the_others_back(
    run: Nursery, out: Path, bluesky: Commanded, mastodon: MastodonWorld
):
    make_pack(out.parent / "out", "bluesky", 1, text="a" * 301)
    code, said = run.run("publish", out, "--to", "bluesky,mastodon", "--only", "c1", "--yes")
    assert code == 5
    assert "refused" in said
    assert "at most 300 characters as it counts them, this one has 301" in said
    assert "post.txt" in said
    assert (len(bluesky.posts()), len(mastodon.posts())) == (0, 1)


def test_an_account_that_is_locked_out_is_told_before_anything_is_sent(
    run: Nursery, out: Path, mastodon: MastodonWorld
):
    run.environment["CLIPPER_BLUESKY_PASSWORD"] = "wrong-password-" + SECRET
    code, said = run.run("publish", out, "--to", "bluesky,mastodon", "--yes")
    assert code == 4
    assert "clipper login bluesky" in said
    assert mastodon.posts() == []


def test_one_clip_alone_and_one_that_is_not_there(run: Nursery, out: Path, bluesky: Commanded):
    assert run.run("publish", out, "--to", "bluesky", "--only", "c2", "--yes")[0] == 0
    assert [p.text.endswith("(2)") for p in bluesky.posts() if p.text] == [True]
    code, said = run.run("publish", out, "--to", "bluesky", "--only", "c9", "--yes")
    assert code == 3
    assert "packed are: c1, c2" in said


def test_planned_posts_go_when_they_are_due(run: Nursery, out: Path, book: Path, bluesky: Commanded):
    code, said = run.run("publish", out, "--to", "bluesky", "--at", "+90m", "--yes")
    assert code == 0, said
    assert "Planned for" in said
    assert bluesky.posts() == []
    assert "planned for" in run.run("posts")[1]
    assert run.run("publish", "--due")[0] == 0
    assert bluesky.posts() == []
    with Ledger(book) as ledger, ledger._writing() as db:
        past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
        db.execute("UPDATE posts SET due = ?", (past.isoformat(),))
    code, said = run.run("publish", "--due")
    assert code == 0, said
    assert len(bluesky.posts()) == 2
    assert run.run("publish", "--due") == (0, "")


def test_a_planned_pack_that_is_gone_does_not_keep_the_others_back(
    run: Nursery, out: Path, book: Path, bluesky: Commanded, mastodon: MastodonWorld
):
    assert run.run("publish", out, "--to", "bluesky,mastodon", "--at", "+90m", "--yes")[0] == 0
    with Ledger(book) as ledger, ledger._writing() as db:
        past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
        db.execute("UPDATE posts SET due = ?", (past.isoformat(),))
    shutil.rmtree(next((out / "packs" / "bluesky").glob("01-*")))
    run.environment["CLIPPER_MASTODON_TOKEN"] = ""
    code, said = run.run("publish", "--due")
    assert code == 5, said
    assert "Traceback" not in said
    assert said.count("error: ") == 2, "the pack, and the account that nobody is logged in to"
    assert (len(bluesky.posts()), len(mastodon.posts())) == (1, 0)


def test_a_planned_post_can_be_called_off_and_a_post_taken_back(run: Nursery, out: Path, bluesky: Commanded):
    run.run("publish", out, "--to", "bluesky", "--only", "c1", "--yes")
    run.run("publish", out, "--to", "bluesky", "--only", "c2", "--at", "+1d", "--yes")
    keys = {p["clip"]: p["key"] for p in json.loads(run.run("posts", "--json")[1])["posts"]}
    assert run.run("unpublish", keys["c1"][:8])[0] == 2, "not without a yes"
    code, said = run.run("unpublish", keys["c1"][:8], keys["c2"][:8], "--yes")
    assert code == 0, said
    assert bluesky.posts() == []
    assert run.run("publish", out, "--to", "bluesky", "--only", "c1", "--yes")[0] == 0
    assert len(bluesky.posts()) == 1, "published again after it was taken back"
    assert run.run("unpublish", "zzzz", "--yes")[0] == 3


def test_what_nobody_knows_is_never_sent_again_until_somebody_looked(
    clipper: Clipper, run: Nursery, out: Path, book: Path, bluesky: Commanded
):
    run.run("publish", out, "--to", "bluesky", "--only", "c1", "--at", "+1d", "--yes")
    with Ledger(book) as ledger:
        (row,) = ledger.rows()
        ledger.note(row.key, "more than 200 newer posts", "unknown")
    import subprocess
    import sys

    def resolve(answer: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "clipper", "publish", "--resolve"],
            input=answer + "\n",
            capture_output=True,
            text=True,
            check=True,
            env={**__import__("os").environ, **run.environment},
        )
        return done.stdout

    assert "more than 200 newer posts" in resolve("skip")
    with Ledger(book) as ledger:
        assert ledger.rows()[0].state == "unknown"
    assert "sent anew" in resolve("no")
    assert run.run("publish", out, "--to", "bluesky", "--only", "c1", "--yes")[0] == 0
    assert len(bluesky.posts()) == 1


def test_no_secret_is_anywhere(run: Nursery, out: Path, tmp_path: Path, bluesky: Commanded):
    said = run.run("--verbose", "publish", out, "--to", "bluesky,mastodon", "--yes")[1]
    run.environment["CLIPPER_MASTODON_TOKEN"] = "gone-" + SECRET
    said += run.run("--verbose", "publish", out, "--to", "mastodon", "--yes")[1]
    assert "Traceback" in said
    said += run.run("posts")[1] + run.run("publish", out, "--to", "bluesky", "--dry-run")[1]
    said += run.run("login", "bluesky", "--variables")[1]
    assert SECRET not in said
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert any(p.name.startswith("ledger") for p in files)
    for path in files:
        assert SECRET.encode() not in path.read_bytes(), path


def test_two_processes_at_once_post_once(run: Nursery, out: Path, bluesky: Commanded):
    import os
    import subprocess
    import sys

    command = [sys.executable, "-m", "clipper", "publish", str(out), "--to", "bluesky", "--yes"]
    both = [
        subprocess.Popen(
            command, env={**os.environ, **run.environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    said = [p.communicate()[0] for p in both]
    assert [p.returncode for p in both] == [0, 0], said
    assert len(bluesky.posts()) == 2
    assert sum(s.count("✓ posted") for s in said) == 2


def test_a_full_disk_under_the_ledger_sends_nothing(run: Nursery, out: Path, bluesky: Commanded):
    import os
    import subprocess
    import sys

    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        # every file of this process ends there, as on a full disk
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from clipper.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "publish", str(out), "--to", "bluesky", "--yes"],
        env={**os.environ, **run.environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "ledger" in done.stderr
    assert bluesky.posts() == []


def test_login_names_the_variables(clipper: Clipper):
    done = clipper("login", "bluesky", "--variables")
    assert done.code == 0
    assert "CLIPPER_BLUESKY_HANDLE" in done.out
    assert "CLIPPER_BLUESKY_PASSWORD" in done.out
    assert clipper("login", "blusky").two_lines()[1].startswith("  try: did you mean bluesky?")


def test_a_machine_without_a_keyring_is_told_what_to_do(clipper: Clipper, out: Path):
    done = clipper(
        "publish", out, "--to", "bluesky", "--yes", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        CLIPPER_LEDGER=str(out / "ledger"),
    )  # fmt: skip
    assert done.code == 4
    assert "CLIPPER_" in done.two_lines()[1]


def test_a_login_is_tried_and_then_kept_in_the_keyring(run: Nursery, bluesky: Commanded, tmp_path: Path):
    import os
    import subprocess
    import sys

    (tmp_path / "ring.py").write_text(
        "import json, pathlib\nfrom keyring.backend import KeyringBackend\n"
        f"FILE = pathlib.Path({str(tmp_path / 'ring.json')!r})\n"
        "class Ring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def _all(self): return json.loads(FILE.read_text()) if FILE.exists() else {}\n"
        "    def get_password(self, s, u): return self._all().get(s + '/' + u)\n"
        "    def set_password(self, s, u, p): FILE.write_text(json.dumps({**self._all(), s + '/' + u: p}))\n"
        "    def delete_password(self, s, u): FILE.write_text('{}')\n"
    )
    environment = {k: v for k, v in run.environment.items() if "BLUESKY" not in k}
    environment |= {"PYTHON_KEYRING_BACKEND": "ring.Ring", "PYTHONPATH": f"{tmp_path}:{Path.cwd()}"}
    typed = f"{bluesky.handle}\n{SECRET}\n{bluesky.proxy.address}\nauto\n"

    def clipper(*argv: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "clipper", *argv], input=said, capture_output=True, text=True, check=False,
            env={**os.environ, **environment},
        )  # fmt: skip

    done = clipper("login", "bluesky", said=typed)
    assert done.returncode == 0, done.stderr
    assert f"Logged in to Bluesky as @{bluesky.handle}" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert json.loads(json.loads((tmp_path / "ring.json").read_text())["clipper/bluesky"])["password"] == SECRET
    out = tmp_path / "out"
    make_pack(out, "bluesky")
    assert clipper("publish", str(out), "--to", "bluesky", "--yes").returncode == 0
    assert len(bluesky.posts()) == 1
    assert "forgotten" in clipper("login", "bluesky", "--forget").stdout
    assert clipper("publish", str(out), "--to", "bluesky", "--yes").returncode == 4
