"""A short made-up talk with word times, for the tests of this room."""

from __future__ import annotations

from clipper.highlights.model import Sentence
from clipper.plan.edits import Said
from clipper.speech.model import Word

# Speaker, sentence, pause after it in seconds.
LINES = (
    ("host", "Welcome to the harbour hour.", 0.6),
    ("host", "Today the baker Aoife Byrne is here.", 0.8),
    ("guest", "I was eleven the night the bell fell.", 0.2),
    ("guest", "Nobody in the village slept.", 0.5),
    ("guest", "My mother, she said: don’t touch it!", 1.2),
    ("guest", "And nobody touched it for twenty-one years.", 0.1),
    ("host", "Was it the same bell?", 0.4),
    ("guest", "It was the same bell, yes.", 0.05),
    ("guest", "The night the bell fell is a holiday now.", 0.7),
    ("host", "Thank you for being here.", 0.5),
)
WORD = 0.25  # seconds a word, without gaps inside a sentence


def talk() -> Said:
    """The ten sentences above; the first word starts at 1.0 s, 2 s of silence end the audio."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    now = 1.0
    for speaker, text, pause in LINES:
        first = len(words)
        for part in text.split():
            words.append(Word(text=part, start=round(now, 3), end=round(now + WORD, 3), speaker=speaker))
            now += WORD
        sentences.append(
            Sentence(
                first=first,
                last=len(words),
                start=words[first].start,
                end=words[-1].end,
                text=text,
                speaker=speaker,
            )
        )
        now += pause
    return Said(tuple(words), tuple(sentences), round(now + 1.5, 3))
