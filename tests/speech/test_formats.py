"""Transcripts that producers bring: each form is read, recognised by what it holds, and written back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipper.speech.formats import read_transcript, write_json, write_vtt
from clipper.speech.formats.whisper_json import dumps, loads
from clipper.speech.model import Transcript, Word

WHISPER = {
    "text": " So I quit. Dry-reading, that's it.",
    "language": "en",
    "segments": [
        {
            "id": 0, "start": 0.5, "end": 1.9, "text": " So I quit.",
            "words": [
                {"word": " So", "start": 0.5, "end": 0.8, "probability": 0.9},
                {"word": " I", "start": 0.8, "end": 1.0, "probability": 0.99},
                {"word": " quit.", "start": 1.0, "end": 1.9, "probability": 0.7},
            ],
        },
        {
            "id": 1, "start": 2.5, "end": 4.0, "text": " Dry-reading, that's it.",
            "words": [
                {"word": " Dry", "start": 2.5, "end": 2.8, "probability": 0.9},
                {"word": "-reading,", "start": 2.8, "end": 3.2, "probability": 0.4},
                {"word": " that", "start": 3.2, "end": 3.4, "probability": 0.9},
                {"word": "'s", "start": 3.4, "end": 3.5, "probability": 0.9},
                {"word": " it.", "start": 3.5, "end": 4.0, "probability": 0.9},
            ],
        },
    ],
}  # fmt: skip

SRT = """1
00:00:01,000 --> 00:00:03,000
Ben: So what happened <i>then</i>?

2
00:00:03,500 --> 00:00:06,500
Aoife: The clock
struck twelve &amp; I stayed.

3
00:00:07,000 --> 00:00:08,000
[laughter]

4
00:00:08,000 --> 00:00:09,000
Ben: Oh no.
"""

VTT = """WEBVTT - made by hand
Language: en-GB

STYLE
::cue { color: red }

NOTE two people

intro
00:01.000 --> 00:03.000 align:start position:10%
<v Ben Okafor>So what <c.loud>happened</c> then?

00:03.500 --> 00:06.500
<v.guest Aoife>The clock struck <b>twelve</b> &lt;sharp&gt;.</v>

00:07.000 --> 00:08.000
<v Ben Okafor>Oh no.</v> <v Aoife>Oh yes.</v>
"""


def put(folder: Path, name: str, content: str | bytes | object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def words(transcript: Transcript) -> list[str]:
    return [w.text for w in transcript.words]


def test_whisper_json_keeps_word_times_and_joins_split_words(tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.json", WHISPER))
    assert words(read) == ["So", "I", "quit.", "Dry-reading,", "that's", "it."]
    assert read.words[3].start == 2.5
    assert read.words[3].end == 3.2
    assert read.words[3].confidence == 0.4
    assert [w.cue for w in read.words] == [0, 0, 0, 1, 1, 1]
    assert (read.language, read.timing, read.duration, read.source) == ("en", "measured", 4.0, "file talk.json")


def test_whisper_json_without_words_spreads_them_by_length(tmp_path: Path) -> None:
    document = {"language": "english", "segments": [{"start": 1.0, "end": 3.0, "text": " I remember everything"}]}
    read = read_transcript(put(tmp_path, "talk.json", document))
    assert read.timing == "spread"
    assert read.language == "en"
    assert read.words[0].start == 1.0
    assert read.words[-1].end == 3.0
    lengths = [w.end - w.start for w in read.words]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize(
    "document",
    [
        {"text": "Hello there", "words": [
            {"word": "Hello", "start": 0, "end": 1}, {"word": "there", "start": 1, "end": 2}]},
        {"segments": [{"start": 0, "end": 2, "text": "Hello there", "speaker": "S1", "words": [
            {"word": "Hello", "start": 0, "end": 1, "score": 0.5}, {"word": "there"}]}]},
        [{"start": 0, "end": 1, "text": "Hello"}, {"start": 1, "end": 2, "text": "there"}],
        {"text": "Hello there", "chunks": [
            {"timestamp": [0, 1], "text": " Hello"}, {"timestamp": [1, None], "text": " there"}]},
        {"segments": [
            {"start": "0", "end": "00:00:01.000", "text": "Hello"}, {"start": "1.0", "end": 2, "text": "there"}]},
    ],
    ids=["openai api", "whisperx", "bare list", "transformers", "times as text"],
)  # fmt: skip
def test_the_relatives_of_whisper_json_are_read(document: object, tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.json", document))
    assert read.text() == "Hello there"
    assert read.words[1].start == 1.0
    assert read.words[1].end > 1.0


def test_srt_gives_words_speakers_and_no_noises(tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.srt", SRT))
    assert read.text() == "So what happened then? The clock struck twelve & I stayed. Oh no."
    assert [w.speaker for w in read.words] == ["Ben"] * 4 + ["Aoife"] * 7 + ["Ben"] * 2
    assert read.words[4].start == 3.5
    assert read.words[10].end == 6.5
    assert read.timing == "spread"


def test_vtt_gives_voices_language_and_entities(tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.vtt", VTT))
    assert read.text() == "So what happened then? The clock struck twelve <sharp>. Oh no. Oh yes."
    assert [w.speaker for w in read.words[:5]] == ["Ben Okafor"] * 4 + ["Aoife"]
    assert [w.speaker for w in read.words[-4:]] == ["Ben Okafor"] * 2 + ["Aoife"] * 2
    assert read.language == "en"
    assert 7.0 < read.words[-2].start < 8.0


def test_vtt_with_times_inside_a_cue_is_measured(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nSo<00:00:01.500><c> it</c><00:00:02.250><c> rang</c>\n"
    read = read_transcript(put(tmp_path, "talk.vtt", text))
    assert [(w.text, w.start, w.end) for w in read.words] == [("So", 1, 1.5), ("it", 1.5, 2.25), ("rang", 2.25, 4)]
    assert read.timing == "measured"


def test_captions_that_roll_are_read_once(tmp_path: Path) -> None:
    lines = ["we climbed the tower", "and then it rang", "so loud we fell", "down the stairs"]
    cues, before = [], ""
    for i, line in enumerate(lines):
        cues.append(f"00:00:{i * 2:02d}.000 --> 00:00:{i * 2 + 2:02d}.000\n{before}{line}\n")
        before = line + "\n"
    read = read_transcript(put(tmp_path, "auto.vtt", "WEBVTT\n\n" + "\n".join(cues)))
    assert read.text() == " ".join(lines)


def test_podcast_json_gives_speakers(tmp_path: Path) -> None:
    document = {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Ben", "startTime": 0.5, "endTime": 1.5, "body": "So what"},
            {"startTime": 1.5, "endTime": 2.5, "body": "happened?"},
            {"speaker": "Aoife", "startTime": 2.5, "endTime": 5.0, "body": "It rang."},
        ],
    }
    read = read_transcript(put(tmp_path, "talk.json", document))
    assert read.text() == "So what happened? It rang."
    assert [w.speaker for w in read.words] == ["Ben"] * 3 + ["Aoife"] * 2
    assert read.words[3].start == 2.5


def test_plain_text_is_laid_over_the_audio(tmp_path: Path) -> None:
    text = "Ben: So what happened?\n\nAoife: It rang. I heard it all night.\n\nBen: Oh no.\nNote: nothing else.\n"
    read = read_transcript(put(tmp_path, "talk.txt", text), 30.0)
    assert read.timing == "none"
    assert read.duration == 30.0
    assert read.words[0].start == 0.0
    assert read.words[-1].end == pytest.approx(30.0)
    assert [w.speaker for w in read.words[:4]] == ["Ben", "Ben", "Ben", "Aoife"]
    alone = read_transcript(put(tmp_path, "talk.txt", text))
    assert 4 < alone.duration < 12


def test_a_colon_in_a_sentence_is_no_speaker(tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.txt", "I told him one thing.\nRemember: bells are heavy.\nAnd so on.\n"))
    assert {w.speaker for w in read.words} == {None}
    assert "Remember:" in words(read)


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Ben: So what happened?\n[00:00:09] Aoife: It rang.\nAll night.\n[00:00:20] Ben: Oh no.\n",
        "Ben (0:05)\nSo what happened?\n\nAoife (0:09)\nIt rang.\nAll night.\n\nBen (0:20)\nOh no.\n",
        "00:05 - Ben: So what happened?\n00:09 - Aoife: It rang. All night.\n00:20 - Ben: Oh no.\n",
    ],
    ids=["brackets", "name and time above", "dashes"],
)
def test_time_marks_in_plain_text_are_used(text: str, tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.txt", text), 25.0)
    assert read.text() == "So what happened? It rang. All night. Oh no."
    assert [w.speaker for w in read.words] == ["Ben"] * 3 + ["Aoife"] * 4 + ["Ben"] * 2
    assert (read.words[0].start, read.words[3].start, read.words[7].start) == (5.0, 9.0, 20.0)
    assert read.timing == "spread"


def test_japanese_words_stand_without_spaces(tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.srt", "1\n00:00:01,000 --> 00:00:03,000\n鐘が鳴った。 OK\n"))
    assert read.text() == "鐘が鳴った。 OK"
    assert len(read.words) > 4


@pytest.mark.parametrize("name", ["talk.srt", "talk.json", "talk.txt", "talk"])
def test_the_content_decides_and_not_the_ending(name: str, tmp_path: Path) -> None:
    for content, first in ((SRT, "So"), (VTT, "So"), (json.dumps(WHISPER), "So")):
        assert read_transcript(put(tmp_path, name, content)).words[0].text == first


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_old_encodings_and_line_ends_are_read(encoding: str, tmp_path: Path) -> None:
    text = SRT.replace("twelve", "zwölf – “café”").replace("\n", "\r\n")
    assert "zwölf – “café”" in read_transcript(put(tmp_path, "talk.srt", text.encode(encoding))).text()


def test_one_broken_byte_spoils_one_letter(tmp_path: Path) -> None:
    raw = ("é" * 30 + SRT).encode().replace(b"twelve", b"twel\xffve")
    read = read_transcript(put(tmp_path, "talk.srt", raw))
    assert "twel\ufffdve" in read.text()


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8)
    at, cue, made = 0.0, 0, []
    for _ in range(draw(st.integers(1, 25))):
        start = at + draw(st.floats(0, 3))
        at = start + draw(st.floats(0, 3))
        cue += draw(st.integers(0, 2))
        made.append(
            Word(
                text=draw(text), start=start, end=at, cue=cue, space=draw(st.booleans()),
                confidence=draw(st.none() | st.floats(0, 1)), speaker=draw(st.sampled_from([None, "Ben", "Aoife <x>"])),
            )
        )  # fmt: skip
    return Transcript(
        language=draw(st.sampled_from(["en", "ja", "und"])),
        duration=at + draw(st.floats(0, 5)),
        source=draw(st.sampled_from(["faster-whisper base", "file a.srt"])),
        timing=draw(st.sampled_from(["measured", "spread", "none"])),
        words=tuple(made),
    )


@given(transcripts())
def test_what_is_written_is_read_back_without_loss(transcript: Transcript) -> None:
    assert loads(dumps(transcript), "transcript.json") == transcript


def test_transcript_json_is_what_whisper_writes(tmp_path: Path) -> None:
    read = read_transcript(put(tmp_path, "talk.json", WHISPER))
    write_json(read, tmp_path / "transcript.json")
    document = json.loads((tmp_path / "transcript.json").read_text(encoding="utf-8"))
    assert document["text"] == "So I quit. Dry-reading, that's it."
    assert document["segments"][0]["words"][0] == {"word": " So", "start": 0.5, "end": 0.8, "probability": 0.9}
    assert document["segments"][1]["start"] == 2.5
    assert {"text", "language", "segments", "duration", "schema", "source", "timing"} == set(document)
    assert read_transcript(tmp_path / "transcript.json") == read


def long_talk() -> Transcript:
    text = (
        "So they sent me up past the bells with a bucket. And then everybody forgot I was up there, and the clock "
        "struck twelve, and I could not hear a single thing until the Tuesday after that, which was <odd> & long. "
        "Oh no."
    )
    made, at = [], 0.0
    for i, word in enumerate(text.split()):
        if word == "Oh":
            at += 2.0
        made.append(Word(text=word, start=at, end=at + 0.3, speaker="Ben" if i > 41 else "Aoife <K>"))
        at += 0.32
    return Transcript(language="en", duration=at, words=tuple(made))


def test_written_vtt_can_be_read_at_a_glance(tmp_path: Path) -> None:
    talk = long_talk()
    write_vtt(talk, tmp_path / "t.vtt")
    text = (tmp_path / "t.vtt").read_text(encoding="utf-8")
    blocks = text.split("\n\n")[1:]
    assert len(blocks) > 3
    for block in blocks:
        times, *lines = block.strip().split("\n")
        assert " --> " in times
        assert 1 <= len(lines) <= 2
        assert all(
            len(line.split(">", 1)[-1].replace("&lt;", "<").replace("&amp;", "&").replace("&gt;", ">")) <= 42
            for line in lines
        )
    assert "<v Aoife &lt;K&gt;>So they sent" in text
    assert blocks[0].rstrip().endswith("bucket.")
    assert "&lt;odd&gt; &amp; long" in text.replace("\n", " ")


def test_written_vtt_is_read_back_with_its_words_and_voices(tmp_path: Path) -> None:
    talk = long_talk()
    write_vtt(talk, tmp_path / "t.vtt")
    read = read_transcript(tmp_path / "t.vtt", talk.duration)
    assert [(w.text, w.speaker) for w in read.words] == [(w.text, w.speaker) for w in talk.words]
    assert all(abs(a.start - b.start) < 1.5 for a, b in zip(read.words, talk.words, strict=True))


@given(transcripts())
def test_any_transcript_makes_cues_that_run_forwards(transcript: Transcript) -> None:
    from clipper.speech.formats.timed_text import raw_cues
    from clipper.speech.formats.vtt import _blocks

    cues = raw_cues("".join(_blocks(transcript)), "t.vtt", blank_ends=True)
    assert all(cue.start < cue.end for cue in cues)
    assert [c.start for c in cues] == sorted(c.start for c in cues)
