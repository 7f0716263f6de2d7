"""A stranger's texts: no title reaches another folder, no escape code a terminal, no word a shell."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipper import cache
from clipper.batch.sources import expand
from clipper.cli.app import run
from clipper.export.names import slug
from tests.batch import tiny
from tests.conftest import ROOT

ESCAPES = "\x1b[31mred\x1b]0;owned\x9b2J\u202eback\x7f"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_no_title_leads_out_of_its_folder(title: str):
    name = slug(title)
    assert name
    assert Path(name).name == name
    assert name not in (".", "..")
    assert not name.startswith(("-", "."))
    assert "\x00" not in name
    assert len(name.encode()) < 230
    assert name.isprintable()


def test_a_page_full_of_escape_codes_prints_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    page = tiny.episode(tmp_path, 1, title=f"Bells {ESCAPES}")
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n## In this episode\n\n* {ESCAPES} towers\n\nGuest: {ESCAPES} Aoife\n", encoding="utf-8")
    words = page.with_suffix(".txt")
    words.write_text(words.read_text(encoding="utf-8").replace("back", f"back{ESCAPES}"), encoding="utf-8")
    given_words = ["--transcript", str(words), "--language", "en"]
    out = str(tmp_path / "out")
    assert run(["episode", str(page)]) == 0
    assert run(["find", str(page), *given_words, "--min", "4", "--max", "12"]) == 0
    assert run(["find", str(page), *given_words, "--min", "4", "--max", "12", "--explain", "c1"]) == 0
    assert run(["make", str(page), "--transcript", str(words), "-o", out, *map(str, tiny.QUICK)]) in (0, 5)
    assert run(["make", str(page), "--transcript", str(words), "-o", out, *map(str, tiny.QUICK), "--json"]) in (0, 5)
    assert run(["render", out, "--only", ESCAPES]) == 2
    assert run(["batch", str(page), "-o", str(tmp_path / "all"), "--jobs", "1", *map(str, tiny.QUICK)]) in (0, 5)
    assert run(["make", str(tmp_path / f"no{ESCAPES.replace('/', '')}.md")]) == 3
    printed = "".join(capfd.readouterr())
    bad = {c for c in printed if not c.isprintable() and c not in "\n\t"}
    assert not bad, [printed[max(0, printed.index(c) - 60) : printed.index(c) + 20] for c in bad]


def test_names_from_feeds_do_not_lead_out(tmp_path: Path):
    item = (
        "<item><title>../../{0}</title><guid>{0}</guid><enclosure url='../../../etc/passwd' type='audio/mpeg'/></item>"
    )
    feed = tmp_path / "in" / "feed.xml"
    feed.parent.mkdir()
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("secret")
    feed.write_text(f"<rss><channel>{item.format('a')}{item.format('b')}</channel></rss>")
    for one in expand([str(feed)])[0]:
        assert one.audio is None
        assert (tmp_path / one.name).resolve().parent == tmp_path


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)])
def test_files_have_the_users_mode(mask: int, mode: int, tmp_path: Path):
    before = os.umask(mask)
    try:
        cache.write_text(tmp_path / "x.txt", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "x.txt").stat().st_mode & 0o777 == mode


METHODS = {"extract", "extractall", "unpack_archive", "unsafe_load", "Unpickler"}
FUNCTIONS = {"eval", "exec", "compile", "os.system", "os.popen", "pickle.load", "pickle.loads"}


def test_no_archive_is_unpacked_no_text_is_run_and_no_shell_is_asked():
    """What is never called cannot be led astray: a path inside a zip, a pickle, a word for a shell."""
    wrong = []
    for path in sorted((ROOT / "clipper").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
                wrong += [
                    f"{path}:{node.lineno}: {n}" for n in names if n in ("pickle", "tarfile", "shelve", "marshal")
                ]
            elif isinstance(node, ast.Call):
                whole = ast.unparse(node.func)
                given = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
                loose = given.get("shell") is True or given.get("allow_pickle") is True
                if (
                    whole in FUNCTIONS
                    or whole.rpartition(".")[2] in METHODS
                    or loose
                    or given.get("weights_only") is False
                ):
                    wrong.append(f"{path}:{node.lineno}: {whole}")
    assert not wrong, "\n".join(wrong)
