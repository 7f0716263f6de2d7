"""Only what an edit touches is done again: the work of twenty edits, counted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clipper.cli.app import run
from tests.batch import tiny

Work = Counter[str]


@pytest.fixture(scope="module")
def counted() -> Iterator[Work]:
    """Counts what is done: hearing the words, hearing the sound, cutting a clip's sound, drawing a shape."""
    import clipper.export.aside
    import clipper.export.clip
    import clipper.sound.facts
    import clipper.speech.transcribe

    work: Work = Counter()

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            work[name] += 1
            return real(*arguments, **named)

        return call

    patch = pytest.MonkeyPatch()
    for module, name, what in (
        (clipper.speech.transcribe, "open_engine", "hear"),
        (clipper.sound.facts, "measure", "listen"),
        (clipper.export.aside, "made", "sound"),
        (clipper.export.clip, "encode", "draw"),
    ):
        patch.setattr(module, name, counting(what, getattr(module, name)))
    yield work
    patch.undo()


class Show:
    """An episode whose words are really heard, with its OUT, and what a producer does to it."""

    def __init__(self, folder: Path, work: Work) -> None:
        self.page, self.out, self.work = tiny.episode(folder, 0), folder / "out", work
        self.options: dict[str, str] = {
            "--count": "2", "--min": "3", "--max": "9", "--quality": "draft", "--formats": "square",
            "--size": "320x320", "--language": "en",
        }  # fmt: skip

    def make(self) -> Work:
        """The work of `clipper make`."""
        self.work.clear()
        before = self.videos()
        words = [w for pair in self.options.items() for w in pair]
        # 5: a clip of so few seconds may fall short of a check; what is counted here is the work
        assert run(["make", str(self.page), "-o", str(self.out), "--offline", *words]) in (0, 5)
        assert len(self.videos() - before) == self.work["draw"], "what was counted is what was written"
        return +self.work

    def videos(self) -> set[tuple[int, int]]:
        """The videos in OUT: a file that only got another name is the same one."""
        return {(s.st_ino, s.st_mtime_ns) for s in (p.stat() for p in self.out.rglob("*.mp4"))}

    def plan(self, old: str, new: str) -> None:
        path = self.out / "clips.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def line(self, key: str, value: str) -> None:
        """Another value for the first clip's key."""
        path = self.out / "clips.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("  - id:"))
        found = [i for i in range(at + 1, len(lines)) if lines[i].startswith(f"    {key}:")]
        if found and found[0] < at + 12:
            lines[found[0]] = f"    {key}: {value}"
        else:
            lines.insert(at + 1, f"    {key}: {value}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def show(self, text: str) -> None:
        (self.page.parent / "clipper.toml").write_text(text, encoding="utf-8")

    def picture(self, colour: str) -> None:
        from PIL import Image

        Image.new("RGB", (600, 600), colour).save(self.page.parent / "cover.png")


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory, counted: Work) -> Iterator[Show]:
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("edits")
    patch.setenv("CLIPPER_CACHE", str(folder / "cache"))
    (folder / "cache").mkdir()
    shared = Path(os.environ["CLIPPER_TEST_CACHE_NOW"]) / "weights" if "CLIPPER_TEST_CACHE_NOW" in os.environ else None
    if shared is not None and shared.is_dir():
        (folder / "cache" / "weights").symlink_to(shared)
    yield Show(folder / "show", counted)
    patch.undo()


DRAW, SOUND = {"draw": 1}, {"draw": 1, "sound": 1}


def nothing(show: Show) -> None:
    pass


EDITS: list[tuple[str, Callable[[Show], None], dict[str, int]]] = [
    ("nothing", nothing, {}),
    ("a title", lambda s: s.line("title", "Bells"), DRAW),
    ("a hook", lambda s: s.line("hook", "Listen to this"), DRAW),
    ("a word of the captions", lambda s: s.line("captions", '"We were hired to fix a *church* roof."'), DRAW),
    ("another word of them", lambda s: s.line("captions", '"We were hired to mend a church roof."'), DRAW),
    ("a comment", lambda s: s.plan("schema: 1", "schema: 1  # mine"), {}),
    ("its end", lambda s: s.line("end", '"-0.3 s"'), SOUND),
    ("its end, back again", lambda s: s.line("end", '"-0 s"'), DRAW),
    ("the template of one clip", lambda s: s.line("template", "card"), DRAW),
    ("the template of all clips", lambda s: s.options.update({"--template": "poster"}), {"draw": 2}),
    ("a shape more", lambda s: s.options.update({"--formats": "square,wide"}), {"draw": 2}),
    ("left out", lambda s: s.line("picked", "false"), {}),
    ("picked again", lambda s: s.line("picked", "true"), {}),
    ("a file that was deleted", lambda s: next(s.out.rglob("square.mp4")).unlink(), DRAW),
    ("captions that were deleted", lambda s: next(s.out.rglob("captions.srt")).unlink(), {}),
    ("a cover", lambda s: s.picture("navy"), {"draw": 4}),
    ("another cover", lambda s: s.picture("maroon"), {"draw": 4}),
    ("a colour of the show", lambda s: s.show('[look]\ncolours.accent = "#FF8800"\n'), {"draw": 4}),
    ("a weight of the show", lambda s: s.show('[look]\ncolours.accent = "#FF8800"\n[signals]\nlate = 0.01\n'), {}),
    ("frames a second", lambda s: s.options.update({"--fps": "25"}), {"draw": 4, "sound": 2}),
    ("frames a second, back again", lambda s: s.options.pop("--fps"), {"draw": 4}),
    ("the quality", lambda s: s.options.update({"--quality": "good"}), {"draw": 4, "sound": 2}),
]


def test_the_work_of_each_edit(show: Show):
    first = show.make()
    assert first == {"hear": 1, "listen": 1, "sound": 2, "draw": 2}
    wrong = []
    for name, edit, wanted in EDITS:
        edit(show)
        done = show.make()
        if done != wanted:
            wrong.append(f"{name}: {dict(done)}, wanted {wanted}")
    assert not wrong, "\n".join(wrong)
    assert len(EDITS) >= 20


def test_other_sound_means_everything_anew(show: Show):
    show.make()
    for path in (show.page.with_suffix(".mp3"),):
        tiny.episode(show.page.parent, len(tiny.STARTS))
        other = show.page.parent / f"ep{len(tiny.STARTS)}"
        path.write_bytes(other.with_suffix(".mp3").read_bytes())
        for ending in (".md", ".mp3", ".txt"):
            other.with_suffix(ending).unlink()
    done = show.make()
    assert done["hear"] == 1
    assert done["listen"] == 1
    assert done["sound"] == 2
