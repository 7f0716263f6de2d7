"""`clipper find` with a producer's own transcript and the audio: its times are compared with what is heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clipper, Done

LATE = 12.4  # seconds


def stamp(seconds: float) -> str:
    return f"00:{int(seconds // 60):02d}:{seconds % 60:06.3f}".replace(".", ",")


@pytest.fixture(scope="module")
def late(sample_truth: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's words as SRT, a cue a sentence, all of them too late."""
    cues: list[list[list[Any]]] = [[]]
    for word in sample_truth["words"]:
        cues[-1].append(word)
        if word[0].endswith((".", "?", "!")):
            cues.append([])
    path = tmp_path_factory.mktemp("given") / "late.srt"
    path.write_text(
        "\n".join(
            f"{n}\n{stamp(cue[0][1] + LATE)} --> {stamp(cue[-1][2] + LATE)}\n{' '.join(w[0] for w in cue)}\n"
            for n, cue in enumerate([c for c in cues if c], 1)
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def found(late: Path, clipper: Clipper, sample: Path, sample_audio: Path) -> Done:
    done = clipper("find", sample, "--transcript", late, "--audio", sample_audio, "--offline", "--json")
    assert done.code == 0, done.err
    return done


def test_a_late_transcript_gives_clips_where_the_sound_has_them(found: Done, sample_truth: dict[str, Any]) -> None:
    words = sample_truth["words"]
    texts = [w[0] for w in words]
    assert found.json["clips"]
    for clip in found.json["clips"]:
        said = clip["text"].split()
        at = next(i for i in range(len(texts)) if texts[i : i + len(said)] == said)
        assert clip["start"] == pytest.approx(words[at][1], abs=1.0)
    (note,) = [note for note in found.json["notes"] if "shifted" in note]
    assert "s late: shifted" in note
    assert f"note: {note}" in found.err


def test_candidates_show_the_line_for_their_picture(clipper: Clipper, sample: Path) -> None:
    found = clipper("find", sample, "--offline", "--json")
    hooks = [clip["hook"] for clip in found.json["clips"]]
    assert any(hooks)
    assert all(hook is None or 0 < len(hook) <= 60 for hook in hooks)
    told = clipper("find", sample, "--offline")
    assert told.code == 0, told.err
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    assert [line for line in lines if line.startswith("on the picture: ")] == [
        f"on the picture: {hook}" for hook in hooks if hook
    ]


def test_candidates_from_another_episodes_transcript_carry_the_warning(
    clipper: Clipper, sample: Path, sample_audio: Path, tmp_path: Path
) -> None:
    text = (Path(__file__).parents[1] / "highlights" / "spanish_talk.txt").read_text(encoding="utf-8")
    lines = [line.split(": ", 1)[1] for line in text.splitlines() if line[1:2] == ":"]
    other = tmp_path / "other.srt"
    other.write_text(
        "\n".join(f"{n}\n{stamp(n * 8)} --> {stamp(n * 8 + 7.5)}\n{line}\n" for n, line in enumerate(lines[:38], 1)),
        encoding="utf-8",
    )
    done = clipper("find", sample, "--transcript", other, "--audio", sample_audio, "--offline", "--json")
    assert done.code == 0, done.err
    assert any("is not what is said in this audio" in note for note in done.json["notes"])
    assert done.json["clips"]
    for clip in done.json["clips"]:
        assert any("is not what is said in this audio" in warning for warning in clip["warnings"])
