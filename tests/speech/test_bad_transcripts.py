"""Transcripts that are wrong: small faults are mended, the rest is refused with its place and a mend."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest

from clipper.errors import InputError
from clipper.speech.formats import read_transcript
from tests.speech.test_formats import SRT, put


def srt(*rows: tuple[float, float, str]) -> str:
    def at(s: float) -> str:
        return f"{int(s) // 3600:02d}:{int(s) // 60 % 60:02d}:{int(s) % 60:02d},{round(s % 1 * 1000):03d}"

    return "\n".join(f"{i}\n{at(a)} --> {at(b)}\n{text}\n" for i, (a, b, text) in enumerate(rows, 1))


def forwards(read_path: Path, duration: float | None = None) -> list[tuple[str, float]]:
    read = read_transcript(read_path, duration)
    starts = [w.start for w in read.words]
    assert starts == sorted(starts)
    assert all(w.end >= w.start for w in read.words)
    return [(w.text, w.start) for w in read.words]


def test_times_that_run_backwards_are_refused_by_line(tmp_path: Path) -> None:
    path = put(tmp_path, "back.srt", srt(*[(600 - i * 60, 610 - i * 60, f"word{i}") for i in range(10)]))
    with pytest.raises(InputError, match=r"back\.srt, line \d+: .* run backwards") as error:
        read_transcript(path)
    assert "sorted by time" in error.value.mend


def test_one_wrong_time_is_set_between_its_neighbours(tmp_path: Path) -> None:
    rows = [(i * 10.0, i * 10.0 + 9, f"word{i}") for i in range(10)]
    rows[4] = (4000.0, 4009.0, "word4")
    words = forwards(put(tmp_path, "t.srt", srt(*rows)))
    assert [w for w, _ in words] == [f"word{i}" for i in range(10)]
    assert 30 <= words[4][1] <= 50


def test_people_who_talk_at_once_are_put_in_order(tmp_path: Path) -> None:
    text = srt((0, 4, "first one here"), (3, 5, "second"), (2.5, 6, "third"), (6, 7, "last"))
    assert [w for w, _ in forwards(put(tmp_path, "t.srt", text))][-1] == "last"


def test_a_cue_that_ends_before_it_starts_gets_an_end(tmp_path: Path) -> None:
    words = read_transcript(put(tmp_path, "t.srt", srt((5, 4, "so it rang"), (9, 10, "then")))).words
    assert words[0].start == 5
    assert 5 < words[2].end <= 9


def test_two_voices_at_the_same_time_both_keep_their_words(tmp_path: Path) -> None:
    words = read_transcript(put(tmp_path, "t.srt", srt((0, 4, "yes of course"), (0, 4, "no never ever")))).words
    assert len(words) == 6
    assert words[2].end <= words[3].start
    assert words[-1].end == 4


def test_a_transcript_of_another_edit_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "long.srt", srt(*[(i * 10, i * 10 + 9, "word") for i in range(30)]))
    with pytest.raises(InputError, match=r"long\.srt, line \d+: .* the audio ends at 3:20") as error:
        read_transcript(path, 200.0)
    assert "same edit" in error.value.mend


def test_a_transcript_that_is_a_little_too_long_is_cut(tmp_path: Path) -> None:
    path = put(tmp_path, "t.srt", srt(*[(i * 10, i * 10 + 9, "word") for i in range(30)]))
    read = read_transcript(path, 295.0)
    assert max(w.end for w in read.words) <= 295.0
    assert read.duration == 295.0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("e.srt", b"", "is empty"),
        ("e.vtt", b"WEBVTT\n\n", "no words"),
        ("e.json", b'{"segments": []}', "no transcript"),
        ("e.json", b'{"segments": [{"start": 0, "end": 1, "text": "  "}]}', "no words"),
        ("e.srt", srt((0, 1, "[music]"), (2, 3, "♪♪")).encode(), "no words"),
        ("p.srt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not a text file"),
        ("p.txt", b"%PDF-1.7\n...", "a PDF"),
        ("p.docx", b"PK\x03\x04" + b"word/document.xml" * 9, "Word document"),
        ("p.html", b"<!DOCTYPE html><p>Ben: hello", "a web page"),
        ("p.csv", b"1;2;3;4\n5;6;7;8\n" * 9, "does not look like"),
        ("p.json", b'{"clips": [1, 2]}', "is JSON, but no transcript"),
        ("p.json", b'{"segments": ["a", "b"]}', "is JSON, but no transcript"),
        ("p.json", b'{"segments": [{"start": 0, "end": 1, "text": "a"}, 7]}', "segment 1"),
        ("p.json", b'{"segments": [{"start": 0,', "line 1"),
        ("n.json", b'{"segments": [{"start": NaN, "end": 1, "text": "a"}]}', "segment 0: 'nan' is not a time"),
        ("n.json", b'{"segments": [{"start": 1e999, "end": 1, "text": "a"}]}', "is not a time"),
        ("n.json", b'{"segments": [{"start": -50, "end": 1, "text": "a"}]}', "before the start"),
        ("n.json", b'{"segments": [{"start": "soon", "end": 1, "text": "a"}]}', "'soon' is not a time"),
        ("n.json", b'{"segments": [{"start": true, "end": 1, "text": "a"}]}', "is not a time"),
        ("n.json", b'{"segments": [{"start": null, "end": 1, "text": "a"}]}', "is not a time"),
        ("n.json", b'{"segments": [{"start": 1' + b"0" * 5000 + b', "end": 1, "text": "a"}]}', "too long|not a time"),
        ("n.json", b'{"schema": 99, "segments": [{"start": 0, "end": 1, "text": "a"}]}', "newer clipper"),
        ("n.json", b'{"segments": [{"start": 9e9, "end": 9e9, "text": "a"}]}', "no episode is a week long"),
        ("n.json", b'{"segments": [{"startTime": "x", "body": "a"}]}', "segment 0"),
        ("n.srt", b"1\n00:00:01,000 --> soon\nHello there\n\n2\n00:00:02,000 --> 00:00:03,000\nyou\n", "line 2"),
        ("n.srt", b"1\nNaN --> NaN\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\nyou\n", "line 2"),
        ("n.srt", b"1\n-00:00:09,000 --> 00:00:03,000\nHello\n", "before zero"),
        ("n.vtt", b"WEBVTT\n\n00:xx.000 --> 00:03.000\nHello\n", "line 3|no words"),
    ],
)  # fmt: skip
def test_what_is_no_transcript_is_told_in_one_line(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words) as error:
        read_transcript(put(tmp_path, name, content))
    assert error.value.message.startswith(("the transcript", "there are no", name)) or name in error.value.message
    assert error.value.mend
    assert "\n" not in error.value.message


@pytest.mark.parametrize(
    "bomb", ["[" * 200_000, '{"a":' * 100_000, '{"segments":[' + '{"words":[' * 50_000 + "]" * 50_000]
)
def test_a_json_bomb_is_told(bomb: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"bomb\.json"):
        read_transcript(put(tmp_path, "bomb.json", bomb))


def test_nul_bytes_and_control_characters_are_dropped(tmp_path: Path) -> None:
    raw = SRT.replace("clock", "clo\0ck\x1b[31m").encode()
    assert "clock[31m" in read_transcript(put(tmp_path, "t.srt", raw)).text()


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_transcript(tmp_path / "none.srt")
    with pytest.raises(InputError, match="folder"):
        read_transcript(tmp_path)


def test_a_sound_file_is_not_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "huge.mp3"
    with path.open("wb") as f:
        f.truncate(65_000_001)
    with pytest.raises(InputError, match="too much for a transcript"):
        read_transcript(path)


def test_srt_with_its_blank_lines_lost_or_doubled_is_read(tmp_path: Path) -> None:
    for text in (SRT.replace("\n\n", "\n"), SRT.replace("\n", "\n\n")):
        assert "struck twelve" in read_transcript(put(tmp_path, "t.srt", text)).text()


@pytest.mark.parametrize("form", ["json", "srt", "txt"])
def test_forty_thousand_words_are_read_at_once(form: str, tmp_path: Path) -> None:
    rows = [(i * 0.9, i * 0.9 + 0.8, "bell rang four times") for i in range(10_000)]
    content = {
        "json": json.dumps({"segments": [
            {"start": a, "end": b, "text": t, "words": [
                {"word": f" {w}", "start": a + k * 0.2, "end": a + k * 0.2 + 0.2, "probability": 0.9}
                for k, w in enumerate(t.split())]}
            for a, b, t in rows]}),
        "srt": srt(*rows),
        "txt": "\n".join(f"Ben: {t}" for _, _, t in rows),
    }[form]  # fmt: skip
    path = put(tmp_path, f"long.{form}", content)
    started = time.process_time()
    assert len(read_transcript(path, 9000.0).words) == 40_000
    assert time.process_time() - started < 1.5


@pytest.mark.parametrize(
    "text",
    ["<" * 60_000, "<v " * 20_000, "00:00:01.000 --> " * 5_000, "[" * 60_000, "Ben " * 20_000, "(" * 60_000],
    ids=["tags", "voices", "arrows", "brackets", "names", "parentheses"],
)
def test_nothing_a_stranger_writes_takes_long(text: str, tmp_path: Path) -> None:
    started = time.process_time()
    for head in ("", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "1\n00:00:01,000 --> 00:00:02,000\n"):
        with suppress(InputError):
            read_transcript(put(tmp_path, "t.txt", head + text + "\n"))
    assert time.process_time() - started < 3
