"""What is known of a language: stop words, abbreviations, phrases to look for. In: a code; out: a `Language`.

The lists are data (data/<code>.toml). An unknown language gets empty lists: the rules that need words stay silent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import regex

_DATA = Path(__file__).resolve().parent / "data"
# Snowball has stemmers for more languages than there are phrase lists.
_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_EDGE = regex.compile(r"^[^\p{L}\p{N}$%\[\]()♪]+|[^\p{L}\p{N}%\[\]()♪]+$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in the words: numbers of its first word and of the one behind its last."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Language:
    """Word lists of one language.

    Attributes:
        code: ISO 639-1, or "und".
        known: whether there is a data file for it.
        words: single words by list name ("stop", "abbreviations", "pronouns_back", ...).
        phrases: phrases by list name; each phrase is a tuple of words.
        ordinal_dot: "3." means "third", so a number with a full stop does not end a sentence by itself.
    """

    code: str
    known: bool
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    ordinal_dot: bool = False

    def has(self, name: str, word: str) -> bool:
        """Whether the normal form `word` stands in the word list `name`."""
        return word in self.words.get(name, frozenset())

    def opens_with(self, name: str, said: Sequence[str]) -> int:
        """Length of the longest phrase of list `name` that `said` (normal forms) begins with; 0 for none."""
        whole, loose = _sets(self.code, name)
        fits = [n for n, phrases in whole.items() if n <= len(said) and tuple(said[:n]) in phrases]
        fits += [len(p) for p in loose if len(p) <= len(said) and all(map(_same, p, said))]
        return max(fits, default=0)

    def ends_with(self, name: str, said: Sequence[str]) -> int:
        """Length of the longest phrase of list `name` that `said` ends with; 0 for none."""
        whole, loose = _sets(self.code, name)
        fits = [n for n, phrases in whole.items() if n <= len(said) and tuple(said[-n:]) in phrases]
        fits += [len(p) for p in loose if len(p) <= len(said) and all(map(_same, p, said[-len(p) :]))]
        return max(fits, default=0)

    def find(self, said: Sequence[str]) -> dict[str, list[Hit]]:
        """Every phrase of every list in the normal forms `said`, one pass; empty forms (punctuation) are no word."""
        places = [i for i, w in enumerate(said) if w]
        spoken = [said[i] for i in places]
        table, prefixes = _table(self.code)
        keys = {w: (w, *(p for p in prefixes if w.startswith(p[:-1])), "_") for w in set(spoken)}
        found: dict[str, list[Hit]] = {name: [] for name in self.phrases}
        for i, word in enumerate(spoken):
            for key in keys[word]:
                for name, phrase in table.get(key, ()):
                    n = len(phrase)
                    if i + n <= len(spoken) and all(
                        _same(p, w) for p, w in zip(phrase, spoken[i : i + n], strict=True)
                    ):
                        found[name].append(Hit(places[i], places[i + n - 1] + 1))
        return found


def normal(text: str) -> str:
    """A word as the lists write it: lower case, straight apostrophes, no punctuation around it.

    >>> normal("“That’s,")
    "that's"
    """
    return _EDGE.sub("", text.lower().replace("’", "'").replace("‘", "'"))


def _same(pattern: str, word: str) -> bool:
    if pattern == "_":
        return True
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


@cache
def language(code: str) -> Language:
    """The lists of `code` ("en", "en-GB"); empty ones where there is no data file."""
    code = code.lower().replace("_", "-").split("-")[0] or "und"
    path = _DATA / f"{code}.toml"
    if not code.isalpha() or not path.is_file():
        return Language(code=code, known=False)
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    words = {
        k: frozenset(v.split()) for k, v in data.items() if isinstance(v, str) and k not in ("language", "stemmer")
    }
    phrases = {k: tuple(tuple(p.split()) for p in v) for k, v in data.items() if isinstance(v, list)}
    return Language(code, True, words, phrases, bool(data.get("ordinal_dot", False)))


@cache
def _sets(code: str, name: str) -> tuple[dict[int, frozenset[tuple[str, ...]]], tuple[tuple[str, ...], ...]]:
    """A list's phrases by their length, and those with wildcards."""
    phrases = language(code).phrases.get(name, ())
    loose = tuple(p for p in phrases if any(w == "_" or w.endswith("*") for w in p))
    plain = [p for p in phrases if p not in loose]
    return {n: frozenset(p for p in plain if len(p) == n) for n in {len(p) for p in plain}}, loose


@cache
def _table(code: str) -> tuple[dict[str, list[tuple[str, tuple[str, ...]]]], tuple[str, ...]]:
    table: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, phrases in language(code).phrases.items():
        for phrase in phrases:
            table.setdefault(phrase[0], []).append((name, phrase))
    return table, tuple(k for k in table if k.endswith("*"))


@cache
def stemmer(code: str) -> Callable[[str], str]:
    """A function that gives a word's stem, remembered for each word;
    the word itself where Snowball lacks the language.
    """
    name = _STEMMERS.get(code)
    if name is None:
        return lambda word: word
    import snowballstemmer

    stem: Callable[[str], str] = cache(snowballstemmer.stemmer(name).stemWord)
    return stem
