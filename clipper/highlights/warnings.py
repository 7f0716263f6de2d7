"""What a producer should hear before posting a clip. In: a run; out: plain sentences, each with the second.

They do not order anything: a passage may be good and still hold a word that nobody is sure of.
"""

from __future__ import annotations

import numpy as np

from clipper.highlights.boundaries import is_question
from clipper.highlights.signals.base import Setting
from clipper.highlights.talk import Talk
from clipper.span import clock

DOUBTFUL = 0.4  # confidence below which a word wants an ear
DOUBTFUL_NAME = 0.6  # a name wants one earlier
MANY = 0.15  # share of doubtful words from which the whole clip does
SHOWN = 3  # words named in one warning
SILENCE = 2.5  # seconds without a word that a viewer takes for the end
ANSWER = 6  # words that an answer has at least
MUSIC = 0.3  # share of the clip under music that is told


def warnings(setting: Setting, first: int, last: int) -> tuple[str, ...]:
    """The warnings for sentences `first` up to `last`, the gravest first."""
    talk = setting.talk
    found = [
        _doubts(talk, first, last),
        _names(talk, first, last),
        _crosstalk(talk, first, last),
        _silence(talk, first, last),
        _open_question(talk, first, last),
        _music(talk, first, last),
        _goes_on(setting, last),
        _unwritten(talk, first, last),
    ]
    return tuple(text for text in found if text)


def _places(talk: Talk, first: int, last: int) -> range:
    return range(talk.sentences[first].first, talk.sentences[last - 1].last)


def _named(talk: Talk, places: list[int]) -> str:
    shown = [f"“{talk.words[i].text.strip('.,;:!?')}” at {clock(talk.words[i].start, 0)}" for i in places[:SHOWN]]
    more = len(places) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _is_name(talk: Talk, i: int) -> bool:
    """Whether word i is written with a capital though it begins no sentence, as names are outside German."""
    before = talk.words[i - 1].text if i else "."
    fresh = before[-1:] in ".!?…:" or talk.lang.code == "de"
    word = talk.said[i].removesuffix("'s")
    return talk.words[i].text[:1].isupper() and not fresh and len(word) > 2 and not talk.lang.has("stop", word)


def _doubts(talk: Talk, first: int, last: int) -> str:
    inside = _places(talk, first, last)
    sure = [talk.words[i].confidence for i in inside]
    low = [i for i, c in zip(inside, sure, strict=True) if c is not None and c < DOUBTFUL and talk.said[i]]
    if len(low) > MANY * len(inside):
        share = 100 * len(low) / len(inside)
        return f"the recogniser was not sure of {share:.0f} % of the words: read it against the sound"
    telling = [i for i in low if not talk.lang.has("stop", talk.said[i]) and not _is_name(talk, i)]
    return f"the recogniser was not sure of {_named(talk, telling)}" if telling else ""


def _names(talk: Talk, first: int, last: int) -> str:
    episode = talk.episode
    page = " ".join([episode.title or "", episode.description or "", *episode.topics, *episode.guests])
    low = [
        i for i in _places(talk, first, last)
        if (c := talk.words[i].confidence) is not None and c < DOUBTFUL_NAME and _is_name(talk, i)
        and talk.said[i].removesuffix("'s") not in page.lower()
    ]  # fmt: skip
    return f"a name may be spelled wrong: {_named(talk, low)}" if low else ""


def _crosstalk(talk: Talk, first: int, last: int) -> str:
    words = talk.words
    for i in _places(talk, first, last):
        if i and words[i].speaker != words[i - 1].speaker and words[i].start < words[i - 1].end - 0.05:
            return f"two speak at once at {clock(words[i].start, 0)}"
    return ""


def _silence(talk: Talk, first: int, last: int) -> str:
    places = _places(talk, first, last)
    gaps = [(talk.words[i + 1].start - talk.words[i].end, i) for i in places[:-1]]
    longest, i = max(gaps, default=(0.0, 0), key=lambda g: g[0])
    return f"{longest:.1f} s without a word at {clock(talk.words[i].end, 0)}" if longest >= SILENCE else ""


def _open_question(talk: Talk, first: int, last: int) -> str:
    asks = [i for i in range(first, last) if is_question(talk, i) and talk.lengths[i] >= 4]
    if not asks or talk.lengths[asks[-1] + 1 : last].sum() >= ANSWER:
        return ""
    return f"it ends soon after a question, asked at {clock(float(talk.starts[asks[-1]]), 0)}: is it answered?"


def _music(talk: Talk, first: int, last: int) -> str:
    if talk.sound is None or talk.sound.music is None:
        return ""
    a, b = (round(float(t) * talk.sound.rate) for t in (talk.starts[first], talk.ends[last - 1]))
    part = np.asarray(talk.sound.music[a:b], dtype=float)
    if not len(part) or float(part.mean()) < MUSIC:
        return ""
    at = talk.starts[first] + float(np.argmax(part > 0.5)) / talk.sound.rate
    return f"there is music under it from {clock(float(at), 0)}: make sure that you may post it"


def _goes_on(setting: Setting, last: int) -> str:
    if setting.made[last] >= 0.0:
        return ""
    return f"the talk goes on after its end at {clock(float(setting.talk.ends[last - 1]), 0)}: does it feel finished?"


def _unwritten(talk: Talk, first: int, last: int) -> str:
    if talk.sentences[last - 1].text.rstrip("\"'”’) ").endswith((".", "!", "?", "。", "！", "？", "…")):
        return ""
    at = clock(float(talk.ends[last - 1]), 0)
    return f"the transcript has no full stop at its end ({at}): it was taken from a pause"
