"""How often the candidates hold what a show's own editors chose, and the weights of the signals fitted on it.

    python tests/benchmarks/bench_picks.py                 the shipped weights, and weights fitted on the other shows
    python tests/benchmarks/bench_picks.py --ablate        what each signal brings
    python tests/benchmarks/bench_picks.py --fit           weights fitted on all shows, as lines for weights.toml

Reads ../shared/eval/picks-dev.jsonl.xz (its head says what it is) where it is there. Each show is measured with
weights that
were fitted on the others only (leave one show out).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import sys
import tomllib
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipper.episode.model import Episode
from clipper.highlights.find import setting_of
from clipper.highlights.model import Settings
from clipper.highlights.select import choose, measure, runs, standard, with_passage
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.weights import SHIPPED, shipped
from clipper.speech.model import Transcript, Word
from tests.benchmarks.figures import Figure

DATA = Path(__file__).resolve().parents[3] / "shared" / "eval" / "picks-dev.jsonl.xz"
MARKS = Path(__file__).resolve().parent / "sponsor_marks.json"
WORD_SECONDS = 0.4
SAMPLE = 500  # runs of an episode that are looked at when fitting
RIDGE = 4000.0  # strength of the pull towards the prior
SETTINGS = Settings(count=8, shortest=20.0, longest=60.0)


@dataclass
class Case:
    """One episode: its setting, its runs, their standardised values by signal, and where the editors' picks
    lie (seconds).
    """

    id: str
    show: str
    setting: Setting
    runs: Runs
    values: dict[str, NDArray[np.float64]]
    picks: list[float]

    @property
    def holds(self) -> NDArray[np.float64]:
        """1 for each run that holds the middle of a pick."""
        start = self.setting.talk.starts[self.runs.first]
        end = self.setting.talk.ends[self.runs.last - 1]
        return np.array([np.any([(start <= p) & (p < end) for p in self.picks], axis=0)]).reshape(-1).astype(float)


def transcript(row: dict) -> Transcript:
    """The row's words, each lasting 0.4 s."""
    said = row["text"].split()
    words = []
    for cue, (speaker, _, first, last) in enumerate(row["turns"]):
        for i in range(first, min(last, len(said))):
            start = round(i * WORD_SECONDS, 2)
            words.append(
                Word(
                    text=said[i],
                    start=start,
                    end=round(start + WORD_SECONDS, 2),
                    speaker=speaker,
                    cue=cue,
                    confidence=1.0,
                )
            )
    return Transcript(language=row["lang"][:2], duration=words[-1].end, words=tuple(words))


def case(row: dict) -> Case:
    """Everything about one row that does not depend on weights."""
    setting = setting_of(transcript(row), Episode(title=row["title"], description=row["description"]))
    found = runs(setting, SETTINGS)
    values = {name: standard(v) for name, v in measure(setting, found).items()}
    show = row["show"].lower().replace(" ", "-").replace(".", "")
    return Case(row["id"], show, setting, found, values, [(a + b) / 2 * WORD_SECONDS for a, b in row["picks"]])


def lift(cases: list[Case], scores: list[NDArray[np.float64]], count: int = 8) -> tuple[float, float, float]:
    """Share of picks found over share of the episode covered, and both shares."""
    found = picks = 0
    covered = 0.0
    for one, score in zip(cases, scores, strict=True):
        talk = one.setting.talk
        spans = [
            (talk.starts[one.runs.first[k]], talk.ends[one.runs.last[k] - 1])
            for k in choose(one.setting, one.runs, score, count)
        ]
        found += sum(any(a <= p < b for a, b in spans) for p in one.picks)
        picks += len(one.picks)
        covered += sum(b - a for a, b in spans) / talk.duration
    share = covered / len(cases)
    return found / picks / max(share, 1e-9), found / picks, share


def weigh(one: Case, weights: dict[str, float]) -> NDArray[np.float64]:
    """The weighted sum of one episode's runs."""
    own = np.asarray(sum((w * one.values[name] for name, w in weights.items()), start=np.zeros(len(one.runs))))
    return with_passage(one.setting, one.runs, own)


def fit(cases: list[Case], names: list[str], prior: dict[str, float], ridge: float = RIDGE) -> dict[str, float]:
    """Logistic regression of "holds a pick" on the signals, pulled towards the prior (Newton's method, every
    episode one voice).
    """
    steps = [max(1, len(c.runs) // SAMPLE) for c in cases]
    table = np.vstack([np.stack([c.values[n][::k] for n in names], axis=1) for c, k in zip(cases, steps, strict=True)])
    table = np.hstack([np.ones((len(table), 1)), table])
    holds = np.concatenate([c.holds[::k] for c, k in zip(cases, steps, strict=True)])
    voice = np.concatenate(
        [np.full(n, 600.0 / n) for c, k in zip(cases, steps, strict=True) if (n := len(c.holds[::k]))]
    )
    at = np.array([0.0] + [prior.get(n, 0.0) for n in names])
    pull = np.array([0.0] + [ridge] * len(names))
    b = at.copy()
    for _ in range(15):
        p = 1 / (1 + np.exp(-np.clip(table @ b, -30, 30)))
        slope = table.T @ (voice * (p - holds)) + pull * (b - at)
        bend = (table * (voice * p * (1 - p))[:, None]).T @ table + np.diag(pull + 1e-9)
        b -= np.linalg.solve(bend, slope)
    return dict(zip(names, b[1:].tolist(), strict=True))


def left_out(
    cases: list[Case], names: list[str], hand: dict[str, float], ridge: float = RIDGE
) -> list[NDArray[np.float64]]:
    """Scores of each episode by weights fitted on the other shows, and the weights set by hand."""
    by_show = {
        s: {**hand, **fit([c for c in cases if c.show != s], names, {}, ridge)} for s in sorted({c.show for c in cases})
    }
    return [weigh(c, by_show[c.show]) for c in cases]


def load(path: Path = DATA, limit: int = 0) -> list[Case]:
    """All episodes, worked out by two processes."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][: limit or None]
    with Pool(2) as pool:
        return pool.map(case, rows, chunksize=4)


def touched(cases: list[Case], scores: list[NDArray[np.float64]]) -> tuple[int, int]:
    """Clips that touch a marked sponsor read, and all clips, in the episodes that have marks."""
    marks = json.loads(MARKS.read_text(encoding="utf-8"))["marks"]
    bad = clips = 0
    for one, score in zip(cases, scores, strict=True):
        reads = marks.get(hashlib.sha256(one.id.encode()).hexdigest()[:12])
        for k in choose(one.setting, one.runs, score, SETTINGS.count) if reads else ():
            first = one.setting.talk.sentences[int(one.runs.first[k])].first
            last = one.setting.talk.sentences[int(one.runs.last[k]) - 1].last
            bad += any(a < last and first < b for a, b in reads)
            clips += 1
    return bad, clips


def main() -> list[Figure]:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--ablate", action="store_true")
    ask.add_argument("--fit", action="store_true")
    ask.add_argument("--limit", type=int, default=0)
    args = ask.parse_args()
    if not DATA.is_file():
        sys.exit(f"{DATA} is not there: nothing to measure")
    cases = load(limit=args.limit)
    rows = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["signals"]
    fitted = [n for n, row in rows.items() if row["fitted"] == "fitted" and row["weight"]]
    hand = {n: row["weight"] for n, row in rows.items() if row["fitted"] == "by hand"}
    everything = [weigh(c, shipped().signals) for c in cases]
    scores = left_out(cases, fitted, hand)
    print(f"{'':34}  lift  found covered   (8 clips of 20 to 60 s)")
    show_line("shipped weights (have seen all)", cases, everything)
    show_line("fitted on the other shows", cases, scores)
    for show in sorted({c.show for c in cases}):
        here = [i for i, c in enumerate(cases) if c.show == show]
        show_line(f"  {show[:26]} ({len(here)})", [cases[i] for i in here], [scores[i] for i in here])
    bad, clips = touched(cases, everything)
    print(f"{bad} of {clips} clips touch a sponsor read of sponsor_marks.json")
    if args.ablate:
        for name in [*fitted, *hand]:
            rest = {n: w for n, w in hand.items() if n != name}
            show_line(f"  without {name}", cases, left_out(cases, [n for n in fitted if n != name], rest))
    if args.fit:
        for name, value in fit(cases, fitted, {}).items():
            print(f"{name} = {{ weight = {value:.3f} }}")
    figures = [Figure("clips that touch a sponsor read", f"{bad} of {clips}")]
    for name, each in (("shipped weights (have seen all)", everything), ("weights fitted on the other shows", scores)):
        total, found, covered = lift(cases, each)
        told = f"lift {total:.2f}: {found:.3f} of the editors' picks in {covered:.3f} of the episodes"
        figures.append(Figure(f"{name}, {len(cases)} episodes", told))
    return figures


def show_line(name: str, cases: list[Case], scores: list[NDArray[np.float64]]) -> None:
    total, found, covered = lift(cases, scores)
    print(f"{name:34}  {total:.2f}  {found:.3f} {covered:.3f}", flush=True)


if __name__ == "__main__":
    main()
