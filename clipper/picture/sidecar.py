"""Caption files: the picture's own groups as SRT and WebVTT.

Each style of the picture has the same groups, so that one word at a time in the picture is a phrase here.

Sources: WebVTT, W3C; SubRip as the platforms read it (UTF-8, comma before milliseconds).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from clipper.picture.captions import Group, letters

LONGEST = 42  # letters in a line; source: Netflix Timed Text Style Guide, 42; BBC Subtitle Guidelines, 37 to 42


def srt(groups: Sequence[Group]) -> str:
    """SubRip text; cues never overlap and never have no length."""
    blocks = [
        f"{i}\n{_stamp(start, ',')} --> {_stamp(end, ',')}\n" + "".join(f"{_untagged(line)}\n" for line in _lines(one))
        for i, (one, start, end) in enumerate(_cues(groups), 1)
    ]
    return "\n".join(blocks)


def vtt(groups: Sequence[Group]) -> str:
    """WebVTT text; a known speaker is named in a voice tag."""
    blocks = ["WEBVTT\n"]
    for one, start, end in _cues(groups):
        speaker = _escaped(_line(one.speaker or ""))
        text, voice = "\n".join(map(_escaped, _lines(one))), f"<v {speaker}>" if speaker else ""
        blocks.append(f"{_stamp(start, '.')} --> {_stamp(end, '.')}\n{voice}{text}\n")
    return "\n".join(blocks)


def _lines(one: Group) -> list[str]:
    """A cue's text, in two lines where one would be too long: broken where the picture breaks it, near the middle."""
    text = _line(one.text)
    edges = list(accumulate(one.rows))[:-1]
    if letters(text) <= LONGEST or not edges:
        return [text]
    pairs: list[tuple[str, str]] = [
        (_line(one.between(0, edge)), _line(one.between(edge, len(one.words)))) for edge in edges
    ]
    first, second = min(pairs, key=lambda pair: abs(letters(pair[0]) - letters(pair[1])))
    return [first, second]


def _line(text: str) -> str:
    """`text` on one line: an empty line would end the cue."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _untagged(text: str) -> str:
    """One line that no player takes for a tag or a time: SubRip has no escapes, an invisible joiner breaks them up."""
    joiner = "\u2060"
    text = re.sub(r"<(?=[A-Za-z/])", "<" + joiner, _line(text))
    return re.sub(r"\{(?=\\)", "{" + joiner, text).replace("-->", "--" + joiner + ">")


def _cues(groups: Sequence[Group]) -> list[tuple[Group, int, int]]:
    """Groups that have words, in whole milliseconds; none overlaps another and none has no length."""
    out: list[tuple[Group, int, int]] = []
    shown = [one for one in groups if one.text.strip()]
    latest = 0
    for i, one in enumerate(shown):
        start = max(round(one.start * 1000), latest)
        following = round(shown[i + 1].start * 1000) if i + 1 < len(shown) else None
        end = round(one.end * 1000) if following is None else min(round(one.end * 1000), following)
        latest = max(end, start + 1)
        out.append((one, start, latest))
    return out


def _stamp(milliseconds: int, mark: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    return f"{hours:02d}:{m:02d}:{s:02d}{mark}{thousandths:03d}"
