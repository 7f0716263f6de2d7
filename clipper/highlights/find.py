"""The front door of the room. In: transcript, episode, settings; out: `Findings`. Pure:
the same input gives the same list.
"""

from __future__ import annotations

import numpy as np

from clipper.episode.model import Episode
from clipper.errors import InputError
from clipper.highlights.about import about, called_by
from clipper.highlights.boundaries import air, cut, ending, opening
from clipper.highlights.cold_open import cold_open
from clipper.highlights.feed_times import checked
from clipper.highlights.model import Candidate, Findings, Reason, Settings
from clipper.highlights.sections import sections
from clipper.highlights.select import choose, measure, runs, score, standard, with_passage
from clipper.highlights.sense import sense
from clipper.highlights.signals import SIGNALS, Setting
from clipper.highlights.talk import Floats, SoundFacts, prepare
from clipper.highlights.titles import title
from clipper.highlights.topics import match
from clipper.highlights.weights import Weights, shipped
from clipper.speech.model import Transcript

REASONS = 4  # told for each candidate


def find(
    transcript: Transcript,
    episode: Episode,
    settings: Settings | None = None,
    *,
    weights: Weights | None = None,
    sound: SoundFacts | None = None,
) -> Findings:
    """Sentences, candidates in order of rank, and the passage of each bullet.

    Args:
        transcript: words with their times; as long as it likes.
        episode: what the page says; may be empty.
        settings: how many candidates, and how long.
        weights: of the signals; the shipped ones by default.
        sound: facts of the sound for signals that need it.

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
    candidates = _candidates(setting, settings, weights or shipped(), notes)
    return Findings(sentences=talk.sentences, candidates=candidates, topics=setting.topics.matches, notes=tuple(notes))


def setting_of(
    transcript: Transcript, episode: Episode, sound: SoundFacts | None = None, notes: list[str] | None = None
) -> Setting:
    """All that the signals may look at; what the producer should know of it is added to `notes`."""
    talk = prepare(transcript, episode, sound)
    cold, feed = cold_open(talk), checked(talk)
    parts = sections(talk, cold)
    if notes is not None:
        notes += [*parts.notes, *([feed.note] if feed.note else [])]
    return Setting(
        talk=talk, topics=match(episode.topics, talk), kinds=parts.kinds, sense=sense(talk), cold_open=cold, feed=feed
    )


def _candidates(setting: Setting, settings: Settings, weights: Weights, notes: list[str]) -> tuple[Candidate, ...]:
    if settings.count <= 0:
        return ()
    found = runs(setting, settings)
    if not len(found):
        notes.append(
            f"no run of whole sentences between {settings.shortest:g} and {settings.longest:g} s opens and "
            f"ends well: widen --min and --max"
        )
        return ()
    values = measure(setting, found)
    scores = with_passage(setting, found, score(values, weights))
    chosen = choose(setting, found, scores, settings.count)
    spans = [(int(found.first[k]), int(found.last[k])) for k in chosen]
    subjects = [about(setting, first, last) for first, last in spans]
    if len(chosen) < settings.count:
        notes.append(
            f"{len(chosen)} of {settings.count} clips: the rest of the episode has no other passage that "
            f"would stand alone"
        )
    parts = {name: weights.signals.get(name, 0.0) * standard(v) for name, v in values.items()}
    out: list[Candidate] = []
    for k, (first, last), (topic, _), called in zip(
        chosen, spans, subjects, called_by(setting, spans, subjects), strict=True
    ):
        before, after = air(setting.talk, first, last)
        out.append(
            Candidate(
                span=cut(setting.talk, first, last),
                first=first,
                last=last,
                text=" ".join(s.text for s in setting.talk.sentences[first:last]),
                title=title(setting, first, last, topic, called, [c.title for c in out]),
                reasons=_reasons(setting, first, last, values, parts, k),
                topic=topic,
                score=round(float(scores[k]), 4),
                opens=f"{opening(setting.talk, first)}, {before:.2f} s of air",
                ends=f"{ending(setting.talk, last)}, {after:.2f} s of air",
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
        if not value:
            continue
        evidence = signal.evidence(setting, first, last)
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
