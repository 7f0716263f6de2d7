"""People's names in running text. In: a piece of a sentence; out: the names that stand in it.

A name is told by its shape, a run of capitalised words that are neither roles ("CSS Artist") nor known no-names.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from clipper.episode.phrases import alternatives, words
from clipper.episode.plaintext import squeezed

_TOKEN = re.compile(
    r"[\"“«„][^\"“”«»„]{1,30}[\"”»“]|\([^()]*\)|[^\s,;:()\[\]{}<>|…。、，!?\"“”«»/]+|[,;:()\[\]{}|…。、，!?/]|\n"
)
_INITIAL = re.compile(r"[^\W\d_]\.(?:[^\W\d_]\.)*")


def name_like(word: str) -> bool:
    """Whether a word may be part of a name: capitalised, not all capitals, no digits."""
    core = word.strip(".'’`*_-")
    if not core or not core[0].isupper() or any(c.isdigit() for c in core):
        return False
    if core.isupper() and len(core) > 2 and core.isascii():
        return False
    return core.casefold() not in words("no_names")


def _is_role(word: str) -> bool:
    lowered = word.casefold().strip(".'’")
    return lowered in words("roles") or (lowered.endswith("s") and lowered[:-1] in words("roles"))


def people_at_start(text: str, *, singles: bool = False, reach: int = 9) -> list[str]:
    """The list of names that follows where `text` begins: "Google engineer Ana Lopez and Bo Li, who ...".

    Args:
        singles: a name of one word counts.
        reach: how many words of introduction may stand before the first name.
    """
    tokens = _cut(_TOKEN.findall(text))
    names: list[str] = []
    at = 0
    if singles and tokens and re.fullmatch(r"[A-Z]{3,5}", tokens[0]) and tokens[1:2] in ([], [","], ["and"]):
        return [tokens[0]]  # somebody known by initials
    while at < len(tokens):
        run, after = _run(tokens, at)
        if not run:
            token = tokens[at]
            if names or at > reach or token.casefold() in _STOPS:
                break
            at += 1
            continue
        followed = tokens[after] if after < len(tokens) else ""
        alone = singles or (bool(names) and _in_list(tokens, at)) or (at > 0 and _is_role(tokens[at - 1]))
        name = _name_of(run, followed, singles=alone)
        if not name:
            if names:
                break
            at = after
            continue
        names.append(name)
        at = after
        while at < len(tokens) and tokens[at].startswith("("):
            at += 1
        at, goes_on = _joined(tokens, at)
        if not goes_on:
            break
    return names


_STOPS = {"about", "who", "whose", "because", "which", ".", "that", "when", "sobre", "über", "sur"}


def _cut(tokens: list[str]) -> list[str]:
    """Up to the end of the sentence: a token that ends with a full stop and is no initial or honorific."""
    kept: list[str] = []
    for token in tokens:
        if token in ("!", "?", "。", "\n", "…", "[", "]", "|"):
            break
        if token.endswith(".") and not _INITIAL.fullmatch(token) and token.casefold() not in words("honorifics"):
            kept.append(token.rstrip("."))
            break
        kept.append(token)
    return kept


def _run(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The capitalised words from `at` on, with particles, initials and a quoted nickname between them."""
    run: list[str] = []
    while at < len(tokens):
        token = tokens[at]
        possessive = re.fullmatch(r"(.+)['’]s", token)
        if possessive and (name_like(possessive[1]) or possessive[1][:1].isupper()):
            return [], at  # "Google's": what it owns is the subject
        nick = token[0] in '"“«„' and len(token) > 2
        if (
            name_like(token)
            or _INITIAL.fullmatch(token)
            or (_is_role(token) and token[0].isupper())
            or (
                run
                and (nick or token.casefold() in words("particles"))
                and at + 1 < len(tokens)
                and name_like(tokens[at + 1])
            )
        ) or (run and token[0].isupper() and token.casefold() in words("articles")):
            run.append(token)
        else:
            break
        at += 1
    return run, at


def _name_of(run: list[str], followed: str, *, singles: bool) -> str:
    """The name in a run of capitalised words: what stands behind the last role; "" for none."""
    if followed and followed[0].islower() and _is_role(followed):
        return ""  # "Stack Overflow founder ..."
    for i in range(len(run) - 1, -1, -1):
        if i == len(run) - 1 > 0 and run[i].casefold().strip(".'’") in words("surnames") and not _is_role(run[i - 1]):
            continue  # "Leon Baker"
        if _is_role(run[i]) and run[i].casefold().strip(".") not in words("honorifics"):
            run = run[i + 1 :]
            break
    proper = [w for w in run if w.casefold() not in words("honorifics")]
    if len(proper) > 5 or not proper or not any(name_like(w) for w in proper):
        return ""
    if len(proper) >= 2:
        return " ".join(proper)
    if len(run) >= 2:  # "Dr. Chuck"
        return " ".join(run)
    return proper[0] if singles and len(proper[0]) > 1 else ""


def _joined(tokens: list[str], at: int) -> tuple[int, bool]:
    """Whether the list of names goes on after `at`, and where."""
    start = at
    while at < len(tokens) and (tokens[at] in (",", "、", "，") or tokens[at].casefold() in words("joiners")):
        at += 1
    if at == start or at >= len(tokens):
        return at, False
    # between "and" and the next name a few words of introduction may stand
    if tokens[at - 1].casefold() in words("joiners"):
        for skipped in range(4):
            here = at + skipped
            if here < len(tokens) and name_like(tokens[here]):
                return here, skipped == 0 or _is_role(tokens[here - 1])
    return at, at < len(tokens) and name_like(tokens[at])


def _in_list(tokens: list[str], at: int) -> bool:
    """Whether a one-word name at `at` ends or continues a list of names, rather than beginning an apposition."""
    if tokens[at - 1] == ",":
        return False
    return at + 1 >= len(tokens) or tokens[at + 1] in (".", "(", ",")


def people_at_end(text: str) -> list[str]:
    """The names that stand last in `text`, right before a verb: "In this episode, Ana and Bo" gives both."""
    tokens = [t for t in _TOKEN.findall(text) if not t.startswith("(")]
    names: list[str] = []
    at = len(tokens)
    while at > 0:
        start = at
        while start > 0 and (
            name_like(tokens[start - 1]) or (start < at and tokens[start - 1].casefold() in words("particles"))
        ):
            start -= 1
        if start == at:
            break
        run = tokens[start:at]
        roles = [i for i, w in enumerate(run) if _is_role(w) and not (i > 0 and w.casefold() in words("surnames"))]
        run = run[roles[-1] + 1 :] if roles else run
        if not run or len(run) > 4:
            break
        names.insert(0, " ".join(run))
        at = start
        if at > 0 and not roles and (tokens[at - 1] == "," or tokens[at - 1].casefold() in words("joiners")):
            comma = tokens[at - 1] == ","
            at -= 1
            if at > 0 and tokens[at - 1] == ",":
                at -= 1
            if comma and len(names) < 2:
                break
        else:
            break
    if len(names) > 2 and at > 0 and tokens[at - 1].casefold() in ("of", "on", "at", "to", "from"):
        names.pop(0)  # "In this episode of Fold, Ana and Bo"
    return names


def listed_people(text: str) -> list[str]:
    """Names in a field or after a label, where everything is a name: "A, B & C (@c)"."""
    text = re.sub(r"[(（\[][^)）\]]*[)）\]]", " ", text) if not re.search(r"[^\x00-ɏ]", text) else text
    parts = re.split(r"\s*(?:[,;、，/|]|\s&\s|\s\+\s|\b(?:and|und|et|y|och|og|en)\b(?=\s)|と)\s*", text)
    named = [trimmed(part) for part in parts]
    return [
        n
        for n in named
        if n and n.casefold() not in ("none", "n/a", "no guest", "tba", "null", "-", "others", "friends")
    ]


_TAIL = re.compile(r"\s+[-–—:|].*$|\s*[:：].*$|\s*<.*$")


def trimmed(text: str) -> str:
    """One name without the honorific, the @ and what is said after a dash."""
    text = _TAIL.sub("", text.strip(" \t\n*_`•-–—.,:：;")).strip()
    text = re.sub(rf"\s*(?:{alternatives('people', 'honorific')})$", "", text)
    return text.removeprefix("@").strip(" .,;:")


def same_person(a: str, b: str) -> bool:
    """One person in two writings: accents, case, a letter or two, or a nickname apart."""
    x, y = squeezed(a), squeezed(b)
    if not x or not y:
        return False
    return x == y or SequenceMatcher(None, x, y).ratio() >= 0.86


def merged(*lists: list[str]) -> list[str]:
    """All names once, in order; of two writings of one person the first stays."""
    kept: list[str] = []
    for name in (n for names in lists for n in names):
        if not any(same_person(name, k) for k in kept):
            kept.append(name)
    return kept


def resolved_slug(slug: str, text: str) -> str:
    """A name for a slug such as "annabrown" or "anna-b-brown": as the text writes it, else in words.

    >>> resolved_slug("annabbrown", "Anna Brown joins us.")
    'Anna Brown'
    """
    if " " in slug or not re.fullmatch(r"[a-z0-9._-]+", slug):
        return slug
    key = re.sub(r"[^a-z0-9]", "", slug)
    tokens = [t.strip(' .,;:!?()[]*_"“”') for t in text[:200_000].split()]
    for size in (3, 2):
        for i in range(len(tokens) - size + 1):
            name = tokens[i : i + size]
            if not all(part[:1].isupper() for part in name):
                continue
            first, last = squeezed(name[0]), squeezed(name[-1])
            near = (
                key.startswith(first) and key.endswith(last) and len(first + last) <= len(key) <= len(first + last) + 2
            )
            if squeezed("".join(name)) == key or (size == 2 and near):
                return " ".join(name)
    if re.fullmatch(r"[a-z]+([._-][a-z]+)+", slug) or re.fullmatch(r"[a-z]{2,7}", slug):
        return " ".join(part.capitalize() for part in re.split(r"[._-]", slug))
    return slug
