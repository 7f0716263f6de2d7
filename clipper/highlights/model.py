"""What the search for highlights gives: sentences, candidates with their reasons, topics with their passages."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from clipper.span import Span


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(_Frozen):
    """A run of words that a listener hears as one sentence.

    Attributes:
        first, last: word numbers in the transcript, half-open.
        start, end: of its first and last word, in seconds.
        speaker: of its first word, null where unknown.
        closes: what ends it: "stop" (punctuation), "turn" (another voice), "pause", "clause" (a run-on that was
            split before a conjunction or at a comma) or "nothing" (a run-on with no better place).
    """

    first: int
    last: int
    start: float
    end: float
    text: str
    speaker: str | None = None
    closes: Literal["stop", "turn", "pause", "clause", "nothing"] = "stop"


class Reason(_Frozen):
    """One signal's finding on one candidate.

    Attributes:
        signal: the signal's name, as in the weights file.
        value: in the signal's own unit.
        unit: "share", "words", "dB", ... as the signal states it.
        evidence: the words, or the second, that caused it.
        text: a sentence in plain English for the producer.
    """

    signal: str
    value: float
    unit: str
    evidence: str
    text: str


class Part(_Frozen):
    """What one signal adds to the weighted sum of one candidate.

    Attributes:
        signal, unit, evidence: as in `Reason`.
        value: in the signal's own unit.
        usual: the mean over all runs of this episode, in the same unit.
        standard: how far the value is from what is usual, in spreads of this episode, cut at 3.
        weight: as in the weights that held.
        counts: weight times standard.
    """

    signal: str
    value: float
    unit: str
    usual: float
    standard: float
    weight: float
    counts: float
    evidence: str = ""


class Candidate(_Frozen):
    """A run of whole sentences that could be posted.

    Attributes:
        span: the cut, in the pauses around the words.
        first, last: sentence numbers, half-open.
        text: what is said in it.
        title: at most 60 characters.
        hook: a line for the picture, at most 60 characters; "" where the title serves.
        reasons: strongest first.
        topic: the number of the page's bullet that it is about.
        score: the weighted sum that ordered it; an order, no promise.
        parts: what each signal adds to that sum, what moved it most first; the rest of it is what the runs around
            score.
        opens, ends: "opens clean", or what is wrong with it, in words.
        warnings: what the producer should hear before posting.
    """

    span: Span
    first: int
    last: int
    text: str
    title: str
    hook: str = ""
    reasons: tuple[Reason, ...] = ()
    topic: int | None = None
    score: float = 0.0
    parts: tuple[Part, ...] = ()
    opens: str = ""
    ends: str = ""
    warnings: tuple[str, ...] = ()


class TopicMatch(_Frozen):
    """Where a bullet of the page is talked about; `span` is null where nothing fits.

    `confidence` is 0 to 1: how often a match like this one is right (see docs on how it was calibrated). `why` tells
    why it has no clip, in words; empty where it has one.
    """

    topic: str
    span: Span | None = None
    confidence: float = Field(default=0.0, ge=0, le=1)
    why: str = ""


class Settings(_Frozen):
    """What a producer may ask of the search; lengths in seconds."""

    count: int = 8
    shortest: float = 20.0
    longest: float = 60.0


class Findings(_Frozen):
    """All that the search found: every sentence, the candidates in order of rank, a row for each bullet."""

    sentences: tuple[Sentence, ...]
    candidates: tuple[Candidate, ...]
    topics: tuple[TopicMatch, ...]
    notes: tuple[str, ...] = ()
