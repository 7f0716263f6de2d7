"""A word corrected or made to stand out, as the clip's `captions` say it. Pure.

In: the words between a clip's borders, its `captions`, those that are left out of it, which words are meant; out:
`captions`, the passage as it is to be read with `*stars*` around what stands out, "" where it says just what was heard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from clipper.plan.quotes import letters
from clipper.speech.model import Word

_CLOSING = ".,!?:;…”’\"')]»。，．：；！？"


@dataclass(frozen=True, slots=True)
class Shown:
    """A word as the captions show it.

    Attributes:
        text: without stars.
        first, last: the heard words that it stands for, half-open, by their numbers in the clip; an addition has none.
        loud: whether it stands out.
        space: whether a space stands before it.
    """

    text: str
    first: int
    last: int
    loud: bool = False
    space: bool = True


def shown(words: Sequence[Word], captions: str, gone: Collection[int] = ()) -> list[Shown]:
    """What the captions show, word by word.

    Args:
        words: between the clip's borders.
        gone: numbers of those that are left out of the clip.
    """
    heard = [Shown(w.text, i, i + 1, space=w.space or not i) for i, w in enumerate(words) if i not in gone]
    if not captions.strip():
        return heard
    told = _told(captions)
    if _flat(told) == _flat(heard):  # the same letters, cut up otherwise or marked
        return _marked(heard, told)
    matcher = SequenceMatcher(None, [_key(w.text) for w in heard], [_key(t.text) for t in told], autojunk=False)
    out: list[Shown] = []
    for _, a, b, c, d in matcher.get_opcodes():
        cuts = [a + round((b - a) * k / max(1, d - c)) for k in range(d - c + 1)]
        places = [heard[i].first if i < len(heard) else len(words) for i in cuts]
        ends = [heard[y - 1].last if y > x else places[k] for k, (x, y) in enumerate(pairwise(cuts))]
        out += [replace(t, first=x, last=y) for t, x, y in zip(told[c:d], places, ends, strict=False)]
    return out


def emphasised(
    words: Sequence[Word], captions: str, first: int, last: int, on: bool, gone: Collection[int] = ()
) -> str:
    """The captions with the words `first` up to `last` standing out, or no longer."""
    tokens = [replace(t, loud=on) if _touches(t, first, last) else t for t in shown(words, captions, gone)]
    return _text(tokens, words, gone)


def corrected(
    words: Sequence[Word], captions: str, first: int, last: int, written: str, gone: Collection[int] = ()
) -> str:
    """The captions with `written` in the place of the words `first` up to `last`; "" leaves them out.

    Punctuation behind the last word stays where `written` has none.
    """
    written = " ".join(written.replace("*", "").split())
    tokens = shown(words, captions, gone)
    old = [t for t in tokens if _touches(t, first, last)]
    out = [t for t in tokens if t not in old]
    if written:
        mark = old[-1].text[len(old[-1].text.rstrip(_CLOSING)) :] if old else ""
        text = written if not mark or written[-1] in _CLOSING else written + mark
        space = old[0].space if old else True
        out.append(Shown(text, first, last, any(t.loud for t in old), space))
        out.sort(key=lambda t: (t.first, t.last))
    return _text(out, words, gone)


def moved(
    words: Sequence[Word],
    captions: str,
    before: tuple[int, int],
    after: tuple[int, int],
    gone_before: Collection[int] = (),
    gone_after: Collection[int] = (),
) -> str:
    """The captions of a clip that has other borders, or other words left out, than when they were written.

    Args:
        words: of the whole episode.
        before, after: the clip's first and last word (half-open), by their numbers in the episode.
        gone_before, gone_after: what is left out of it, by numbers in the episode.
    """
    return joined(words, [(captions, before, gone_before)], after, gone_after)


def joined(
    words: Sequence[Word],
    parts: Sequence[tuple[str, tuple[int, int], Collection[int]]],
    after: tuple[int, int],
    gone_after: Collection[int] = (),
) -> str:
    """The captions of a clip that is made of parts of the episode, each as it was written there.

    Args:
        words: of the whole episode.
        parts: captions, first and last word (half-open) and what was left out of each, by numbers in the episode.
        after, gone_after: the same of the clip.
    """
    if not any(captions.strip() for captions, _, _ in parts):
        return ""
    c, d = after
    kept: list[Shown] = []
    known: set[int] = set()
    for captions, (a, b), gone in parts:
        was = shown(words[a:b], captions, {i - a for i in gone})
        here = [replace(t, first=t.first + a, last=t.last + a) for t in was]
        kept += [t for t in here if c <= t.first and t.last <= d and not known & set(range(t.first, t.last))]
        known |= set(range(a, b)) - set(gone)
    kept = [t for t in kept if t.first == t.last or any(i not in gone_after for i in range(t.first, t.last))]
    fresh = [i for i in range(c, d) if i not in known and i not in gone_after]
    kept += [Shown(words[i].text, i, i + 1, space=words[i].space) for i in fresh]
    kept.sort(key=lambda t: (t.first, t.last))
    tokens = [replace(t, first=t.first - c, last=t.last - c) for t in kept]
    return _text(tokens, words[c:d], {i - c for i in gone_after})


def _touches(token: Shown, first: int, last: int) -> bool:
    return token.first < last and token.last > first


def _told(captions: str) -> list[Shown]:
    out: list[Shown] = []
    loud = False
    for token in captions.split():
        on = loud or token.startswith("*") or token.lstrip("\"'(“‘«¿¡").startswith("*")
        bare = token.replace("*", "")
        loud = on and token.count("*") % 2 == (1 if not loud else 0)
        if bare:
            out.append(Shown(bare, 0, 0, on))
    return out


def _marked(heard: Sequence[Shown], told: Sequence[Shown]) -> list[Shown]:
    loud = [t.loud for t in told for _ in "".join(t.text.split())]
    out, at = [], 0
    for token in heard:
        count = len("".join(token.text.split()))
        out.append(replace(token, loud=any(loud[at : at + count])))
        at += count
    return out


def _flat(tokens: Sequence[Shown]) -> str:
    return "".join("".join(t.text.split()) for t in tokens)


def _key(text: str) -> str:
    return letters(text) or text


def _text(tokens: Sequence[Shown], words: Sequence[Word], gone: Collection[int]) -> str:
    plain = "".join("".join(w.text.split()) for i, w in enumerate(words) if i not in gone)
    if not any(t.loud for t in tokens) and _flat(tokens) == plain:
        return ""
    out: list[str] = []
    for i, token in enumerate(tokens):
        before = i > 0 and tokens[i - 1].loud
        after = i + 1 < len(tokens) and tokens[i + 1].loud
        text = token.text
        if token.loud:
            tail = "" if after else text[len(text.rstrip(_CLOSING)) :]
            core = text if after else text.rstrip(_CLOSING)
            # a mark that is nothing but punctuation would be read as written
            text = f"{'' if before else '*'}{core or text}{'' if after else '*'}{tail if core else ''}"
        out.append((" " if token.space and i else "") + text)
    return "".join(out)
