"""Where a clip may open and end. In: sentences; out:
what is wrong with an opening or an ending, and the cut in the pause.
"""

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
    word = _without_antecedent(talk, first, said, fine)
    if word:
        return f"opens with “{word}” before it is said who or what that is"
    if len(said) < 3:
        return "opens with a sentence of one or two words"
    if first and is_question(talk, first - 1) and not is_question(talk, first) and not _restates(talk, first):
        return "opens with an answer whose question is missing"
    return CLEAN_OPEN


def is_question(talk: Talk, i: int) -> bool:
    """Whether sentence `i` asks something."""
    return talk.sentences[i].text.rstrip("\"'”’)").endswith(("?", "？", "؟"))


def _without_antecedent(talk: Talk, first: int, said: list[str], fine: int) -> str:
    """The pronoun of the first sentence that stands before anything it could mean; empty if there is none.

    The first `fine` words are a way to open that is known to be good ("it turns out").
    """
    lang = talk.lang
    words = [
        w
        for w in talk.words[talk.sentences[first].first : talk.sentences[first].last]
        if any(c.isalnum() for c in w.text)
    ]
    named = False
    for i, (word, form) in enumerate(zip(words, said, strict=False)):
        if i >= fine and not named and lang.has("pronouns_back", form) and (i < 4 or lang.has("personal_back", form)):
            return form
        capital = i > 0 and word.text[:1].isupper() and form not in ("i", "i'm", "i've", "i'd", "i'll")
        named = named or capital or (lang.has("determiners", form) and i + 1 < len(words))
    return ""


def _restates(talk: Talk, first: int) -> bool:
    """Whether the answer says again what the question before it asked."""
    question = set(talk.terms.ids[talk.term_sentence == first - 1].tolist())
    answer = set(talk.terms.ids[talk.term_sentence == first].tolist())
    return len(question & answer) >= min(2, max(1, len(question)))


def ending(talk: Talk, last: int) -> str:
    """CLEAN_END, or why a clip should not end with sentence `last` - 1, in words."""
    sentence = talk.sentences[last - 1]
    said = talk.spoken(last - 1, last)
    if sentence.closes in ("clause", "nothing"):
        return "ends inside a long sentence"
    text = sentence.text.rstrip("\"'”’)")
    if is_question(talk, last - 1):
        return "ends with a question"
    n = talk.lang.ends_with("endings_open", said)
    if n and not text.endswith((".", "!", "。")):
        return f"ends with “{' '.join(said[-n:])}”, an unfinished thought"
    n = talk.lang.ends_with("announcements", said)
    if n:
        return f"ends with “{' '.join(said[-n:])}”, which announces what comes"
    rest = list(said)
    while rest and (n := talk.lang.opens_with("afterthoughts", rest)):
        rest = rest[n:]
    if said and not rest:
        return f"ends with “{' '.join(said)}”, after the point has been made"
    if text.endswith((",", "-", "—", "...", "…", ":")):
        return "ends before the thought is finished"
    return CLEAN_END


def anew(talk: Talk, last: int) -> float:
    """Whether what follows sentence `last` - 1 begins anew:
    1 a new thought or nothing, 0.5 another voice, 0 it goes on.
    """
    if last >= len(talk.sentences) or talk.starts[last] - talk.ends[last - 1] >= 1.5:
        return 1.0
    if opening(talk, last) == CLEAN_OPEN and not talk.lang.opens_with("openers_soft", talk.spoken(last, last + 1)):
        return 1.0
    return 0.5 if talk.sentences[last].speaker != talk.sentences[last - 1].speaker else 0.0


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
    return Span(start=start, end=max(end, start))


def air(talk: Talk, first: int, last: int) -> tuple[float, float]:
    """Seconds of pause that the cut leaves before the first and after the last word."""
    span = cut(talk, first, last)
    return max(0.0, talk.sentences[first].start - span.start), max(0.0, span.end - talk.sentences[last - 1].end)
