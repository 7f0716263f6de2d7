"""Precision and recall of the boundary rules on the set that was marked by hand (boundaries_marked.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from clipper.episode.model import Episode
from clipper.highlights.boundaries import CLEAN_END, CLEAN_OPEN, ending, opening
from clipper.highlights.talk import prepare

from .talks import said

MARKED = Path(__file__).resolve().parent / "boundaries_marked.toml"


def judged(kind: str) -> list[tuple[str, bool, str]]:
    """(sentence, marked good, what the rules say) for "openings" or "endings"."""
    rows = []
    for code, before, sentence, good in tomllib.loads(MARKED.read_text(encoding="utf-8"))[kind]:
        talk = prepare(said(f"{before} {sentence} " + ("Then we left." if kind == "openings" else ""), code), Episode())
        place = next(i for i, s in enumerate(talk.sentences) if s.text.startswith(sentence.split()[0]) and i >= 1)
        if kind == "openings":
            rows.append((sentence, good, opening(talk, place)))
        else:
            rows.append((sentence, good, ending(talk, len(talk.sentences))))
    return rows


def scores(kind: str) -> tuple[float, float, list[str]]:
    """Precision and recall of "clean", and the sentences that were judged otherwise than marked."""
    clean = CLEAN_OPEN if kind == "openings" else CLEAN_END
    rows = judged(kind)
    right = sum(good and verdict == clean for _, good, verdict in rows)
    wrong = [f"{sentence} ({verdict})" for sentence, good, verdict in rows if good != (verdict == clean)]
    return right / max(1, sum(v == clean for _, _, v in rows)), right / max(1, sum(g for _, g, _ in rows)), wrong
