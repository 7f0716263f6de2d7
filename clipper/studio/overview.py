"""The episode at a glance, for the strip above the cards.

In: a desk; out: an `Overview`: the page's chapters or where its topics are talked about, advertisement, who
speaks when.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from clipper.episode.model import Episode
from clipper.speech.model import Transcript
from clipper.studio.answers import Overview, Stretch
from clipper.studio.desk import Desk

GAP = 1.5  # seconds: closer stretches of one kind are one
SPONSOR = "sponsor read"  # as clipper.highlights.sections calls it


def overview(desk: Desk) -> Overview:
    """What lies where in the episode."""
    return _of(desk.words_version, _Held(desk.transcript, desk.folder.load_episode()))


class _Held:
    """Values that are as good as the version that stands beside them."""

    def __init__(self, transcript: Transcript, episode: Episode) -> None:
        self.transcript, self.episode = transcript, episode

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4)
def _of(version: str, held: _Held) -> Overview:
    from clipper.highlights.find import setting_of

    transcript, episode = held.transcript, held.episode
    duration = transcript.duration or (transcript.words[-1].end if transcript.words else 0.0)
    voices = _joined((w.start, w.end, w.speaker) for w in transcript.words if w.speaker)
    if not transcript.words:
        return Overview(duration=duration, topics=(), ads=(), voices=())
    setting = setting_of(transcript, episode)
    ads = _joined(
        (s.start, s.end, "") for s, kind in zip(setting.talk.sentences, setting.kinds, strict=True) if kind == SPONSOR
    )
    topics = tuple(
        Stretch(start=c.start, end=max(c.start, end), name=c.title)
        for c, end in zip(episode.chapters, [*(c.start for c in episode.chapters[1:]), duration], strict=False)
    ) or tuple(
        Stretch(start=m.span.start, end=m.span.end, name=m.topic) for m in setting.topics.matches if m.span is not None
    )
    return Overview(duration=duration, topics=topics, ads=ads, voices=voices)


def _joined(rows: Iterable[tuple[float, float, str]]) -> tuple[Stretch, ...]:
    out: list[Stretch] = []
    for start, end, name in rows:
        if out and out[-1].name == name and start - out[-1].end <= GAP:
            out[-1] = out[-1].model_copy(update={"end": max(out[-1].end, end)})
        else:
            out.append(Stretch(start=start, end=end, name=name))
    return tuple(out)
