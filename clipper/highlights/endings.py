"""Whether a clip may end with a sentence, and how well. In: a talk and a place; out: CLEAN_END, or what is wrong, in
words; and `closure`, how much it sounds as if the point has been made.
"""

from __future__ import annotations

import numpy as np

from clipper.highlights.openings import CLEAN_OPEN, is_question, links_of, only, opening, torn
from clipper.highlights.sense import Sense
from clipper.highlights.talk import Floats, Talk

CLEAN_END = "ends clean"
ASIDE = ("afterthoughts", "back_channels", "reactions", "links")  # what is said after the point has been made
LEAD_IN = 14  # words of a sentence that leads over to what comes
SPAN = 5  # sentences on either side whose subjects are compared
PAUSE = 1.5  # seconds of silence that count in full
REACTION = 6  # words at most of what another voice says to it and no more
SHORT_ANSWER = 5  # words: more of the answer follows where the same voice goes on
ECHO = 8  # words of a sentence that may only repeat the one before it
SUBJECT = 0.4  # how much a change of subject counts ...
ENOUGH = 300  # ... in an episode of so many sentences; in shorter ones what goes with what is known less well
CHAIN = 0.25  # what a word that the next sentence takes up says against an end
COMMON = 6  # times a word is said in the episode and still counts as such
COMPARISON = 9  # words of a comparison that says too little by itself
FEW = 4  # words of a question that is more than "Really?"


def ending(talk: Talk, last: int) -> str:
    """CLEAN_END, or why a clip should not end with sentence `last` - 1, in words."""
    sentence = talk.sentences[last - 1]
    said = talk.spoken(last - 1, last)
    lang = talk.lang
    if sentence.closes in ("clause", "nothing"):
        return "ends inside a long sentence"
    text = sentence.text.rstrip("\"'”’) ")
    if is_question(talk, last - 1) or _asks_unmarked(talk, said):
        return "ends with a question"
    stopped = text.endswith((".", "!", "。", "！"))
    n = lang.ends_with("endings_open", said)
    if n and not stopped:
        return f"ends with “{' '.join(said[-n:])}”, an unfinished thought"
    if n and lang.has("never_last", said[-1]):
        return f"ends with “{said[-1]}”, an unfinished thought"
    n = lang.ends_with("announcements", said)
    if n:
        return f"ends with “{' '.join(said[-n:])}”, which announces what comes"
    rest = said[links_of(talk, said) :]
    n = lang.opens_with("lead_ins", rest)
    if n and len(rest) <= LEAD_IN:
        return f"ends with “{' '.join(rest[:n])}”, which leads over to what comes"
    if said and only(talk, last - 1, ASIDE):
        return f"ends with “{' '.join(said)}”, after the point has been made"
    if last > 1 and 0 < len(said) <= ECHO and " ".join(said) in " ".join(talk.spoken(last - 2, last - 1)):
        return f"ends by saying “{' '.join(said)}” again"
    if last > 1 and last < len(talk.sentences) and is_question(talk, last - 2) and len(said) <= SHORT_ANSWER:
        same = talk.sentences[last].speaker == sentence.speaker
        if same and talk.starts[last] - talk.ends[last - 1] < PAUSE:
            return "ends before the question is answered"
    if _taken_up(talk, last):
        return f"ends with “{' '.join(said)}”, which is answered next"
    if text.endswith((",", "-", "—", "–", "...", "…", ":", ";")):
        return "ends before the thought is finished"
    if talk.written and not stopped and not text.endswith(("%", "♪")):
        return "ends in the middle of a sentence"
    if last < len(talk.sentences) and torn(talk, last):
        return "ends in the middle of a sentence"
    return CLEAN_END


def _taken_up(talk: Talk, last: int) -> bool:
    """Whether another voice's remark is taken up at once by who was speaking: a short one with its own word, “And
    nobody noticed.” “One man noticed.” (a recogniser hears no question mark there), or an objection, “But you said”.
    """
    if not 1 < last < len(talk.sentences):
        return False
    before, remark, after = talk.sentences[last - 2 : last + 1]
    if not remark.speaker or remark.speaker in (before.speaker, after.speaker) or before.speaker != after.speaker:
        return False
    said = talk.spoken(last - 1, last)
    if talk.starts[last] - talk.ends[last - 1] >= PAUSE:
        return False
    if talk.lang.opens_with("objections", said):
        return True
    if len(said) > REACTION:
        return False
    here, there = (set(talk.terms.ids[talk.term_sentence == k].tolist()) for k in (last - 1, last))
    return bool(here & there)


def _asks_unmarked(talk: Talk, said: list[str]) -> bool:
    """Whether a sentence without a question mark is a question by its word order ("So how big are they")."""
    rest = said[links_of(talk, said) :]
    if len(rest) < FEW or not talk.lang.has("asks_with", rest[0]):
        return False
    return any(talk.lang.has("inverts", w) for w in rest[1:3]) or talk.lang.opens_with("asks_more", rest) > 0


def anew(talk: Talk, last: int) -> float:
    """Whether what follows sentence `last` - 1 begins anew:
    1 a new thought or nothing, 0.5 another voice, 0 it goes on.
    """
    if last >= len(talk.sentences) or talk.starts[last] - talk.ends[last - 1] >= PAUSE:
        return 1.0
    if opening(talk, last) == CLEAN_OPEN and not talk.lang.opens_with("openers_soft", talk.spoken(last, last + 1)):
        return 1.0
    return 0.5 if talk.sentences[last].speaker != talk.sentences[last - 1].speaker else 0.0


def closure(talk: Talk, sense: Sense, kinds: tuple[str, ...]) -> Floats:
    """How much the point has been made where a clip ends before sentence i, about -1 to 2, shape (sentences + 1,).

    For it: a pause, the subject changes (lexical cohesion: Hearst 1997), somebody asks something new or reacts, a short
    last sentence, a form that closes ("and that's why"). Against it: what follows leans on it ("and they all thought"),
    begins with the same words (an enumeration), or asks on.
    """
    n = len(talk.sentences)
    out = np.zeros(n + 1)
    out[1:n] = SUBJECT * min(1.0, n / ENOUGH) * _drop(sense)
    chained = _chained(talk)
    usual = float(np.median(np.maximum(talk.starts[1:] - talk.ends[:-1], 0.0))) if n > 1 else 0.0
    for i in range(1, n + 1):
        out[i] += _said_last(talk, i) + (_comes_next(talk, i, usual) if i < n and not kinds[i] else 0.6)
        if i < n and chained[i] and talk.sentences[i].speaker == talk.sentences[i - 1].speaker:
            out[i] -= CHAIN
    return out


def _chained(talk: Talk) -> list[bool]:
    """Whether each sentence takes up a word of the one before it that is not said all the time."""
    ids, n = talk.terms.ids, len(talk.sentences)
    often = np.bincount(ids, minlength=len(talk.terms.names)) if len(ids) else np.zeros(0)
    limit = max(COMMON, 0.005 * len(ids))
    sets: list[set[int]] = [set() for _ in range(n)]
    for number, sentence in zip(ids.tolist(), talk.term_sentence.tolist(), strict=True):
        if often[number] <= limit:
            sets[sentence].add(number)
    return [i > 0 and bool(sets[i] & sets[i - 1]) for i in range(n)]


def overrun(made: Floats, first: int, last: int) -> float:
    """How much the point had been made at the best place inside a clip, 0 or more."""
    inside = made[first + 1 : last]
    return max(0.0, float(inside.max())) if len(inside) else 0.0


def _said_last(talk: Talk, i: int) -> float:
    """What the last sentence before i brings to the end."""
    said = talk.spoken(i - 1, i)
    rest = said[links_of(talk, said) :]
    value = 0.15 * (len(said) <= 12) - 0.15 * (len(said) >= 30)
    value += 0.25 * (talk.lang.opens_with("closings", rest) > 0)
    value -= 0.4 * (talk.lang.opens_with("set_ups", rest) > 0)
    # a short comparison wants to be explained: "Tuning a bell is like cutting hair."
    compares = any(talk.lang.opens_with("comparisons", rest[k:]) for k in range(len(rest)))
    value -= 0.4 * (compares and len(rest) <= COMPARISON)
    return value + 0.1 * talk.sentences[i - 1].text.endswith("!")


def _comes_next(talk: Talk, i: int, usual: float) -> float:
    """What sentence i, the first that is left out, says of the end; `usual` is the pause between sentences, in s."""
    said, before = talk.spoken(i, i + 1), talk.spoken(i - 1, i)
    lang = talk.lang
    pause = min(max(0.0, float(talk.starts[i] - talk.ends[i - 1]) - usual), PAUSE) / PAUSE
    value = 0.5 * pause
    changes = talk.sentences[i].speaker != talk.sentences[i - 1].speaker
    aside = max(lang.opens_with(name, said) for name in ASIDE[:3]) > 0 if said else False
    clean, soft = opening(talk, i) == CLEAN_OPEN, lang.opens_with("openers_soft", said) > 0
    if is_question(talk, i):
        # one that can be understood by itself opens something new; one that asks back wants more of the same
        value += 0.6 if clean and len(said) >= FEW else -0.3
    elif aside and (changes or only(talk, i, ASIDE)):
        value += 0.5
    elif changes and len(said) <= REACTION:
        value += 0.3
    elif clean:
        # where it is known that the same voice goes on without a break, a fresh sentence says little
        value += (0.1 if talk.sentences[i].speaker and not changes else 0.3) - 0.15 * soft
    else:
        value -= 0.5 * (1 - pause)
    if changes and (clean or aside):
        value += 0.2
    if not changes and len(said) > 3 and said[:2] == before[:2]:
        value -= 0.4
    return value


def _drop(sense: Sense) -> Floats:
    """How much the subject changes before sentence i, from 1 to n - 1, -1 to 1.5, against the others of the episode."""
    table = sense.sentences
    n = len(table)
    if n < 3:
        return np.zeros(max(0, n - 1))
    sums = np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
    at = np.arange(1, n)
    left = sums[at] - sums[np.maximum(at - SPAN, 0)]
    right = sums[np.minimum(at + SPAN, n)] - sums[at]
    length = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    near = np.where(length > 1e-9, (left * right).sum(axis=1) / np.maximum(length, 1e-9), 0.0)
    spread = float(near.std())
    return np.clip((near.mean() - near) / spread, -1.0, 1.5) if spread > 1e-9 else np.zeros(n - 1)
