"""Talk of our own for the tests of this room."""

from __future__ import annotations

import random

from clipper.speech.model import Transcript, Word

TALK = (
    "The town saved for four years to buy one good bell. A smith in the valley made it from old coins. "
    "People carried the metal up the hill in buckets. The mayor pulled the rope on a cold morning. "
    "Children stood in the square and held their ears. My grandmother kept a splinter of the old bell in her kitchen. "
    "Most towns never hear how a bell is tuned. Every bell has five notes, and one of them is only in your head. "
    "Engineers will measure each note before the lathe starts. Metal that is cut away can never be put back. "
)

SUBJECTS = ("farmer", "sailor", "teacher", "baker", "pilot", "doctor", "painter", "miner", "clerk", "singer")
VERBS = ("found", "sold", "built", "lost", "painted", "moved", "repaired", "counted", "hid", "weighed")
OBJECTS = ("boat", "ladder", "engine", "map", "letter", "garden", "bridge", "lamp", "kettle", "window")


def said(text: str, language: str = "en", seconds: float = 0.4) -> Transcript:
    """Words that follow each other without a pause."""
    words = tuple(
        Word(text=w, start=round(i * seconds, 3), end=round((i + 1) * seconds, 3)) for i, w in enumerate(text.split())
    )
    return Transcript(language=language, duration=len(words) * seconds, words=words)


def stories(sentences: int, seed: int = 7) -> str:
    """Sentences that differ from one another."""
    chance = random.Random(seed)
    return " ".join(
        f"The {chance.choice(SUBJECTS)} {chance.choice(VERBS)} the {chance.choice(OBJECTS)} of "
        f"{chance.randrange(2, 900)} "
        f"{chance.choice(OBJECTS)}s near the {chance.choice(SUBJECTS)}."
        for _ in range(sentences)
    )
