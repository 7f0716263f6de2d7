"""Pages that are broken, hostile or odd: one line of what is wrong, or a sensible reading, and never a traceback."""

# ruff: noqa: E501 - pages and feeds as they are written

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from clipper.episode.load import load_episode
from clipper.errors import Exit, InputError, UsageError

BOMB = "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)


def refused(path: Path | str) -> InputError:
    with pytest.raises(InputError) as caught:
        load_episode(str(path), offline=True)
    error = caught.value
    assert error.exit_code == Exit.INPUT
    assert error.mend
    assert "\n" not in error.message
    assert len(error.message) <= 300
    return error


def page(folder: Path, text: str | bytes, name: str = "page.md") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return path


def test_no_such_file(tmp_path: Path) -> None:
    assert "no file" in refused(tmp_path / "gone.md").message


def test_nothing_named() -> None:
    with pytest.raises(UsageError):
        load_episode("")


def test_a_null_byte_in_the_name() -> None:
    refused("page\x00.md")


@pytest.mark.parametrize("data", [b"", b" \n\n\t"])
def test_an_empty_page(tmp_path: Path, data: bytes) -> None:
    assert "empty" in refused(page(tmp_path, data)).message


@pytest.mark.parametrize("data", [os.urandom(5000), bytes(5000), b"\x7fELF" + bytes(range(256)) * 20])
def test_a_binary_file_as_page(tmp_path: Path, data: bytes) -> None:
    assert "no text" in refused(page(tmp_path, data)).message


def test_a_page_of_20_megabytes_is_refused_unread(tmp_path: Path) -> None:
    started = time.process_time()
    assert "too long" in refused(page(tmp_path, b"x" * 20_000_000)).message
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: [unclosed\n: : :\n---\nbody\n", "line 3"),
        ("---\ntitle: 'open\n---\nbody\n", "cannot be read"),
        ("---\ntitle: *gone\n---\nbody\n", ""),
        ("---\ntitle: !!python/object/apply:os.system [ls]\n  bad\n---\n", "cannot be read"),
        ("+++\ntitle = \n+++\nbody\n", "TOML"),
        ('{"title": }\nbody\n', "JSON"),
        ('---\n{"title": \n---\nbody\n', "JSON"),
        ("---\ntitle: " + "[" * 9000 + "\n---\n", "too deep"),
        ('{"a": ' + "[" * 50_000, "too deep"),
        ("+++\na = " + "[" * 20_000 + "\n+++\n", "TOML"),
        (BOMB + "---\nhello\n", "millions"),
        ("---\nk: " + "x" * 600_000 + "\n---\nhello\n", "too long"),
    ],
    ids=[
        "yaml",
        "quote",
        "alias",
        "tag",
        "toml",
        "json",
        "json-between",
        "deep",
        "deep-json",
        "deep-toml",
        "bomb",
        "long",
    ],
)
def test_broken_front_matter(tmp_path: Path, text: str, says: str) -> None:
    path = page(tmp_path, text)
    if text.startswith("---\ntitle: *gone"):  # a star is mended into a title, as people write them
        assert load_episode(str(path)).title == "gone"
        return
    started = time.process_time()
    assert says in refused(path).message
    assert time.process_time() - started < 5


def test_a_yaml_tag_is_not_obeyed(tmp_path: Path) -> None:
    path = page(tmp_path, f"---\ntitle: !!python/object/apply:os.mkdir ['{tmp_path}/made']\n---\nhello\n")
    load_episode(str(path))
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("title: Part two: the return", "Part two: the return"),
        ("title: @home with bees", "@home with bees"),
        ('title: "Bees" and other people', '"Bees" and other people'),
        ("title: [Podcast #12] Bees", "Bees"),
        ("title: 1984", "1984"),
        ("title: 2019-02-30", "2019-02-30"),
        ("title: yes", "yes"),
        ("\ttitle: tabbed", "tabbed"),
        ("title: first\ntitle: second", "second"),
    ],
)
def test_titles_that_yaml_trips_over(tmp_path: Path, written: str, read: str) -> None:
    assert load_episode(str(page(tmp_path, f"---\n{written}\n---\nhello\n"))).title == read


def test_rules_are_no_front_matter(tmp_path: Path) -> None:
    read = load_episode(str(page(tmp_path, "---\n\nJust prose between two rules.\n\n---\n\n# Later\n")))
    assert read.title == "Later"


def test_a_page_with_no_topics(tmp_path: Path) -> None:
    read = load_episode(str(page(tmp_path, "# Quiet\n\nNothing is listed here.\n")))
    assert (read.title, read.topics, read.links, read.chapters) == ("Quiet", (), (), ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "---\r\ntitle: Grüße aus Köln\r\n---\r\n\r\nThemen:\r\n\r\n* Erstens\r\n* Zweitens\r\n"
    read = load_episode(str(page(tmp_path, text.encode(encoding))))
    assert (read.title, read.topics) == ("Grüße aus Köln", ("Erstens", "Zweitens"))


def test_a_few_broken_bytes_do_not_spoil_a_page(tmp_path: Path) -> None:
    data = "---\ntitle: Zürich, Genève, Málaga, Kraków\n---\nhello ".encode() + b"\xff there\n"
    assert load_episode(str(page(tmp_path, data))).title == "Zürich, Genève, Málaga, Kraków"


def test_control_characters_and_bidi_overrides_do_not_reach_the_reader(tmp_path: Path) -> None:
    text = (
        '---\ntitle: "A\\x1b[31m red \\u202E title\\nin two \\ud83d lines"\nguests: ["Ana\\u0007 Lopez"]\n---\nhello\n'
    )
    read = load_episode(str(page(tmp_path, text)))
    assert read.title == "A [31m red title in two lines"
    assert read.guests == ("Ana Lopez",)


@pytest.mark.parametrize(
    "name", ["my page.md", 'it\'s "quoted".md', "two\nlines.md", "שלום עולם.md", "-rf.md", "$(x).md", "%41.md"]
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    read = load_episode(str(page(tmp_path, "# A title\n\nText.\n", name)))
    assert (read.title, read.page) == ("A title", name)
    assert "\n" not in refused(tmp_path / ("gone " + name)).message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.md", ">" * 10_000 + " x\n\n"),
        ("l.md", "- " * 10_000 + "x\n\n"),
        ("b.md", "[" * 10_000 + "\n\n"),
        ("e.md", "*a **b " * 10_000 + "\n\n"),
        ("d.html", "<html><body>" + "<div>" * 10_000 + "x" + "</div>" * 10_000),
        ("u.html", "<html><body>" + "<ul><li>" * 10_000 + "x"),
        ("o.html", "<html>" + "<a " * 50_000),
        ("c.html", "<html>" + "<!--" * 50_000),
        ("i.md", "a. " * 100_000 + "\n\n"),
        ("t.md", "00:00 " * 100_000 + "\n\n"),
    ],
)
def test_deep_and_endless_pages_end(tmp_path: Path, name: str, text: str) -> None:
    started = time.process_time()
    load_episode(str(page(tmp_path, text + "\n\nWe talk about:\n\n- a\n- b\n", name)))
    assert time.process_time() - started < 10


def test_commands_in_a_page_stay_text(tmp_path: Path) -> None:
    text = "---\ntitle: '`touch x` $(touch y) ; touch z'\naudio: '$(touch a).mp3'\n---\n\nhello\n"
    before = set(tmp_path.iterdir())
    read = load_episode(str(page(tmp_path, text)))
    assert read.title == "`touch x` $(touch y) ; touch z"
    assert set(tmp_path.iterdir()) - before == {tmp_path / "page.md"}


def test_times_of_day_verses_and_ratios_are_no_chapters(tmp_path: Path) -> None:
    text = "# Notes\n\nWe read John 3:16.\n\n- Ratio 16:9\n- Ratio 4:3\n\nMeetings:\n\n- 10:30 AM Monday\n- 11:15 pm Tuesday\n"
    assert load_episode(str(page(tmp_path, text))).chapters == ()


def test_a_transcript_is_no_list_of_chapters(tmp_path: Path) -> None:
    said = "".join(f"[00:{m:02d}:10] Ana: and so it goes on and on.\n\n" for m in range(40))
    read = load_episode(str(page(tmp_path, f"# Bees\n\n- 00:00 Hello\n- 12:00 Bees\n\n## Transcript\n\n{said}")))
    assert len(read.chapters) == 2


def test_chapters_whose_names_fall_together_are_no_chapters(tmp_path: Path) -> None:
    """Found by hypothesis: "a" and "A:" are one name once squeezed, and were taken for a chapter's only one."""
    page = tmp_path / "page.md"
    page.write_text('---\ntitle: Bells\nchapters:\n  - {"a": x, "A:": y}\n---\nWords.\n', encoding="utf-8")
    assert load_episode(str(page), offline=True).chapters == ()
