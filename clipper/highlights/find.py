"""The front door of the room. In: transcript, episode, settings; out: `Findings`. Pure:
the same input gives the same list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from clipper.episode.model import Episode
from clipper.errors import InputError
from clipper.highlights.about import about, called_by
from clipper.highlights.boundaries import air, closure, cut, ending, opening
from clipper.highlights.cold_open import cold_open
from clipper.highlights.coverage import uncovered
from clipper.highlights.explain import Explainer
from clipper.highlights.feed_times import checked
from clipper.highlights.hooks import hook
from clipper.highlights.known import Passage, repeats
from clipper.highlights.model import Candidate, Findings, Reason, Settings
from clipper.highlights.sections import sections
from clipper.highlights.select import choose, measure, runs, score, standard, with_passage
from clipper.highlights.sense import sense
from clipper.highlights.signals import SIGNALS, Setting
from clipper.highlights.signals.base import Runs
from clipper.highlights.talk import Floats, SoundFacts, prepare
from clipper.highlights.titles import title
from clipper.highlights.topics import match
from clipper.highlights.warnings import warnings
from clipper.highlights.weights import Weights, shipped
from clipper.speech.model import Transcript

REASONS = 4  # told for each candidate


@dataclass(frozen=True, slots=True)
class Ranked:
    """Every run of whole sentences that may be a clip, and what orders them.

    Attributes:
        found: the runs, shape (m,).
        values: of each signal for each run, in its own unit.
        scores: the sum that orders them, shape (m,).
        weights: of the signals.
        before: for each run why it is not to be offered again, "" where nothing speaks against it, length m.
        notes: what was left out for that.
    """

    found: Runs
    values: dict[str, Floats]
    scores: Floats
    weights: Weights
    before: tuple[str, ...]
    notes: tuple[str, ...] = ()


def find(
    transcript: Transcript,
    episode: Episode,
    settings: Settings | None = None,
    *,
    weights: Weights | None = None,
    sound: SoundFacts | None = None,
    known: Sequence[Passage] = (),
) -> Findings:
    """Sentences, candidates in order of rank, and the passage of each bullet.

    Args:
        transcript: words with their times; as long as it likes.
        episode: what the page says; may be empty.
        settings: how many candidates, and how long.
        weights: of the signals; the shipped ones by default.
        sound: facts of the sound for signals that need it.
        known: what was used or refused before and is not offered again.

    Raises:
        InputError: no words, or an episode shorter than the shortest clip asked for.
    """
    settings = settings or Settings()
    if not any(c.isalnum() for w in transcript.words for c in w.text):
        raise InputError(
            "no speech found in this episode",
            "check that the audio holds speech and that the language is right (--language)",
        )
    parts_notes: list[str] = []
    setting = setting_of(transcript, episode, sound, parts_notes)
    talk = setting.talk
    if talk.duration < settings.shortest:
        raise InputError(
            f"the episode lasts {talk.duration:.0f} s, shorter than the shortest clip asked for "
            f"({settings.shortest:g} s)",
            f"ask for shorter clips, for example --min {max(1, int(talk.duration // 2))}",
        )
    notes = []
    if not talk.lang.known:
        notes.append(
            f"there are no word lists for the language “{talk.lang.code}”: chosen by signals that need none, "
            "openings and advertisements are not checked by words"
        )
    notes += parts_notes
    ranked = rank(setting, settings, weights or shipped(), known)
    candidates = _candidates(setting, settings, ranked, notes)
    why = uncovered(setting, settings, ranked.found, ranked.scores, candidates, ranked.before)
    matches = setting.topics.matches
    first = {m.topic: k for k, m in reversed(list(enumerate(matches)))}  # a bullet that stands twice has one answer
    topics = tuple(m.model_copy(update={"why": why[first[m.topic]]}) for m in matches)
    return Findings(sentences=talk.sentences, candidates=candidates, topics=topics, notes=tuple(notes))


def setting_of(
    transcript: Transcript, episode: Episode, sound: SoundFacts | None = None, notes: list[str] | None = None
) -> Setting:
    """All that the signals may look at; what the producer should know of it is added to `notes`."""
    talk = prepare(transcript, episode, sound)
    cold, feed = cold_open(talk), checked(talk)
    parts = sections(talk, cold)
    if notes is not None:
        notes += [*parts.notes, *([feed.note] if feed.note else [])]
    meaning = sense(talk)
    return Setting(
        talk=talk, topics=match(episode.topics, talk), kinds=parts.kinds, sense=meaning, cold_open=cold, feed=feed,
        made=closure(talk, meaning, parts.kinds),
    )  # fmt: skip


def rank(setting: Setting, settings: Settings, weights: Weights, known: Sequence[Passage] = ()) -> Ranked:
    """Every run within the band, measured, scored, and compared with what was used or refused before."""
    found = runs(setting, settings)
    if not len(found):
        return Ranked(found, {}, np.zeros(0), weights, ())
    values = measure(setting, found)
    scores = with_passage(setting, found, score(values, weights))
    which, heard = repeats(setting.talk, found, known)
    before = tuple(heard[k].why if k >= 0 else "" for k in which.tolist())
    told_why = list(dict.fromkeys(passage.why for passage in heard))
    shown = "; ".join(told_why[:3]) + ("; ..." if len(told_why) > 3 else "")
    what = "a passage is" if len(told_why) == 1 else f"{len(told_why)} passages are"
    notes = (f"{what} not offered again: {shown}",) if told_why else ()
    return Ranked(found, values, scores, weights, before, notes)


def _candidates(setting: Setting, settings: Settings, ranked: Ranked, notes: list[str]) -> tuple[Candidate, ...]:
    if settings.count <= 0:
        return ()
    notes += ranked.notes
    if not len(ranked.found):
        notes.append(
            f"no run of whole sentences between {settings.shortest:g} and {settings.longest:g} s opens and "
            f"ends well: widen --min and --max"
            + ("" if setting.talk.written else ", or take a larger --model: this transcript lacks full stops")
        )
        return ()
    fresh = np.flatnonzero([not why for why in ranked.before])
    open_ = Runs(ranked.found.first[fresh], ranked.found.last[fresh])
    chosen = [int(fresh[k]) for k in choose(setting, open_, ranked.scores[fresh], settings.count)]
    if len(chosen) < settings.count:
        notes.append(
            f"{len(chosen)} of {settings.count} clips: the rest of the episode has no other passage that "
            f"would stand alone"
        )
    return told(setting, ranked, chosen)


def told(setting: Setting, ranked: Ranked, chosen: Sequence[int], taken: Collection[str] = ()) -> tuple[Candidate, ...]:
    """The candidates for runs of these numbers, in this order; none has a title of `taken`."""
    found, values, weights, scores = ranked.found, ranked.values, ranked.weights, ranked.scores
    spans = [(int(found.first[k]), int(found.last[k])) for k in chosen]
    subjects = [about(setting, first, last) for first, last in spans]
    parts = {name: weights.signals.get(name, 0.0) * standard(v) for name, v in values.items()}
    explainer = Explainer(setting, values, weights)
    out: list[Candidate] = []
    for k, (first, last), (topic, _), called in zip(
        chosen, spans, subjects, called_by(setting, spans, subjects), strict=True
    ):
        before, after = air(setting.talk, first, last)
        name = title(setting, first, last, topic, called, [*taken, *(c.title for c in out)])
        out.append(
            Candidate(
                span=cut(setting.talk, first, last),
                first=first,
                last=last,
                text=" ".join(s.text for s in setting.talk.sentences[first:last]),
                title=name,
                hook=hook(setting, first, last, topic, name),
                reasons=_reasons(setting, first, last, values, parts, k),
                topic=topic,
                score=round(float(scores[k]), 4),
                parts=explainer.parts(k, first, last),
                opens=f"{opening(setting.talk, first)}, {before:.2f} s of air",
                ends=f"{ending(setting.talk, last)}, {after:.2f} s of air",
                warnings=warnings(setting, first, last),
            )
        )
    return tuple(out)


def _reasons(
    setting: Setting, first: int, last: int, values: dict[str, Floats], parts: dict[str, Floats], k: int
) -> tuple[Reason, ...]:
    """The signals that lifted this run most, strongest first."""
    order = sorted(parts, key=lambda name: (-parts[name][k], name))
    out: list[Reason] = []
    for name in order:
        signal, value = SIGNALS[name], float(values[name][k])
        if (parts[name][k] <= 0.0 and out) or len(out) == REASONS:
            break
        evidence = signal.evidence(setting, first, last) if value else ""
        if not value or (name == "topic" and not evidence):
            continue
        out.append(
            Reason(
                signal=name,
                value=round(float(np.float64(value)), 3),
                unit=signal.unit,
                evidence=evidence,
                text=signal.say(value, evidence),
            )
        )
    return tuple(out)
