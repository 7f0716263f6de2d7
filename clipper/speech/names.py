"""Names as the page spells them, where the recogniser wrote what it heard.

In: a transcript and full names from the page; out: the transcript with those names corrected, and what was changed.
The way in is a full name heard as a whole ("IFA Cancela" for "Aoife Kinsella"): only what stood for a name once, in
such company, is corrected elsewhere. A word that the talk also uses in lower case is never touched.

Source of the phonetic key: L. Philips, "Hanging on the Metaphone", 1990, as the library jellyfish has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clipper.speech.model import Transcript, Word

_CORE = re.compile(r"^([^\w]*)(.*?)((?:['’]s)?[^\w]*)$", re.DOTALL)
_ENDS = (".", "!", "?", "…")
LONG_KEY = 4  # from so many sounds on, one may differ
ALIKE = 0.9  # Jaro-Winkler similarity of two spellings that are taken for one name


@dataclass(frozen=True, slots=True)
class Correction:
    """`heard` was written as `written`, `count` times; `where` says who spells it so."""

    heard: str
    written: str
    count: int
    where: str = "on the page"

    def __str__(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"“{self.heard}” is written “{self.written}” ({times}), as {self.where}"


def correct(transcript: Transcript, names: Sequence[str]) -> tuple[Transcript, tuple[Correction, ...]]:
    """The transcript with the page's spelling of `names`, and a row for each spelling that was changed.

    Args:
        names: full names, such as guests and hosts; single words are not enough to go by.
    """
    spellings = _spellings(transcript.words, [parts for n in names if len(parts := n.split()) > 1])
    if not spellings:
        return transcript, ()
    counts: Counter[tuple[str, str]] = Counter()
    words = []
    for word in transcript.words:
        head, core, tail = parted(word.text)
        written = spellings.get(core.casefold()) if core[:1].isupper() else None
        if written is not None and written != core:
            counts[core, written] += 1
            word = word.model_copy(update={"text": head + written + tail})
        words.append(word)
    rows = tuple(Correction(heard, written, n) for (heard, written), n in counts.most_common())
    return transcript.model_copy(update={"words": tuple(words)}), rows


def _spellings(words: Sequence[Word], names: Sequence[list[str]]) -> dict[str, str]:
    """What was heard (casefolded) and how the page spells it, from full names heard as a whole."""
    lower = {core for w in words if (core := parted(w.text)[1]) and core[:1].islower()}
    right = {part.casefold() for name in names for part in name}
    found: dict[str, str] = {}
    for name in names:
        for heard in _windows(words, name):
            if all(_same(h, n) or sounds_alike(h, n) for h, n in zip(heard, name, strict=True)):
                for h, n in zip(heard, name, strict=True):
                    if not _same(h, n) and h.casefold() not in lower and h.casefold() not in right:
                        found.setdefault(h.casefold(), n)
    return found


def _windows(words: Sequence[Word], name: Sequence[str]) -> Iterator[list[str]]:
    """Runs of as many capitalised words as `name` has, inside one sentence, without punctuation."""
    size = len(name)
    for i in range(len(words) - size + 1):
        run = words[i : i + size]
        cores = [parted(w.text)[1] for w in run]
        # the first word of a sentence has its capital from there; a short one ("Of", "If") is no name
        doubtful = (i == 0 or words[i - 1].text.endswith(_ENDS)) and len(cores[0]) <= 3 and not cores[0].isupper()
        if (
            all(c[:1].isupper() for c in cores)
            and not any(w.text.endswith(_ENDS) for w in run[:-1])
            and (_same(cores[0], name[0]) or not doubtful)
        ):
            yield cores


def sounds_alike(one: str, other: str) -> bool:
    """Whether two spellings may be the same name by their sound, or nearly so by their letters.

    >>> sounds_alike("IFA", "Aoife"), sounds_alike("Canceler", "Kinsella"), sounds_alike("Ben", "Daniel")
    (True, True, False)
    """
    import jellyfish

    a, b = key_of(one), key_of(other)
    if not a or not b:
        return False
    if a == b or (min(len(a), len(b)) >= LONG_KEY and jellyfish.damerau_levenshtein_distance(a, b) <= 1):
        return True
    return bool(jellyfish.jaro_winkler_similarity(plain_of(one), plain_of(other)) >= ALIKE)


def key_of(name: str) -> str:
    """The phonetic key; all vowels that begin a name are one, since they are what is misheard most."""
    import jellyfish

    key = jellyfish.metaphone(plain_of(name)).replace(" ", "")
    return "V" + key[1:] if key[:1] in tuple("AEIOU") else key


def plain_of(name: str) -> str:
    """Latin letters without accents, lower case; empty for other scripts."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return (
        "".join(c for c in folded if "a" <= c <= "z")
        if folded.isascii() or any("a" <= c <= "z" for c in folded)
        else ""
    )


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def parted(text: str) -> tuple[str, str, str]:
    """Punctuation before, the word, and what follows it (a possessive included)."""
    match = _CORE.match(text)
    return (match[1], match[2], match[3]) if match else ("", text, "")
