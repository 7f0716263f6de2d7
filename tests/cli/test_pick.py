"""`clipper pick` as somebody meets it every week: from a terminal with single keys, from a pipe with lines."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clipper.plan import store
from clipper.plan.model import Plan
from tests.plan.talk import talk
from tests.plan.test_store import clip

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

SAID = talk()
TITLES = ("The night the bell fell", "The same bell", "A holiday")
# The command alone: the whole program is tested elsewhere.
COMMAND = [
    sys.executable,
    "-c",
    "import typer; from clipper.cli.pick import pick; app = typer.Typer(); app.command()(pick); app()",
]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An OUT with three clips, a transcript and a tone as its audio."""
    folder = tmp_path / "out put"
    folder.mkdir()
    words = [{"word": f" {w.text}", "start": w.start, "end": w.end, "speaker": w.speaker} for w in SAID.words]
    segments = [
        {"id": n, "start": s.start, "end": s.end, "text": f" {s.text}", "words": words[s.first : s.last]}
        for n, s in enumerate(SAID.sentences)
    ]
    text = " ".join(s.text for s in SAID.sentences)
    (folder / "transcript.json").write_text(
        json.dumps({"text": text, "segments": segments, "language": "en"}), encoding="utf-8"
    )
    with wave.open(str(folder / "episode.wav"), "wb") as f:
        f.setparams((1, 2, 8000, 0, "NONE", ""))
        f.writeframes(b"\x00\x10\x00\xf0" * 4000 * 24)
    clips = tuple(clip(n, *where, title=TITLES[n - 1], proposed_title=TITLES[n - 1])
                  for n, where in ((1, (2, 5)), (2, (6, 8)), (3, (8, 9))))  # fmt: skip
    plan = Plan(episode="page.md", audio="episode.wav", transcript="transcript.json", clips=clips, last_id=3)
    store.save(plan, folder)
    return folder


def environment(**more: str) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "FORCE_COLOR")}
    return {**clean, "TERM": "xterm", "PYTHONUTF8": "1", "CLIPPER_CACHE": "/nonexistent", **more}


def piped(out: Path, *lines: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, str(out)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=120,
        check=False,
    )


def answers(out: Path) -> list[bool | None]:
    return [c.picked for c in store.load(out).clips]


# --- from a pipe


def test_lines_from_a_pipe_take_leave_and_end_in_a_table_with_the_next_command(out: Path) -> None:
    done = piped(out, "t", "leave", "T")
    assert done.returncode == 0, done.stderr
    assert answers(out) == [True, False, True]
    end = done.stdout[done.stdout.rindex("that was the last one") :]
    assert "2 picked, 1 left out, 0 undecided." in end
    assert re.search(r"c1 +0:05 +6 s +The night the bell fell", end)
    assert "The same bell" not in end
    assert f"Next: clipper render '{out}'" in end
    # The command printed can be pasted.
    assert "\x1b" not in done.stdout


def test_a_page_shows_all_that_one_decides_by_in_80_columns(out: Path) -> None:
    text = piped(out, "n", "q", COLUMNS="80").stdout
    first, second = text.split("-- 2 of 3: c2")[:2]
    for part in (
        "-- 1 of 3: c1, undecided", TITLES[0], "6 s, 0:05.05 to 0:11.45, about: How the bell fell",
        "  (Today the baker Aoife Byrne is here.)", "| I was eleven the night the bell fell.",
        "| My mother, she said: don’t touch it!", "  (And nobody touched it for twenty-one years.)",
        "Why  tells a story", "     has the word “night”", "[t]ake  [l]eave",
    ):  # fmt: skip
        assert part in first, part
    assert "Mind" not in first
    assert second
    assert max(map(len, text.split("\n"))) <= 80


def test_edges_titles_and_undo_by_lines(out: Path) -> None:
    piped(out, "<", "<", "+", "r  The bell: a story", "t", "r", "Typed on its own line", "-", "u", "u", "q")
    first, second, _ = store.load(out, SAID).clips
    assert first.title == "The bell: a story"
    assert first.picked is True
    assert first.text.startswith("Welcome to")
    assert first.text.endswith("twenty-one years.")
    assert second.title == TITLES[1]
    assert second.span == second.proposed


def test_coming_back_opens_on_the_first_undecided_and_shows_what_was_proposed(out: Path) -> None:
    piped(out, "+", "t")
    again = piped(out, "b", "q").stdout
    assert again.index("-- 2 of 3: c2") < again.index("-- 1 of 3: c1, taken")
    assert "proposed: 0:05.05 to 0:11.45" in again


def test_an_unknown_answer_is_told_and_changes_nothing(out: Path) -> None:
    before = (out / "clips.yaml").read_bytes()
    done = piped(out, "dance", "", "u", "p", "q", PATH="")
    assert "there is no key 'dance' here" in done.stdout
    assert "nothing to undo" in done.stdout
    assert "nothing here can play sound" in done.stdout
    assert "[p]lay" not in done.stdout
    assert (out / "clips.yaml").read_bytes() == before


def test_without_a_transcript_one_can_still_take_and_leave(out: Path) -> None:
    (out / "transcript.json").unlink()
    done = piped(out, "<", "t", "q")
    assert done.returncode == 0
    assert "no transcript" in done.stdout
    assert "start [<]" not in done.stdout
    assert answers(out)[0] is True


def test_titles_with_terminal_escapes_and_line_breaks_do_no_harm(out: Path) -> None:
    plan = store.load(out)
    store.save(plan.with_clip(plan.clips[0].changed(title="\x1b[2Jevil\nline\u202e \x07שלום")), out)
    text = piped(out, "q").stdout
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "evil line" in text


def test_a_plan_without_clips_says_so(out: Path) -> None:
    store.save(store.load(out).model_copy(update={"clips": ()}), out)
    done = piped(out)
    assert done.returncode == 0
    assert "no clips in this plan" in done.stdout


# --- from a terminal


class Terminal:
    """A clipper pick on a pseudo-terminal of 80 columns."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process, self.master = process, master
        self.shown = ""

    def until(self, text: str, seconds: float = 60) -> str:
        """What is shown until `text` comes, from after the last call."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} did not come; there is {self.shown!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:  # the other end is closed
                    assert text in self.shown, f"{text!r} did not come; there is {self.shown!r}"
        before, self.shown = self.shown.split(text, 1)
        return before + text

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode("utf-8"))

    def ends(self, seconds: float = 30) -> int:
        return self.process.wait(timeout=seconds)


@contextmanager
def terminal(out: Path, **more: str) -> Iterator[Terminal]:
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, str(out)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment(**more),
        start_new_session=True,
        # The terminal must be the process's own, so that Ctrl-C reaches it.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_single_keys_need_no_enter_and_every_answer_is_on_disk_before_the_next_page(out: Path) -> None:
    with terminal(out) as t:
        t.until("1 of 3: c1, undecided")
        t.until("[q]uit")
        t.press("t")
        t.until("2 of 3: c2")
        assert answers(out) == [True, None, None]
        t.until("[q]uit")
        t.press("l")
        t.until("3 of 3: c3")
        assert answers(out) == [True, False, None]
        t.press("u")
        t.until("2 of 3: c2, undecided")
        assert answers(out) == [True, None, None]
        t.until("[q]uit")
        t.press("\x1b[D")  # arrow to the left
        t.until("1 of 3: c1, taken")
        t.press("+")
        t.until("twenty-one years.")
        t.until("[q]uit")
        t.press("q")
        t.until("1 picked, 0 left out, 2 undecided.")
        assert t.ends() == 0
    assert store.load(out, SAID).clips[0].text.endswith("twenty-one years.")


def test_a_title_is_mended_in_the_line_where_it_stands(out: Path) -> None:
    with terminal(out) as t:
        t.until("[q]uit")
        t.press("r")
        t.until("Title: ")
        t.press(" (ünd how)\n")
        t.until("proposed title: The night the bell fell")
        t.press("q")
        assert t.ends() == 0
    assert store.load(out).clips[0].title.endswith(" (ünd how)")


def test_keys_typed_ahead_are_all_taken(out: Path) -> None:
    with terminal(out) as t:
        t.until("[q]uit")
        t.press("tlé<t")
        t.until("that was the last one")
        t.press("q")
        assert t.ends() == 0
    assert answers(out) == [True, False, True]
    assert store.load(out).clips[2].span != clip(3, 8, 9).span


def test_ctrl_c_keeps_all_answers_and_ends_with_130(out: Path) -> None:
    with terminal(out) as t:
        t.until("[q]uit")
        t.press("t")
        t.until("2 of 3")
        t.until("[q]uit")
        t.press("\x03")
        t.until("Every answer so far is saved")
        assert t.ends() == 130
    assert answers(out) == [True, None, None]


def test_kill_9_after_an_answer_loses_nothing(out: Path) -> None:
    with terminal(out) as t:
        t.until("[q]uit")
        t.press("l")
        t.until("2 of 3")
        t.process.send_signal(signal.SIGKILL)
        assert t.ends() == -signal.SIGKILL
    assert answers(out) == [False, None, None]
    assert sorted(p.name for p in out.iterdir()) == ["clips.yaml", "episode.wav", "transcript.json"]


def test_no_color_is_heeded_and_nothing_is_wider_than_the_terminal(out: Path) -> None:
    with terminal(out, NO_COLOR="1") as t:
        shown = t.until("[q]uit")
        t.press("q")
        assert t.ends() == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", shown)
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    assert "| I was eleven" in plain
    assert max(len(line) for line in plain.replace("\r", "").split("\n")) <= 80


def test_what_is_changed_in_an_editor_meanwhile_is_not_lost(out: Path) -> None:
    with terminal(out) as t:
        t.until("[q]uit")
        path = out / "clips.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"title: {TITLES[2]}", "title: From the editor", 1) + "# mine\n", encoding="utf-8")
        t.press("t")
        t.until("2 of 3")
        # A change of the very clip that stands there: shown first, the answer is asked for again.
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"title: {TITLES[1]}", "title: Changed too", 1), encoding="utf-8")
        t.press("l")
        t.until("Changed too")
        t.until("changed meanwhile")
        t.press("q")
        assert t.ends() == 0
    assert [c.title for c in store.load(out).clips] == [TITLES[0], "Changed too", "From the editor"]
    assert answers(out) == [True, None, None]
    assert (out / "clips.yaml").read_text(encoding="utf-8").endswith("# mine\n")


def test_play_hands_the_stretch_to_a_player_and_any_key_stops_it(out: Path, tmp_path: Path) -> None:
    # A player of our own, since a test machine has no loudspeaker: it keeps what it was given and plays on and on.
    programs = tmp_path / "programs"
    programs.mkdir()
    heard, pid = tmp_path / "heard.wav", tmp_path / "pid"
    script = programs / "aplay"
    script.write_text(
        f'#!/bin/sh\n/bin/cp "$2" "{heard}"\necho $$ > "{pid}.new"\n/bin/mv "{pid}.new" "{pid}"\nexec /bin/sleep 60\n'
    )
    script.chmod(0o755)
    with terminal(out, PATH=str(programs)) as t:
        t.until("[p]lay")
        t.until("[q]uit")
        t.press("p")
        t.until("playing; any key stops it")
        end = time.monotonic() + 20
        while not pid.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        player = int(pid.read_text())
        t.press("n")
        t.until("2 of 3")
        with pytest.raises(ProcessLookupError):
            os.kill(player, 0)
        t.press("q")
        assert t.ends() == 0
    span = store.load(out).clips[0].span
    # 32-bit float stereo at 48 kHz behind a short header.
    assert heard.stat().st_size == pytest.approx(span.seconds * 48_000 * 8, rel=0.001)
