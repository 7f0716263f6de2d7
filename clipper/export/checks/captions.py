"""Captions: files that any player reads, in step with the picture and the words, slow enough to be read.

In: caption files, groups; out: `CaptionFile`s, `Verdict`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clipper.export.checks.limits import limit
from clipper.export.checks.model import CaptionFile, Facts, Verdict
from clipper.picture.captions import Group, letters

LARGEST = 2_000_000  # bytes of a caption file; ours have a few thousand
FORMS = "W3C WebVTT; SubRip as YouTube reads it"
AGAIN = "render it again: clipper render OUT"


def caption_file(path: Path) -> CaptionFile:
    """Parses a caption file anew, with another program's parser (pysubs2)."""
    import pysubs2

    try:
        if path.stat().st_size > LARGEST:
            return CaptionFile(path.name, fault=f"it has more than {LARGEST} bytes")
        text = path.read_bytes().decode("utf-8")
        if path.suffix == ".vtt" and not text.lstrip("\ufeff").startswith("WEBVTT"):
            return CaptionFile(path.name, fault="it does not begin with WEBVTT")
        parsed = pysubs2.SSAFile.from_string(text, format_=path.suffix.removeprefix("."))
    except OSError as error:
        return CaptionFile(path.name, fault=error.strerror or "it cannot be read")
    except UnicodeDecodeError:
        return CaptionFile(path.name, fault="it is no UTF-8")
    except (pysubs2.exceptions.Pysubs2Error, ValueError) as error:
        return CaptionFile(path.name, fault=str(error))
    stamps = sum("-->" in line for line in text.splitlines())
    if stamps != len(parsed):  # the parser passes over what it cannot read, as players do
        return CaptionFile(path.name, fault=f"{stamps - len(parsed)} of {stamps} times cannot be read")
    return CaptionFile(path.name, tuple((e.start / 1000, e.end / 1000, e.plaintext) for e in parsed))


def valid(facts: Facts) -> list[Verdict]:
    """Every file can be read, and its cues follow one another inside the clip."""
    return _valid(facts.caption_files, facts.groups, facts.wanted.seconds)


def in_step(facts: Facts) -> list[Verdict]:
    """Files and picture have the same captions at the same time."""
    return _in_step(facts.caption_files, facts.groups) if facts.groups is not None else []


def files_in_step(files: Sequence[CaptionFile], groups: Sequence[Group], seconds: float) -> list[Verdict]:
    """Both of them, of files that were written just now."""
    return [*_valid(files, groups, seconds), *_in_step(files, groups)]


def _valid(files: Sequence[CaptionFile], groups: Sequence[Group] | None, seconds: float) -> list[Verdict]:
    out = []
    for file in files:
        fault = file.fault or _disorder(file, seconds)
        if not fault and groups and not file.cues:
            fault = "it holds no captions"
        told = f"wrong: {fault}" if fault else f"{len(file.cues)} captions in order"
        out.append(Verdict(file.name, told, "valid", not fault, FORMS, AGAIN))
    return out


def _in_step(files: Sequence[CaptionFile], groups: Sequence[Group]) -> list[Verdict]:
    most, shown = limit("caption_step"), [g for g in groups if g.text.strip()]
    out = []
    for file in (f for f in files if not f.fault):
        pairs = list(zip(file.cues, shown, strict=False))
        off = max((max(abs(c[0] - g.start), abs(c[1] - g.end)) for c, g in pairs), default=0.0)
        other = next((c[2] for c, g in pairs if _plain(c[2]) != _plain(g.text)), None)
        same = len(file.cues) == len(shown) and other is None
        told = f"{off * 1000:.0f} ms apart"
        if other is not None:
            told = f"another text: “{other}”"
        elif not same:
            told = f"{len(file.cues)} captions, {len(shown)} on the picture"
        out.append(
            Verdict(f"{file.name} in step", told, f"within {most.value * 1000:.0f} ms", same and off <= most.value,
                    most.source, AGAIN)
        )  # fmt: skip
    return out


def on_time(facts: Facts) -> list[Verdict]:
    """On the picture every word is there when it is said, and no caption comes long before its words."""
    if not facts.groups:
        return []
    most = limit("caption_early")
    early = max((g.starts[0] - g.start for g in facts.groups[1:]), default=0.0)
    late = max((g.start - s for g in facts.groups for s in g.starts), default=0.0)
    gone = max((s - g.end for g in facts.groups for s in g.starts), default=0.0)
    worst = max(early, late, gone)
    told = f"at most {max(0.0, worst):.2f} s off"
    return [
        Verdict("captions with the words", told, f"within {most.value:g} s", worst <= most.value, most.source, AGAIN)
    ]


def reading(facts: Facts) -> list[Verdict]:
    """Captions stand long enough to be read."""
    if not facts.groups:
        return []
    most, mean = limit("reading"), limit("reading_mean")
    speeds = [(letters(g.text) / max(g.end - g.start, 1.0), g.text) for g in facts.groups if g.end > g.start]
    fastest, text = max(speeds, default=(0.0, ""))
    shown = sum(g.end - g.start for g in facts.groups)
    average = sum(letters(g.text) for g in facts.groups) / max(shown, 0.1)
    mend = "write the passage shorter under captions: in clips.yaml"
    where = f" (“{text[:40]}”)" if fastest > most.value else ""
    return [
        Verdict("reading speed", f"{fastest:.0f} letters a second at most{where}", f"at most {most.value:g}",
                fastest <= most.value, most.source, mend),
        Verdict("reading speed on average", f"{average:.0f} letters a second", f"at most {mean.value:g}",
                average <= mean.value, mean.source, mend),
    ]  # fmt: skip


def _disorder(file: CaptionFile, seconds: float) -> str:
    latest = 0.0
    for start, end, text in file.cues:
        if end <= start:
            return f"a caption at {start:.2f} s has no length"
        if start < latest - 1e-6:
            return f"the caption at {start:.2f} s begins before the one above it has ended"
        if end > seconds + 0.1:
            return f"a caption ends at {end:.2f} s, behind the clip's end"
        if not text.strip():
            return f"the caption at {start:.2f} s is empty"
        latest = end
    return ""


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
