"""Caption files: the picture's own groups as SRT and WebVTT.

Sources: WebVTT, W3C; SubRip as the platforms read it (UTF-8, comma before milliseconds).
"""

from __future__ import annotations

from collections.abc import Sequence

from clipper.picture.captions import Group


def srt(groups: Sequence[Group]) -> str:
    """SubRip text; cues never overlap and never have no length."""
    blocks = [
        f"{i}\n{_stamp(start, ',')} --> {_stamp(end, ',')}\n{one.text}\n"
        for i, (one, start, end) in enumerate(_cues(groups), 1)
    ]
    return "\n".join(blocks)


def vtt(groups: Sequence[Group]) -> str:
    """WebVTT text; a known speaker is named in a voice tag."""
    blocks = ["WEBVTT\n"]
    for one, start, end in _cues(groups):
        text = one.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        voice = f"<v {one.speaker.replace('>', '').replace('&', 'and')}>" if one.speaker else ""
        blocks.append(f"{_stamp(start, '.')} --> {_stamp(end, '.')}\n{voice}{text}\n")
    return "\n".join(blocks)


def _cues(groups: Sequence[Group]) -> list[tuple[Group, int, int]]:
    """Groups with their times in whole milliseconds."""
    out: list[tuple[Group, int, int]] = []
    for one in groups:
        start, end = round(one.start * 1000), round(one.end * 1000)
        if end > start:
            out.append((one, start, end))
    return out


def _stamp(milliseconds: int, mark: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    return f"{hours:02d}:{m:02d}:{s:02d}{mark}{thousandths:03d}"
