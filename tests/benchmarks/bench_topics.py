"""How often a bullet finds its passage, what each part of the search brings, and how confidence is fitted.

    python tests/benchmarks/bench_topics.py              hit@1 in page order and in ten random orders
    python tests/benchmarks/bench_topics.py --ablate     the same with one part taken out at a time
    python tests/benchmarks/bench_topics.py --fit        coefficients for weights.toml, and how well they are calibrated

Reads ../shared/eval/qmsum-val.jsonl (QMSum, MIT licence) where it is there: a bullet is a hit when the middle of its
passage
lies in a turn that people marked as being about it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipper.episode.model import Episode
from clipper.highlights import assign as assigning
from clipper.highlights import evidence as searching
from clipper.highlights import topics as telling
from clipper.highlights.talk import Talk, prepare
from clipper.highlights.weights import shipped
from clipper.speech.model import Transcript, Word
from tests.benchmarks.figures import Figure

DATA = Path(__file__).resolve().parents[3] / "shared" / "eval" / "qmsum-val.jsonl"
NOISE = re.compile(r"\{[^}]*\}|<[^>]*>")
WORD_SECONDS = 0.4
Marked = tuple[str, list[tuple[float, float]]]


def meetings(path: Path = DATA) -> list[tuple[Talk, list[Marked]]]:
    """Each meeting made ready, and its bullets with the marked stretches (seconds)."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        clock, turns, words = 0.0, [], []
        for cue, turn in enumerate(row["meeting_transcripts"]):
            begin = clock
            for text in NOISE.sub("", turn["content"]).split():
                words.append(
                    Word(
                        text=text,
                        start=round(clock, 2),
                        end=round(clock + WORD_SECONDS, 2),
                        speaker=turn["speaker"],
                        cue=cue,
                    )
                )
                clock += WORD_SECONDS
            turns.append((begin, clock))
        talk = prepare(Transcript(language="en", duration=clock, words=tuple(words)), Episode())
        bullets = [
            (
                t["topic"],
                [(turns[int(a)][0], turns[min(int(b), len(turns) - 1)][1]) for a, b in t["relevant_text_span"]],
            )
            for t in row["topic_list"]
        ]
        out.append((talk, bullets))
    return out


def hit_rate(data: list[tuple[Talk, list[Marked]]], seed: int | None = None) -> float:
    """Share of bullets whose passage's middle is marked."""
    hits = []
    for number, (talk, bullets) in enumerate(data):
        order = list(range(len(bullets)))
        if seed is not None:
            random.Random(seed + number).shuffle(order)
        found = telling.match([bullets[i][0] for i in order], talk).matches
        for match, i in zip(found, order, strict=True):
            middle = None if match.span is None else (match.span.start + match.span.end) / 2
            hits.append(middle is not None and any(a <= middle <= b for a, b in bullets[i][1]))
    return float(np.mean(hits))


def show(name: str, data: list[tuple[Talk, list[Marked]]]) -> None:
    shuffled = [hit_rate(data, seed) for seed in range(7, 17)]
    print(f"{name:44}  {hit_rate(data):.3f}     {shuffled[0]:.3f}     {np.mean(shuffled):.3f}", flush=True)


def ablate(data: list[tuple[Talk, list[Marked]]]) -> None:
    """One part out at a time."""
    weights = shipped().topics
    plain = searching.smooth
    outs: list[tuple[str, object, str, object]] = [
        ("no null: every bullet gets a passage", weights, "least_talked", 0.0),
        ("page order alone (order decides)", assigning, "TRUST", 1 - 1e-12),
        ("no page order", assigning, "TRUST", 1e-12),
        ("evidence for the order taken at face value", assigning, "TEMPER", 1.0),
        ("no families of words", searching, "FAMILY", 0.0),
        ("words like “discussion” count in full", searching, "META", 1.0),
        ("long bullets not held back", searching, "LENGTH", 0.0),
        ("no start and end words", searching, "EDGE", 0.0),
        ("window half as wide", searching, "SIGMA", 1.25),
        ("window twice as wide", searching, "SIGMA", 5.0),
        ("answer at the highest point, not blurred", telling, "BLUR", 0.5),
    ]
    for name, owner, key, value in outs:
        kept = getattr(owner, key)
        object.__setattr__(owner, key, value) if owner is weights else setattr(owner, key, value)
        show(f"  {name}", data)
        object.__setattr__(owner, key, kept) if owner is weights else setattr(owner, key, kept)
    searching.smooth = plain
    whole = searching.Evidence
    searching.Evidence = lambda against, raw, found, stretch: whole(raw, raw, found, stretch)  # type: ignore[assignment,misc]
    show("  a stretch without its words is not against it", data)
    searching.Evidence = whole  # type: ignore[misc]


def kind(talk: Talk) -> str:
    """What kind of meeting it is, so that a bullet of another kind is surely not talked about."""
    said = talk.said
    if said.count("remote") > 8:
        return "design"
    return (
        "parliament" if said.count("government") + said.count("committee") + said.count("minister") > 15 else "research"
    )


def fit(data: list[tuple[Talk, list[Marked]]]) -> None:
    """Logistic regressions of "talked about" and "right" with bullets of other meetings put in."""
    chance = random.Random(5)
    kinds = [kind(talk) for talk, _ in data]
    rows = []
    for number, (talk, bullets) in enumerate(data):
        others = [b for m, (_, foreign) in enumerate(data) if kinds[m] != kinds[number] for b, _ in foreign]
        for turn in range(4):
            asked: list[tuple[str, list[tuple[float, float]] | None]] = list(bullets)
            for _ in range(chance.choice([0, 1, 1, 2])):
                asked.insert(chance.randrange(len(asked) + 1), (chance.choice(others), None))
            if turn % 2:
                chance.shuffle(asked)
            every = searching.evidence([b for b, _ in asked], talk)
            share, _ = assigning.assign(every.against)
            for k, (_, marked) in enumerate(asked):
                one = telling.look(share[k], every, k)
                place = int(np.searchsorted(every.stretch, one.best))
                at = talk.words[int(talk.terms.word[place])].start
                right = marked is not None and any(a <= at <= b for a, b in marked)
                rows.append((number, marked is not None, right, one.found, one.near, one.mass))
    table = np.array(rows, dtype=float)
    features = np.hstack([np.ones((len(table), 1)), table[:, 3:]])
    for name, column in (("talked", 1), ("right", 2)):
        b = newton(features, table[:, column])
        print(f"{name} = {{ constant = {b[0]:.2f}, found = {b[1]:.2f}, near = {b[2]:.2f}, mass = {b[3]:.2f} }}")
        held = np.zeros(len(table))
        for number in np.unique(table[:, 0]):
            out = table[:, 0] == number
            held[out] = 1 / (1 + np.exp(-features[out] @ newton(features[~out], table[~out, column])))
        for low in (0.0, 0.2, 0.4, 0.6, 0.8):
            inside = (held >= low) & (held < low + 0.2 + 1e-9)
            if inside.any():
                print(
                    f"   said {held[inside].mean():.2f}   was {table[inside, column].mean():.2f}   "
                    f"({int(inside.sum())} bullets)"
                )
        if name == "talked":
            null = held < shipped().topics.least_talked
            absent, real = table[:, 1] == 0, table[:, 1] == 1
            print(
                f"   null: {null[absent].mean():.2f} of bullets that are not talked about, "
                f"{null[real].mean():.2f} of those that are"
            )


def newton(features: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    b = np.zeros(features.shape[1])
    pull = np.diag([0.0] + [1.0] * (features.shape[1] - 1))
    for _ in range(40):
        p = 1 / (1 + np.exp(-features @ b))
        bend = features.T @ (features * (p * (1 - p))[:, None]) + pull
        b = b - np.linalg.solve(bend, features.T @ (p - truth) + pull @ b)
    return b


def main() -> list[Figure]:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--ablate", action="store_true")
    ask.add_argument("--fit", action="store_true")
    args = ask.parse_args()
    if not DATA.is_file():
        sys.exit(f"{DATA} is not there: nothing to measure")
    data = meetings()
    print(f"{'hit@1':44}  in order  shuffled 7  mean of ten")
    show("as shipped", data)
    if args.ablate:
        ablate(data)
    if args.fit:
        fit(data)
    many = sum(len(bullets) for _, bullets in data)
    return [Figure(f"hit@1 of {many} bullets in page order, as shipped", f"{hit_rate(data):.3f}")]


if __name__ == "__main__":
    main()
