"""Text in pieces: cleaned, cut into words where a line may break, put together again.

In: text; out: words. Most are followed by a space; a word that ends in `GLUE` (the zero-width space, at which a line
may break) is not. Line breaks follow Unicode annex 14, Thai and its neighbours by dictionary and Chinese by word (ICU),
Japanese by phrase (BudouX).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any

import regex

GLUE = "\u200b"
MOST_MARKS = 3  # combining marks on one letter; no orthography has more, and a tower of them leaves any box
INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # joiners, marks of direction: one is enough
INSIDE, TORN, FORBIDDEN = 0.6, 2.5, 100.0  # see `break_costs`; 1 is the price of a break between any two words
LONG = 18  # letters from which on a word with hyphens or a web address may be broken inside
_SPACELESS = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}"
    r"\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\uff01-\uff9f]"
)
_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}]")
_HAN = regex.compile(r"\p{Script=Han}")
_SPACES = regex.compile(r"[^\S\u00a0\u202f]+")
_SEEN = regex.compile(rf"[^\s{INVISIBLE}]")
_CLOSING = regex.compile(r"[!?:;»%)\]}›]+")
_GRAPHEME = regex.compile(r"\X")


def clean(text: str) -> str:
    """`text` without what no font draws (control characters, halves of characters) and with at most three marks a
    letter."""
    kept = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    if kept.isascii():
        return kept
    kept = regex.sub(rf"([{INVISIBLE}])[{INVISIBLE}]+", r"\1", kept)
    # not the viramas and vowels of the scripts of India, of which a syllable may have more
    return regex.sub(rf"([\p{{Mn}}\p{{Me}}]{{{MOST_MARKS}}})[\p{{Mn}}\p{{Me}}]+", r"\1", kept)


def graphemes(text: str) -> list[str]:
    """What a reader takes for one letter each: Unicode annex 29."""
    return list(text) if text.isascii() else _GRAPHEME.findall(text)


def spaceless(text: str) -> bool:
    """Whether some of the text is of a script that puts no spaces between words."""
    return not text.isascii() and _SPACELESS.search(text) is not None


def words_of(text: str, fine: bool = False) -> list[str]:
    """Cleaned words; a no-break space holds its neighbours together.

    Args:
        fine: wherever a line may break at all, also inside phrases, and in long words with hyphens.
    """
    cleaned = clean(text)
    out: list[str] = []
    for token in _SPACES.split(cleaned):
        if not _SEEN.search(token):
            continue
        if out and _CLOSING.fullmatch(token):
            out[-1] += "\u00a0" + token  # "Pourquoi ?": no line begins with a mark that closes
        elif GLUE in token or spaceless(token) or (fine and len(token) >= LONG):
            out += _pieces(token, cleaned, fine)
        else:
            out.append(token)
    return out


def _pieces(token: str, text: str, fine: bool) -> list[str]:
    """A token cut where a line may break, all pieces but the last glued to the next."""
    from icu4py.breakers import LineBreaker

    japanese = _KANA.search(text) is not None
    pieces: list[str] = []
    for part in token.split(GLUE):
        if not fine and not spaceless(part):
            pieces.append(part)
            continue
        cut = list(LineBreaker(part, "en"))
        if not fine and (japanese or _HAN.search(part)):
            cut = _kept(cut, _phrases(part) if japanese else _dictionary_words(part))
        pieces += cut
    pieces = [p for p in pieces if _SEEN.search(p)]
    return [*(p + GLUE for p in pieces[:-1]), *pieces[-1:]]


def _kept(pieces: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Pieces put together where no `wanted` one ends."""
    ends = set(accumulate(map(len, wanted)))
    out, begun = [], ""
    for piece, end in zip(pieces, accumulate(map(len, pieces)), strict=True):
        begun += piece
        if end in ends:
            out.append(begun)
            begun = ""
    return [*out, begun] if begun else out


def _phrases(text: str) -> list[str]:
    """Japanese in phrases: a word with the particles behind it."""
    return list(_japanese().parse(text))


@cache
def _japanese() -> Any:
    import budoux

    return budoux.load_default_japanese_parser()


def _dictionary_words(text: str) -> list[str]:
    """Chinese in words."""
    from icu4py.breakers import WordBreaker

    return list(WordBreaker(text, "zh"))


def break_costs(words: Sequence[str]) -> list[float]:
    """What a break after each word costs because of the script: 0 at a space, `INSIDE` at the end of a phrase that no
    space follows, `TORN` inside a phrase, `FORBIDDEN` where no line may end (annex 14: before a mark that closes)."""
    if not any(word.endswith(GLUE) for word in words):
        return [0.0] * len(words)
    allowed = [_ends(words, fine) for fine in (False, True)]
    out = []
    for word, (_, end) in zip(words, offsets(words), strict=True):
        costs = (INSIDE, TORN, FORBIDDEN)
        step = 0 if end in allowed[0] else 1 if end in allowed[1] else 2
        out.append(costs[step] if word.endswith(GLUE) else 0.0)
    return out


def _ends(words: Sequence[str], fine: bool) -> set[int]:
    """Where the pieces of a line end, as offsets into it; the words may have been cut elsewhere."""
    out, line, at = set(), joined(words), 0
    for piece in words_of(line, fine):
        plain = piece.removesuffix(GLUE)
        at = max(line.find(plain, at), at) + len(plain)
        out.add(at)
    return out


def joined(words: Sequence[str]) -> str:
    """Words as one line: with a space between them, but for those that end in `GLUE`."""
    text = " ".join(words)
    return text.replace(GLUE + " ", "").removesuffix(GLUE) if GLUE in text else text


def glued(word: str) -> str:
    """`word`, followed by no space."""
    return word if word.endswith(GLUE) else word + GLUE


def offsets(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where each word stands in `joined(words)`."""
    out, at = [], 0
    for word in words:
        end = at + len(word.removesuffix(GLUE))
        out.append((at, end))
        at = end + (0 if word.endswith(GLUE) else 1)
    return out


def language_of(text: str, given: str | None = None) -> str:
    """The language that decides between the forms of Han characters: the given one if it is written with them, else as
    the text's own letters say; Chinese where it has Han characters alone, "" where it has none."""
    if given and given.lower().startswith(("ja", "ko", "zh", "yue")):
        return given
    if text.isascii():
        return ""
    if _KANA.search(text):
        return "ja"
    if regex.search(r"\p{Script=Hangul}", text):
        return "ko"
    return "zh" if _HAN.search(text) else ""
