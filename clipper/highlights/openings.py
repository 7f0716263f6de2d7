"""Whether a clip may open with a sentence. In: a talk and a sentence; out: CLEAN_OPEN, or what is wrong, in words.

A clip is heard by people who know nothing of what came before: an opening may not lean on it.
"""

from __future__ import annotations

from itertools import pairwise

from clipper.highlights.talk import Talk

CLEAN_OPEN = "opens clean"
EARLY = 8  # words of a sentence in which "this" and "those" point back; later ones mostly have their noun by then
PRONOUN = 4  # words in which "it" does
FEWEST = 4  # words of an opening sentence that is no question
FRAGMENT = 6  # words of a sentence that must show a verb, so far as the language's lists can tell ...
NOUNS = 8  # ... and of one that begins as nouns do ("Your dad's car on a cold morning.")
ECHO = 8  # words of a sentence that may be an echo of the one before
ECHO_SHARE = 0.7  # of its words said just before make it one
STUMBLE = 6  # words in which a word said twice is heard as a stumble


def opening(talk: Talk, first: int) -> str:
    """CLEAN_OPEN, or why sentence `first` does not stand alone, in words."""
    said = talk.spoken(first, first + 1)
    lang = talk.lang
    if not said:
        return "opens without a word"
    if first and talk.sentences[first - 1].closes in ("clause", "nothing"):
        return "opens inside a long sentence"
    if torn(talk, first):
        return "opens in the middle of a sentence"
    links = links_of(talk, said)
    for word in said[: max(links + 1, STUMBLE)]:
        if lang.has("hesitations", word):
            return f"opens with “{word}”, before the thought begins"
    back = _points_back(talk, said, links)
    if back:
        return f"opens with “{back}”, which points back"
    word = _without_antecedent(talk, first, said, links)
    if word:
        return f"opens with “{word}” before it is said who or what that is"
    twice = _stumble(talk, said)
    if twice:
        return f"opens with a stumble, “{twice} {twice}”"
    if len(said) < FEWEST - is_question(talk, first):
        return "opens with a sentence of one to three words"
    if first and _echo(talk, first, said):
        return "opens by saying again what was just said"
    if _answers(talk, first):
        return "opens with an answer whose question is missing"
    if talk.sentences[first].text.rstrip("\"'”’) ").endswith(("…", "...", "-", "—")):
        return "opens with a sentence that breaks off"
    if lang.has("never_first", said[links]) and not is_question(talk, first):
        return "opens with a part of a sentence"
    most = NOUNS if lang.has("determiners", said[links]) else FRAGMENT
    if len(said) <= most and lang.words.get("verb_endings") and not has_verb(talk, said):
        return "opens with a part of a sentence"
    return CLEAN_OPEN


def is_question(talk: Talk, i: int) -> bool:
    """Whether sentence `i` asks something."""
    return talk.sentences[i].text.rstrip("\"'”’) ").endswith(("?", "？", "؟"))


def torn(talk: Talk, i: int) -> bool:
    """Whether sentence `i` goes on with what another voice or a pause broke off.

    It is known by its small first letter, where the transcript otherwise begins its sentences with capitals, or by
    what stands before it: an ellipsis, or a last word that nobody ends with.
    """
    if not i:
        return False
    before = talk.sentences[i - 1].text.rstrip("\"'”’) ")
    broken = not before.endswith((".", "!", "?", "。", "！", "？")) and talk.sentences[i - 1].closes != "turn"
    if broken and talk.lang.ends_with("endings_open", talk.spoken(i - 1, i)):
        return True
    if not talk.written and not before.endswith(("...", "…")):
        return False
    word = talk.sentences[i].text.lstrip("\"'“‘«¿¡([ ").split(" ")[0]
    return word[:1].islower() and word.islower() and not any(c.isdecimal() for c in word)


def links_of(talk: Talk, said: list[str]) -> int:
    """How many words at the start of `said` only lead over ("so", "well, I mean"), where more follow."""
    n = 0
    while n < len(said):
        step = talk.lang.opens_with("links", said[n:])
        if not step or n + step >= len(said):
            break
        n += step
    return n


def _points_back(talk: Talk, said: list[str], links: int) -> str:
    """The words of the opening that point to something said before; empty if there are none."""
    lang, rest = talk.lang, said[links:]
    n = lang.opens_with("openers_back", said)
    if n and n > max(lang.opens_with("openers_fine", said), lang.opens_with("openers_soft", said)):
        return " ".join(said[:n])
    n, fine = lang.opens_with("openers_back", rest), lang.opens_with("openers_fine", rest)
    if n > fine:
        return " ".join(said[: links + n])
    i = fine
    while i < min(len(rest), EARLY):
        known = lang.opens_with("pointers_fine", rest[i:])
        if known:
            i += known
            continue
        n = lang.opens_with("points_back", rest[i:])
        if n:
            return " ".join(rest[i : i + n])
        if lang.has("pointers", rest[i]):
            return rest[i]
        i += 1
    n = lang.ends_with("points_back_last", rest)
    return " ".join(rest[-n:]) if n else ""


def _without_antecedent(talk: Talk, first: int, said: list[str], links: int) -> str:
    """The pronoun of the first sentence that stands before anything it could mean; empty if there is none."""
    lang = talk.lang
    fine = links + lang.opens_with("openers_fine", said[links:])
    words = [
        w
        for w in talk.words[talk.sentences[first].first : talk.sentences[first].last]
        if any(c.isalnum() for c in w.text)
    ]
    named = False
    for i, (word, whole) in enumerate(zip(words, said, strict=False)):
        form = whole.split("'")[0] or whole  # "he's", "they'll"
        near = i < links + PRONOUN or lang.has("personal_back", form)
        if i >= fine and not named and near and lang.has("pronouns_back", form):
            return whole
        capital = i > 0 and word.text[:1].isupper() and form != "i"
        named = named or capital or (lang.has("determiners", form) and i + 1 < len(words))
    return ""


def _stumble(talk: Talk, said: list[str]) -> str:
    """A word that the opening says twice in a row, emphasis aside; only where the language's emphasis is known."""
    if not talk.lang.known:
        return ""
    start = said[: STUMBLE + 1]
    for a, b in pairwise(start):
        if a == b.split("'")[0] and not a.isdecimal() and not talk.lang.has("doubles", a):
            return a
    twice = (i for i in range(len(start) - 3) if start[i : i + 2] == start[i + 2 : i + 4])
    return next((" ".join(start[i : i + 2]) for i in twice), "")


def _echo(talk: Talk, first: int, said: list[str]) -> bool:
    """Whether a short sentence repeats the one before it."""
    before = set(talk.spoken(first - 1, first))
    return len(said) <= ECHO and len(before & set(said)) >= ECHO_SHARE * len(set(said))


def _answers(talk: Talk, first: int) -> bool:
    """Whether the sentence answers a question just before it, back channels aside, and does not say it again."""
    i = first - 1
    while i > 0 and i > first - 3 and only(talk, i, ("back_channels", "afterthoughts")):
        i -= 1
    if i < 0 or not is_question(talk, i) or is_question(talk, first):
        return False
    question = set(talk.terms.ids[talk.term_sentence == i].tolist())
    answer = set(talk.terms.ids[talk.term_sentence == first].tolist())
    return len(question & answer) < min(2, max(1, len(question)))


def has_verb(talk: Talk, said: list[str]) -> bool:
    """Whether one of the words is a verb, as far as the language's lists can tell; true where there is no list."""
    lang = talk.lang
    if not lang.words.get("finite"):
        return True
    ends = tuple(lang.words.get("verb_endings", ()))
    if any(lang.has("finite", w) or (ends and w.endswith(ends) and not _owns(talk, w)) for w in said):
        return True
    return any(lang.has("subjects", a) and not lang.has("stop", b) for a, b in pairwise(said))


def _owns(talk: Talk, word: str) -> bool:
    """Whether a word is likelier an owner's ("your dad's car") than a verb's short form ("it's")."""
    return word.endswith("'s") and not talk.lang.has("stop", word[:-2])


def only(talk: Talk, i: int, lists: tuple[str, ...]) -> bool:
    """Whether sentence `i` is made of phrases of these lists and nothing else."""
    rest = talk.spoken(i, i + 1)
    while rest:
        n = max(talk.lang.opens_with(name, rest) for name in lists)
        if not n:
            return False
        rest = rest[n:]
    return True
