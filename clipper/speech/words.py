"""Tokens of a recogniser to words of a transcript. In: passages; out: `Word`s whose times run forwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clipper.speech.engines.base import Passage, Token
from clipper.speech.languages import spaced
from clipper.speech.limits import limits
from clipper.speech.model import Word


def words_of(passages: Iterable[Passage], language: str, duration: float) -> tuple[Word, ...]:
    """The words of all passages in order; each passage is a cue. Passages that are probably no speech are left out.

    Args:
        passages: with times in seconds of the episode.
        language: decides whether a token without a leading space continues a word ("-looking", "'s") or is one.
        duration: no word ends later.
    """
    words: list[Word] = []
    apart = spaced(language)
    at = 0.0
    for cue, passage in enumerate(p for p in passages if not doubtful(p)):
        for text, space, start, end, probability in _merged(passage.tokens, apart):
            start = min(max(start, at), duration)
            end = min(max(end, start), duration)
            at = end
            words.append(Word(text=text, start=start, end=end, space=space, confidence=round(probability, 4), cue=cue))
    return tuple(words)


def doubtful(passage: Passage) -> bool:
    """Whether the recogniser itself says that this is no speech, or that it heard nothing well."""
    doubt = limits().doubt
    return passage.no_speech > doubt.no_speech and passage.log_probability < doubt.log_probability


def _merged(tokens: Sequence[Token], apart: bool) -> list[tuple[str, bool, float, float, float]]:
    """(text, space before it, start, end, probability) of each word; a word is as sure as its least sure part."""
    made: list[tuple[str, bool, float, float, float]] = []
    for token in tokens:
        text = token.text.strip()
        if not text.strip("\ufffd"):  # half a character, which Whisper gives now and then
            continue
        leads = token.text[:1].isspace()
        if apart and made and not leads:
            before, space, start, _, probability = made[-1]
            made[-1] = (before + text, space, start, token.end, min(probability, token.probability))
        else:
            made.append((text, apart or leads, token.start, token.end, token.probability))
    return made
