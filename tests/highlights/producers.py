"""Invented episodes of a made-up show, and producers who choose from what clipper finds in them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache

from clipper.episode.model import Episode
from clipper.highlights.find import find
from clipper.highlights.learn import Choice, Learnt, learn
from clipper.highlights.model import Candidate, Settings
from clipper.highlights.signals import SIGNALS
from clipper.highlights.weights import shipped
from clipper.speech.model import Transcript

from .talks import OBJECTS, SUBJECTS, VERBS, said

NAMES = ("Aoife Byrne", "Marek Nowak", "Lena Vogel", "Tomas Silva", "Ines Duarte", "Jonas Weber")
KINDS = ("story", "story", "joke", "advice", "future", "contrast", "plain", "plain", "question")
EPISODES = 14
SEEN = 5  # of them, of eight choices each: forty
MOOD = 9000.0  # against which no taste is heard
TASTE = 0.2  # spreads above what is usual in the episode


def episode(number: int, passages: int = 26) -> tuple[Transcript, Episode]:
    """About half an hour of talk in passages of a kind each: stories, advice, what will be, contrast, plain facts."""
    chance = random.Random(number)
    lines: list[str] = []
    for _ in range(passages):
        kind = chance.choice(KINDS)
        lines += [_sentence(kind, chance) for _ in range(chance.randrange(6, 11))]
    title = f"The {chance.choice(SUBJECTS)} and the {chance.choice(OBJECTS)}"
    return said(" ".join(lines)), Episode(title=title, show="The Harbour Hour", number=number)


def candidates(number: int, count: int = 12) -> tuple[Candidate, ...]:
    """What clipper really finds in episode `number`."""
    transcript, page = episode(number)
    return find(transcript, page, Settings(count=count)).candidates


def standards(number: int) -> list[dict[str, float]]:
    """What the signals said of each candidate of episode `number`: spreads from what is usual, by signal."""
    return [{p.signal: p.standard for p in c.parts} for c in candidates(number)]


def tastes(values: Sequence[float], chance: random.Random, noise: float) -> list[bool]:
    """Picks what the producer likes, but at least one clip an episode and never all.

    Args:
        values: of each candidate, by what the producer goes by, in spreads.
        noise: how moody they are, in the same unit.
    """
    liked = [v + chance.gauss(0.0, noise) + chance.random() / 1000 for v in values]
    return [v == max(liked) or (v > TASTE and v != min(liked)) for v in liked]


@cache
def found(number: int) -> list[dict[str, float]]:
    """The first eight of an episode, as `standards` has them."""
    return standards(number)[:8]


def choices(signal: str, episodes: range, *, noise: float, seed: int = 1, sign: int = 1, per: int = 8) -> list[Choice]:
    """A producer's decisions in these episodes, by what `signal` says and by their mood."""
    chance = random.Random(seed)
    out = []
    for number in episodes:
        rows = found(number)[:per]
        picks = tastes([sign * row.get(signal, 0.0) for row in rows], chance, noise)
        out += [Choice(str(number), picked, row) for picked, row in zip(picks, rows, strict=True)]
    return out


def taught(given: Sequence[Choice]) -> Learnt:
    """What they say about the shipped weights."""
    return learn(given, shipped().signals, list(SIGNALS))


def in_order(given: Sequence[Choice], weights: Mapping[str, float]) -> float:
    """The share of pairs of the same episode, one picked and one left, that the weights put in the producer's order."""
    right = total = 0.0
    for yes in (c for c in given if c.picked):
        for no in (c for c in given if not c.picked and c.episode == yes.episode):
            a, b = (sum(w * c.standard.get(name, 0.0) for name, w in weights.items()) for c in (yes, no))
            right += 1.0 if a > b else 0.5 if a == b else 0.0
            total += 1.0
    return right / total


def _sentence(kind: str, chance: random.Random) -> str:
    who, verb, thing, other = (chance.choice(x) for x in (SUBJECTS, VERBS, OBJECTS, OBJECTS))
    name, year = chance.choice(NAMES), chance.randrange(1950, 2020)
    match kind:
        case "story":
            return chance.choice((
                f"I was standing near the {thing} in {year} when {name} told me about the {who}.",
                f"My {who} was {chance.randrange(5, 60)} years old and {verb} a {thing} with {name}.",
                f"Then {name} came back in {year} and I {verb} the {other} for him.",
            ))  # fmt: skip
        case "joke":
            return chance.choice((
                f"Haha, the {who} {verb} the {thing} in the {other} again.",
                f"The {thing} fell on the {who} [laughter] and on the {other}.",
            ))  # fmt: skip
        case "advice":
            return chance.choice((
                f"You should always keep the {thing} away from the {other}.",
                f"Never start with the {thing} before you try the {other}.",
            ))  # fmt: skip
        case "future":
            return chance.choice((
                f"In ten years every {who} will have a {thing} in the {other}.",
                f"Soon the {who} is going to need a better {thing}.",
            ))  # fmt: skip
        case "contrast":
            return chance.choice((
                f"Most people think the {thing} is simple, but the {other} is not.",
                f"Nobody ever {verb} the {thing}, however the {who} did not mind.",
            ))  # fmt: skip
        case "question":
            return chance.choice((
                f"How does a {who} find the right {thing}?",
                f"The answer is that the {who} {verb} the {other} of the {thing}.",
            ))  # fmt: skip
    return f"The {who} {verb} the {thing} of the {other} near the {chance.choice(SUBJECTS)}."
