"""Where a clip may open and end. In: sentences; out: what is wrong with an opening or an ending, and the cut in the pause."""

from __future__ import annotations

from clipper.highlights.talk import Talk
from clipper.span import Span

LEAD = 0.35  # seconds: the cut lies at most so long before the first word
AIR = 0.6  # seconds after the last word, where there is so much
CLEAN_OPEN, CLEAN_END = "opens clean", "ends clean"


def opening(talk: Talk, first: int) -> str:
    """CLEAN_OPEN, or why sentence `first` does not stand alone, in words."""
    said = talk.spoken(first, first + 1)
    lang = talk.lang
    if not said:
        return "opens without a word"
    if first and talk.sentences[first - 1].closes in ("clause", "nothing"):
        return "opens inside a long sentence"
    n = lang.opens_with("openers_back", said)
    fine = max(lang.opens_with("openers_fine", said), lang.opens_with("openers_soft", said))
    if n and n >= fine and not (fine and n == fine):
        return f"opens with “{' '.join(said[:n])}”, which points back"
    head = said[:6]
    if any(lang.has("pronouns_back", w) for w in head[:3]):
        word = next(w for w in head if lang.has("pronouns_back", w))
        return f"opens with “{word}” before it is said who or what that is"
    if len(said) < 3:
        return "opens with a sentence of one or two words"
    return CLEAN_OPEN


def ending(talk: Talk, last: int) -> str:
    """CLEAN_END, or why a clip should not end with sentence `last` - 1, in words."""
    sentence = talk.sentences[last - 1]
    said = talk.spoken(last - 1, last)
    if sentence.closes in ("clause", "nothing"):
        return "ends inside a long sentence"
    text = sentence.text.rstrip("\"'”’)")
    if text.endswith("?"):
        return "ends with a question"
    n = talk.lang.ends_with("endings_open", said)
    if n and not text.endswith((".", "!", "。")):
        return f"ends with “{' '.join(said[-n:])}”, an unfinished thought"
    n = talk.lang.opens_with("afterthoughts", said)
    if n and n == len(said):
        return f"ends with “{' '.join(said)}”, after the point has been made"
    if text.endswith((",", "-", "—", "...", "…", ":")):
        return "ends before the thought is finished"
    return CLEAN_END


def cut(talk: Talk, first: int, last: int) -> Span:
    """The cut around sentences `first` up to `last`: in the pauses, never inside a word.

    It starts at most LEAD before the first word and not before the word before it has ended; it ends up to AIR after
    the last word and before the next one begins.
    """
    a, b = talk.sentences[first].first, talk.sentences[last - 1].last
    words = talk.words
    onset, offset = talk.sentences[first].start, talk.sentences[last - 1].end
    before = max((w.end for w in words[max(0, a - 8) : a]), default=0.0)
    start = max(0.0, onset - LEAD, min(before, onset)) if before <= onset else onset
    if onset - before > 0.1 and before:
        start = max(start, onset - 0.7 * (onset - before))
    after = min((w.start for w in words[b : b + 8]), default=max(talk.transcript.duration, offset))
    room = max(0.0, after - offset)
    end = offset + min(AIR, room if b >= len(words) else 0.8 * room)
    return Span(start=round(start, 3), end=round(max(end, start), 3))


def air(talk: Talk, first: int, last: int) -> tuple[float, float]:
    """Seconds of pause that the cut leaves before the first and after the last word."""
    span = cut(talk, first, last)
    return max(0.0, talk.sentences[first].start - span.start), max(0.0, span.end - talk.sentences[last - 1].end)
