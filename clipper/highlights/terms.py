"""What words are about, for comparing texts. In: words or text; out: stems without stop words, as numbers.

Languages without spaces give pairs of neighbouring characters instead of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from clipper.highlights.language import Language, normal, stemmer
from clipper.speech.model import Word

_TOKEN = regex.compile(r"[\p{L}\p{N}]+(?:['’][\p{L}]+)*")
_NO_SPACES = regex.compile(r"^[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+$")
FREQUENT = 40  # in a language without a stop list, so many of the most frequent words count as stop words


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a transcript in order.

    Attributes:
        ids: int32, shape (n,), a number for each term.
        word: int32, shape (n,), the transcript's word it comes from.
        names: the term of each number.
        number: the number of each term.
        proper: how often each term was written with a capital inside a sentence, as a share, shape (len(names),).
    """

    ids: NDArray[np.int32]
    word: NDArray[np.int32]
    names: tuple[str, ...]
    number: dict[str, int]
    proper: NDArray[np.float64]
    stop: frozenset[str]


def pieces(text: str) -> list[str]:
    """Words of a text as written; runs of Japanese, Chinese, Thai ... as overlapping pairs of characters.

    >>> pieces("don't panic: 機械学習")
    ["don't", 'panic', '機械', '械学', '学習']
    """
    out = []
    for token in _TOKEN.findall(text):
        out += [token[i : i + 2] for i in range(max(1, len(token) - 1))] if _NO_SPACES.match(token) else [token]
    return out


def terms_of(words: Sequence[Word], lang: Language) -> Terms:
    """The terms of a transcript's words."""
    raw: list[tuple[str, int, bool]] = []  # as written, its word, begins a sentence
    fresh, i = True, 0
    while i < len(words):
        j = i + 1
        if _NO_SPACES.match(words[i].text):
            while j < len(words) and not words[j].space and _NO_SPACES.match(words[j].text):
                j += 1
        text = "".join(w.text for w in words[i:j])
        owner = [k for k in range(i, j) for _ in words[k].text]
        if j == i + 1:
            raw += [(t, i, fresh) for t in pieces(text)]
        else:
            raw += [(t, owner[k], True) for k, t in enumerate(pieces(text))]
        fresh = words[j - 1].text[-1:] in ".!?…"
        i = j
    stop = lang.words.get("stop", frozenset())
    if not stop:
        common = Counter(t.lower() for t, _, _ in raw).most_common(FREQUENT)
        stop = frozenset(t for t, n in common if n > max(3, len(raw) // 200) and not _NO_SPACES.match(t))
    stem = stemmer(lang.code)
    number: dict[str, int] = {}
    ids, owner_of = [], []
    inside: Counter[int] = Counter()
    capital: Counter[int] = Counter()
    for text, place, first in raw:
        key = term(text, stop, stem)
        if key is None:
            continue
        n = number.setdefault(key, len(number))
        ids.append(n)
        owner_of.append(place)
        if not first:
            inside[n] += 1
            capital[n] += text[:1].isupper()
    proper = np.array([capital[n] / inside[n] if inside[n] else 0.0 for n in range(len(number))])
    return Terms(np.array(ids, np.int32), np.array(owner_of, np.int32), tuple(number), number, proper, stop)


def term(text: str, stop: frozenset[str], stem: object) -> str | None:
    """The term of one written word; None for a stop word or a lone letter."""
    word = normal(text)
    if word.endswith("'s"):
        word = word[:-2]
    bare = word.split("'")[0] if "'" in word else word
    if not bare or word in stop or bare in stop or (len(bare) == 1 and bare.isascii() and not bare.isdecimal()):
        return None
    return str(stem(bare)) if callable(stem) else bare


def terms_in(text: str, terms: Terms, lang: Language) -> list[str]:
    """The terms of a bullet, a title or a description, in order, repeated ones too."""
    stem = stemmer(lang.code)
    return [t for p in pieces(text) if (t := term(p, terms.stop, stem)) is not None]
