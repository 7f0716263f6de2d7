"""Short phrases that are really said in a run and stand alone. In: a run; out: `Phrase`s, the strongest first.

A phrase is a whole short sentence, or a main clause of a longer one; what only leads over to it, hesitation and a word
said twice and words that only fill are left out, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from clipper.highlights.boundaries import is_question
from clipper.highlights.openings import has_verb, links_of, torn
from clipper.highlights.sense import likeness
from clipper.highlights.signals.base import Setting
from clipper.highlights.talk import Talk

LONGEST = 60  # characters
SHORTEST = 18
FEWEST = 4  # words
VERB_WITHIN = 5  # words from its start: the verb of a clause that is told by itself
STRIKING = ("superlatives", "contrast")  # lists whose phrases make one stop
_MARKS = ",;:–—"
_BAD = frozenset('“”"«»[]()♪')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Attributes:
    text: as it is said, without a full stop; with its question mark.
    sentence: its number.
    strength: the higher the better, about -1 to 2.
    asks: it is a question.
    striking: it says an extreme, a number, or what is not so.
    """

    text: str
    sentence: int
    strength: float
    asks: bool
    striking: bool


def phrases(setting: Setting, first: int, last: int) -> list[Phrase]:
    """The phrases of the run, the strongest first."""
    talk, vectors = setting.talk, setting.sense.sentences
    near = likeness(vectors[first:last], vectors[first:last].sum(axis=0) + setting.sense.title)
    out: list[Phrase] = []
    for i in range(first, last):
        for words, whole in _parts(talk, i):
            said = [talk.said[k] for k in words]
            asks = whole and is_question(talk, i)
            text = _text(talk, words, "?!" if asks else ".!?…。！？" + _MARKS + " -")
            if not SHORTEST <= len(text) + asks <= LONGEST or not _alone(talk, said, asks):
                continue
            if not clean(text) or (not whole and not _main_clause(talk, said)):
                continue
            vague = any(talk.lang.has("pointing", w) for w in said)
            hedged = any(talk.lang.opens_with("hedges", said[k:]) for k in range(len(said)))
            striking = _striking(talk, said)
            strength = float(near[i - first]) + 0.25 * striking - 0.4 * vague - 0.2 * hedged - 0.1 * (not whole)
            out.append(Phrase(text + "?" * asks, i, strength, asks, striking))
            break
    return sorted(out, key=lambda p: (-round(p.strength, 6), p.sentence))


def _parts(talk: Talk, i: int) -> list[tuple[list[int], bool]]:
    """The words of sentence `i`, then of the clauses between its commas, the longest first; whether it is whole."""
    sentence = talk.sentences[i]
    if sentence.closes in ("clause", "nothing") or (i and talk.sentences[i - 1].closes in ("clause", "nothing")):
        return []
    if torn(talk, i) or (talk.written and not sentence.text.rstrip("\"'”’) ").endswith((".", "!", "?", "…"))):
        return []
    places = _without_fillers(talk, [k for k in range(sentence.first, sentence.last) if talk.said[k]])
    places = places[links_of(talk, [talk.said[k] for k in places]) :]
    parts = [(places, True)]
    if is_question(talk, i) or not talk.lang.words.get("finite") or not places:
        return parts
    borders = [n for n in range(1, len(places)) if talk.words[places[n - 1]].text[-1:] in _MARKS]
    ends = [n for n in borders if talk.lang.has("conjunctions", talk.said[places[n]])]
    cuts: list[list[int]] = []
    for start in [0, *borders]:
        for end in [*ends, len(places)]:
            clause = places[start:end]
            skip = links_of(talk, [talk.said[k] for k in clause])
            clause = clause[skip:]
            if len(clause) < FEWEST or len(clause) == len(places):
                continue
            if not talk.lang.opens_with("subordinates", [talk.said[k] for k in clause]):
                cuts.append(clause)
    return parts + [(c, False) for c in sorted(cuts, key=lambda c: (-len(c), c[0]))]


def _without_fillers(talk: Talk, places: list[int]) -> list[int]:
    """The words without those that only fill ("you know", "sort of")."""
    out: list[int] = []
    while places:
        n = talk.lang.opens_with("droppable", [talk.said[k] for k in places[:4]])
        if not n:
            out.append(places[0])
        places = places[max(1, n) :]
    return out


def _text(talk: Talk, places: list[int], marks: str) -> str:
    """The words as one line, cleaned of hesitation, doubled words and `marks` at the end; a capital at the start."""
    said = [talk.said[k] for k in places]
    kept = [
        k
        for i, k in enumerate(places)
        if not talk.lang.has("hesitations", said[i])
        and not (i + 1 < len(said) and said[i] == said[i + 1] and not talk.lang.has("doubles", said[i]))
    ]
    spaced = any(talk.words[k].space for k in places[1:]) or len(places) < 2
    texts = [
        # where something was left out behind a word, its comma goes too
        talk.words[k].text.rstrip(_MARKS) if after > k + 1 and any(talk.said[k + 1 : after]) else talk.words[k].text
        for k, after in zip(kept, [*kept[1:], *(k + 1 for k in kept[-1:])], strict=True)
    ]
    text = (" " if spaced else "").join(texts).strip().rstrip(marks)
    return text[:1].upper() + text[1:]


def _alone(talk: Talk, said: list[str], asks: bool) -> bool:
    """Whether these words can be read without the talk around them."""
    lang = talk.lang
    if len(said) < FEWEST or len(set(said)) < len(said) - 1 or (asks and said[0] in said[1:]):
        return False
    if lang.opens_with("openers_back", said) > lang.opens_with("openers_fine", said):
        return False
    if any(lang.has("pronouns_back", w) or lang.has("pointers", w) for w in said):
        return False
    if any(lang.opens_with(name, said[k:]) for k in range(len(said)) for name in ("fillers", "points_back")):
        return False
    if any(lang.ends_with(name, said) for name in ("announcements", "endings_open", "points_back_last")):
        return False
    if any(lang.opens_with(name, said) for name in ("lead_ins", "reactions", "greetings", "housekeeping")):
        return False
    if asks:
        return has_verb(talk, said) and not lang.ends_with("afterthoughts", said)
    return _has_verb(talk, said)


def _has_verb(talk: Talk, said: list[str]) -> bool:
    """Whether there is a verb behind its subject, as far as the language's lists can tell."""
    lang = talk.lang
    if not lang.words.get("finite"):
        return True
    if lang.has("finite", said[0]) and not lang.has("asks_with", said[0]):
        return False
    # a verb that needs something behind it is none where it stands last
    return has_verb(talk, said[1:-1] if lang.has("stop", said[-1]) else said[1:]) or has_verb(talk, said[:2])


def _main_clause(talk: Talk, said: list[str]) -> bool:
    """Whether a part of a sentence has its own subject at its start and a verb soon after it."""
    lang = talk.lang
    if not (lang.has("subjects", said[0]) or lang.has("determiners", said[0])):
        return False
    for k, word in enumerate(said[1:VERB_WITHIN], 1):
        if lang.has("question_words", word) and not lang.has("finite", word):
            return False
        if lang.has("finite", word) and k + 1 < len(said):
            return True
    return lang.has("subjects", said[0]) and not lang.has("stop", said[1])


def _striking(talk: Talk, said: list[str]) -> bool:
    lang = talk.lang
    if any(lang.has("negation", w) or lang.has("number_words", w) or any(c.isdecimal() for c in w) for w in said):
        return True
    return any(lang.opens_with(name, said[k:]) for k in range(len(said)) for name in STRIKING)


def clean(text: str) -> bool:
    """Whether a phrase holds no brackets or quotes, which belong to the transcript."""
    return not any(c in _BAD for c in text)
