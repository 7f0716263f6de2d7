"""The plan made from what the search found, with everything kept that a person changed or decided. Pure.

In: findings, the episode, and the plan of an earlier run; out: a plan. Ids stay with their passage and are never
given to another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clipper.episode.model import Episode
from clipper.highlights.model import Candidate, Findings, Sentence, TopicMatch
from clipper.plan.edits import Said
from clipper.plan.model import Clip, Format, Plan
from clipper.span import Span, clock

HALF = 0.5  # of the shorter one: from here on two clips are about the same passage


def propose(
    findings: Findings,
    episode: Episode,
    *,
    previous: Plan | None = None,
    picked: int | None = None,
    source: str = "",
    audio: str | None = None,
    cover: str | None = None,
    transcript: str | None = None,
    made_from: str = "",
    template: str | None = None,
    formats: tuple[Format, ...] | None = None,
    said: Said | None = None,
) -> Plan:
    """The plan for an episode.

    Args:
        findings: candidates in order of rank; they become c1, c2, ...
        previous: the plan that is there. Clips that a person touched (see Clip.touched) stay as they are, and what
            is proposed anew on the same passage is left out.
        picked: so many of the first clips are marked as picked, as far as nobody decided otherwise; None leaves all
            undecided.
        source: the episode as the producer named it.
        audio, cover, transcript, made_from: as in Plan.
        template, formats: as asked for now; None keeps those of `previous`.
        said: the words; with them a clip's text is what its cut holds, as it is when the plan is read again.
    """
    before = previous or Plan()
    kept = [c for c in before.clips if c.touched]
    free = max([before.last_id, *(_number(c.id) for c in before.clips)], default=0)
    clips: list[Clip] = []
    for candidate in findings.candidates:
        span = _hundredths(candidate.span)
        same = next((c for c in kept if _same_passage(c, span)), None)
        if same is not None:
            if same not in clips:
                clips.append(same)
            continue
        new = _clip(candidate, span, findings.sentences, episode, said)
        old = next((c for c in before.clips if c.proposed == new.proposed and _bare(c.text) == _bare(new.text)), None)
        if old is None:
            free += 1
        clips.append(new.changed(id=old.id if old else f"c{free}"))
    for place, clip in enumerate(before.clips):
        # Touched, but nothing like it was found this time: it stays about where it stood.
        if clip.touched and clip not in clips:
            clips.insert(min(place, len(clips)), clip)
    clips = _mark(clips, picked)
    return Plan(
        episode=source or before.episode,
        show=episode.show,
        number=episode.number if episode.number is not None and episode.number >= 0 else None,
        title=episode.title,
        guests=episode.guests,
        audio=audio if audio is not None else before.audio,
        cover=cover if cover is not None else before.cover,
        transcript=transcript if transcript is not None else before.transcript,
        made_from=made_from,
        template=template or before.template,
        formats=formats or before.formats,
        clips=tuple(clips),
        coverage=tuple(coverage(findings.topics, episode.topics, clips)),
        last_id=free,
    )


def added(
    plan: Plan, candidates: Sequence[Candidate], sentences: Sequence[Sentence], episode: Episode, said: Said, after: str
) -> tuple[Plan, tuple[str, ...]]:
    """The plan with further candidates behind the clip `after`, undecided and with ids of their own; and these ids."""
    free = max([plan.last_id, *(_number(c.id) for c in plan.clips)], default=0)
    new = [
        _clip(c, _hundredths(c.span), sentences, episode, said).changed(id=f"c{free + n}")
        for n, c in enumerate(candidates, 1)
    ]
    place = next((i for i, c in enumerate(plan.clips, 1) if c.id == after), len(plan.clips))
    clips = (*plan.clips[:place], *new, *plan.clips[place:])
    has = {c.id for c in plan.clips}
    rows = []
    for bullet, what in plan.coverage:
        mine = next((c.id for c in new if c.topic == bullet), None)
        rows.append((bullet, what if what in has or mine is None else mine))
    update = {"clips": clips, "coverage": tuple(rows), "last_id": free + len(new)}
    return plan.model_copy(update=update), tuple(c.id for c in new)


def coverage(topics: Sequence[TopicMatch], bullets: Sequence[str], clips: Sequence[Clip]) -> list[tuple[str, str]]:
    """A row for each bullet in page order: the bullet, and the id of its clip or why it has none."""
    matches = {t.topic: t for t in topics}
    return [(bullet, _covered(bullet, matches.get(bullet), clips)) for bullet in bullets or [t.topic for t in topics]]


def _covered(bullet: str, match: TopicMatch | None, clips: Sequence[Clip]) -> str:
    told = match is not None and bool(match.why)
    # what the search says has no clip may still have one that the producer made
    mine = [c for c in clips if c.topic == bullet and (c.touched or not told)]
    if match is not None and match.span is not None:
        place = match.span
        there = [
            c for c in clips if not c.trailer and c.span.overlap(place) > HALF * min(c.span.seconds, place.seconds)
        ]
        mine += [c for c in there if c not in mine and (c.touched or not told)]
    chosen = next((c for c in mine if c.picked is not False), None)
    if chosen is not None:
        return chosen.id
    if mine:
        return f"its clip {mine[0].id} was left out"
    if match is None:
        return "not looked for"
    if match.why:
        return match.why
    if match.span is None:
        return "not talked about, as far as the transcript shows"
    return f"talked about from {clock(match.span.start, 0)}, but no clip was chosen there"


def _clip(candidate: Candidate, span: Span, sentences: Sequence[Sentence], episode: Episode, said: Said | None) -> Clip:
    lines = [" ".join(s.text.split()) for s in sentences[candidate.first : candidate.last]]
    if said is not None and said.words:
        lines = said.text(span).split("\n")
    topic = candidate.topic
    return Clip(
        id="c0",
        title=candidate.title,
        hook=candidate.hook,
        span=span,
        proposed=span,
        text="\n".join(lines) or candidate.text,
        reasons=tuple(r.text for r in candidate.reasons),
        warnings=candidate.warnings,
        topic=episode.topics[topic] if topic is not None and 0 <= topic < len(episode.topics) else None,
        proposed_title=candidate.title,
        proposed_hook=candidate.hook or None,
    )


def _same_passage(kept: Clip, span: Span) -> bool:
    if kept.trailer:
        return False
    if kept.proposed == span:
        return True
    return kept.span.overlap(span) > HALF * min(kept.span.seconds, span.seconds)


def _mark(clips: list[Clip], picked: int | None) -> list[Clip]:
    """The first `picked` clips marked, those counted in that a person took; what a person decided stays."""
    if picked is None:
        return clips
    left = picked - sum(1 for c in clips if c.picked and c.touched)
    marked = []
    for clip in clips:
        if left > 0 and clip.picked is None:
            clip = clip.changed(picked=True, proposed_picked=True)
            left -= 1
        marked.append(clip)
    return marked


def _hundredths(span: Span) -> Span:
    """A hundredth is finer than any pause, and reads better."""
    return Span(start=round(span.start, 2), end=round(span.end, 2))


def _number(name: str) -> int:
    found = re.fullmatch(r"c(\d{1,9})", name, re.ASCII)
    return int(found[1]) if found else 0


def _bare(text: str) -> str:
    return " ".join(text.split())
