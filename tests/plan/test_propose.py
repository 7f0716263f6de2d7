"""What a second search may and may not do to a plan that somebody has worked on."""

from __future__ import annotations

from clipper.episode.model import Episode
from clipper.highlights.model import Candidate, Findings, Reason, TopicMatch
from clipper.plan.model import Clip, Plan
from clipper.plan.propose import propose
from clipper.span import Span
from tests.plan.talk import talk

SAID = talk()
S = SAID.sentences
BULLETS = ("How the bell fell", "Bread", "The holiday", "Weather")
PAGE = Episode(show="Harbour hour", number=42, title="Bells", guests=("Aoife Byrne",), topics=BULLETS)


def candidate(first: int, last: int, title: str = "", topic: int | None = None) -> Candidate:
    reason = Reason(signal="story", value=1, unit="words", evidence="bell", text=f"story {first}")
    return Candidate(
        span=Span(start=S[first].start - 0.1234, end=S[last - 1].end + 0.04321),
        first=first, last=last, text=" ".join(s.text for s in S[first:last]),
        title=title or f"Title {first}", reasons=(reason,), topic=topic, warnings=("music below",),
    )  # fmt: skip


def findings(*candidates: Candidate, topics: tuple[TopicMatch, ...] = ()) -> Findings:
    return Findings(sentences=tuple(S), candidates=candidates, topics=topics)


A, B, C = candidate(2, 5, topic=0), candidate(6, 8), candidate(8, 10, topic=2)


def ids(plan: Plan) -> list[str]:
    return [c.id for c in plan.clips]


def with_changes(plan: Plan, name: str, **fields: object) -> Plan:
    return plan.with_clip(next(c for c in plan.clips if c.id == name).changed(**fields))


def test_candidates_become_clips_in_order_of_rank() -> None:
    plan = propose(findings(B, A, C), PAGE, source="page.md", made_from="x")
    assert ids(plan) == ["c1", "c2", "c3"]
    assert [c.title for c in plan.clips] == ["Title 6", "Title 2", "Title 8"]
    first = plan.clips[1]
    assert first.text == "\n".join(s.text for s in S[2:5])
    assert first.reasons == ("story 2",)
    assert first.warnings == ("music below",)
    assert first.topic == "How the bell fell"
    assert first.span.start == round(A.span.start, 2)
    assert not any(c.touched for c in plan.clips)
    assert (plan.show, plan.number, plan.guests) == ("Harbour hour", 42, ("Aoife Byrne",))
    assert propose(findings(B, A, C), PAGE, said=SAID).clips[1].text == first.text


def test_find_leaves_all_undecided_and_make_takes_the_first_ones() -> None:
    assert [c.picked for c in propose(findings(A, B, C), PAGE).clips] == [None, None, None]
    made = propose(findings(A, B, C), PAGE, picked=2)
    assert [c.picked for c in made.clips] == [True, True, None]
    # What clipper marked by itself is no decision of the producer.
    assert not any(c.touched for c in made.clips)
    assert [c.picked for c in propose(findings(A, B, C), PAGE, picked=0).clips] == [None, None, None]


def test_taken_clips_count_and_left_ones_stay_left_when_make_runs_again() -> None:
    plan = propose(findings(A, B, C), PAGE)
    plan = with_changes(plan, "c1", picked=False)
    plan = with_changes(plan, "c3", picked=True)
    assert [c.picked for c in propose(findings(A, B, C), PAGE, previous=plan, picked=1).clips] == [False, None, True]
    assert [c.picked for c in propose(findings(A, B, C), PAGE, previous=plan, picked=2).clips] == [False, True, True]


def test_the_same_search_again_changes_nothing() -> None:
    plan = propose(findings(A, B, C), PAGE, source="page.md", made_from="x", picked=1)
    assert propose(findings(A, B, C), PAGE, previous=plan, made_from="x", picked=1) == plan


def test_every_kind_of_touch_keeps_a_clip_as_it_is() -> None:
    plan = propose(findings(A, B, C), PAGE, picked=2)
    longer = Span(start=plan.clips[0].span.start, end=plan.clips[0].span.end + 1)
    touches: list[dict[str, object]] = [
        {"title": "Mine"}, {"span": longer}, {"picked": False}, {"template": "quiet"}, {"formats": ("wide",)},
        {"picked": True, "proposed_picked": None},
    ]  # fmt: skip
    for touch in touches:
        changed = with_changes(plan, "c1", **touch)
        again = propose(findings(candidate(0, 2), candidate(8, 10)), PAGE, previous=changed)
        assert changed.clips[0] in again.clips, touch
        assert "c2" not in ids(again)
        assert len(again.clips) == 3


def test_a_proposal_on_a_passage_that_somebody_works_on_is_left_out() -> None:
    plan = with_changes(propose(findings(A, B), PAGE), "c1", title="Mine")
    again = propose(findings(candidate(3, 6), B, C), PAGE, previous=plan)
    assert [c.title for c in again.clips] == ["Mine", "Title 6", "Title 8"]
    # Half of it or less is another passage.
    apart = propose(findings(candidate(4, 7), C), PAGE, previous=plan)
    assert "Title 4" in [c.title for c in apart.clips]


def test_what_was_moved_elsewhere_is_not_proposed_again() -> None:
    plan = propose(findings(A), PAGE)
    plan = with_changes(plan, "c1", span=Span(start=S[8].start, end=S[9].end))
    assert ids(propose(findings(A), PAGE, previous=plan)) == ["c1"]


def test_an_id_is_never_given_to_another_passage() -> None:
    first = propose(findings(A, B, C), PAGE)
    second = propose(findings(B), PAGE, previous=first)
    assert ids(second) == ["c2"]
    third = propose(findings(candidate(0, 2), B, C), PAGE, previous=second)
    assert ids(third) == ["c4", "c2", "c5"]
    assert third.last_id == 5


def test_a_clip_of_the_producers_own_stays_about_where_it_stood() -> None:
    span = Span(start=S[0].start, end=S[1].end)
    own = Clip(id="mine", title="Hello", span=span, proposed=span, text="x")
    plan = propose(findings(A, B), PAGE)
    plan = plan.model_copy(update={"clips": (plan.clips[0], own, plan.clips[1])})
    assert ids(propose(findings(A, B, C), PAGE, previous=plan)) == ["c1", "mine", "c2", "c3"]


def test_a_new_title_for_the_same_passage_is_taken_over_under_the_same_id() -> None:
    plan = propose(findings(A), PAGE)
    again = propose(findings(candidate(2, 5, "Better", topic=0)), PAGE, previous=plan)
    assert (again.clips[0].id, again.clips[0].title, again.clips[0].proposed_title) == ("c1", "Better", "Better")


def test_every_bullet_says_which_clip_it_has_or_why_none() -> None:
    topics = (
        TopicMatch(topic=BULLETS[0], span=Span(start=S[2].start, end=S[4].end), confidence=0.9),
        TopicMatch(topic=BULLETS[1], span=Span(start=S[6].start, end=S[7].end), confidence=0.5),
        TopicMatch(topic=BULLETS[2], span=Span(start=S[8].start, end=S[8].end), confidence=0.5),
        TopicMatch(topic=BULLETS[3]),
    )
    plan = propose(findings(A, B, topics=topics), PAGE)
    assert plan.coverage == (
        ("How the bell fell", "c1"),
        ("Bread", "c2"),  # by its place: nobody said that the clip is about bread
        ("The holiday", "talked about from 0:17, but no clip was chosen there"),
        ("Weather", "not talked about, as far as the transcript shows"),
    )
    left = propose(findings(A, B, topics=topics), PAGE, previous=with_changes(plan, "c1", picked=False))
    assert left.coverage[0] == ("How the bell fell", "its clip c1 was left out")
    assert [row[1] for row in propose(findings(A), PAGE).coverage] == [
        "c1",
        "not looked for",
        "not looked for",
        "not looked for",
    ]


def test_a_page_without_topics_gives_a_plan_without_coverage() -> None:
    plan = propose(findings(A), Episode())
    assert plan.coverage == ()
    assert plan.clips[0].topic is None


def test_options_that_are_not_given_keep_what_the_plan_says() -> None:
    plan = propose(findings(A), PAGE, source="page.md", audio="a.mp3", template="quiet", formats=("wide",))
    again = propose(findings(A), PAGE, previous=plan)
    assert (again.episode, again.audio, again.template, again.formats) == ("page.md", "a.mp3", "quiet", ("wide",))
    assert propose(findings(A), PAGE, previous=plan, template="loud").template == "loud"
