"""Why a bullet of the page has no clip: each reason is true and names what can be looked up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clipper.episode.model import Episode
from clipper.highlights.coverage import uncovered
from clipper.highlights.find import find, rank, setting_of
from clipper.highlights.known import Passage
from clipper.highlights.model import Candidate, Findings, Settings
from clipper.highlights.weights import shipped
from clipper.span import Span

from .talks import said, stories

ABOUT_BELLS = (
    "The bell was cast from old copper coins. A smith tuned the bell with a lathe for a year. "
    "Every bell in this valley rings five notes at once. The copper came from a church that had burned. "
    "People heard the bell as far as the river. Copper and tin make the bell sing for two minutes. "
    "The smith kept a splinter of the copper bell in his drawer. No other bell in the country sounds like it. "
)
ADVERTISEMENT = (
    "This episode is brought to you by Otterwick Socks. Otterwick knits merino socks with double heels. "
    "Merino socks keep your feet warm and the heels never tear. Go to otterwick dot com slash tower and use the code "
    "LADDER for ten percent off merino socks. That is otterwick dot com slash tower. "
)


def why(findings: Findings, bullet: str) -> str:
    return next(t.why for t in findings.topics if t.topic == bullet)


def test_a_bullet_with_a_clip_needs_no_reason() -> None:
    findings = find(said(stories(60) + " " + ABOUT_BELLS + stories(60, 2)), Episode(topics=("The copper bell",)))
    assert any(c.topic == 0 for c in findings.candidates)
    assert why(findings, "The copper bell") == ""


def test_a_bullet_of_which_no_word_is_said_was_never_talked_about() -> None:
    findings = find(said(stories(120)), Episode(topics=("Quantum mortgages", "", "the and of")))
    assert why(findings, "Quantum mortgages") == "never talked about: none of its words is said"
    assert why(findings, "") == why(findings, "the and of") == "it has no word that could be looked for"


def test_a_bullet_named_once_was_named_in_passing_at_that_second() -> None:
    talk = said(stories(60) + " Nobody asked the zeppelin. " + stories(60, 2))
    at = next(w.start for w in talk.words if w.text == "zeppelin.")
    findings = find(talk, Episode(topics=("Zeppelin",)))
    assert why(findings, "Zeppelin").startswith("only named in passing, at ")
    assert why(findings, "Zeppelin").endswith(f"{int((at - 1.2) // 60)}:{int((at - 1.2) % 60):02d}")


def test_a_bullet_about_the_sponsor_is_said_only_in_the_advertisement() -> None:
    findings = find(
        said(stories(60) + " " + ADVERTISEMENT + stories(60, 2)), Episode(topics=("Merino socks by Otterwick",))
    )
    assert "only in the sponsor read" in why(findings, "Merino socks by Otterwick")


def reason(text: str, bullet: str, span: Span | None = None, **fields: Any) -> str:
    """Why a bullet whose passage is at `span` has no clip where the search chose these candidates."""
    setting = setting_of(said(text), Episode(topics=(bullet,)))
    match = setting.topics.matches[0].model_copy(update={"span": span or setting.topics.matches[0].span})
    setting = replace(setting, topics=replace(setting.topics, matches=(match,)))
    settings = Settings(count=8, **{k: v for k, v in fields.items() if k in ("shortest", "longest")})
    ranked = rank(setting, settings, shipped(), fields.get("known", ()))
    return uncovered(setting, settings, ranked.found, ranked.scores, fields.get("candidates", ()), ranked.before)[0]


TEXT = stories(60) + " " + ABOUT_BELLS + stories(60, 2)
BELLS = Span(start=60 * 4.4, end=60 * 4.4 + 28)


def clip(start: float, end: float, score: float = 9.0) -> Candidate:
    return Candidate(span=Span(start=start, end=end), first=0, last=1, text="x", title="x", score=score)


def test_a_bullet_talked_about_for_less_than_a_clip_says_for_how_long() -> None:
    told = reason(ABOUT_BELLS, "The copper bell", Span(start=8.0, end=16.0), shortest=100.0, longest=101.0)
    assert told == "talked about only for 8 s, 0:08 to 0:16, less than a clip of 100 s"


def test_a_passage_that_another_clip_runs_into_names_that_clip() -> None:
    told = reason(TEXT, "The copper bell", BELLS, candidates=[clip(BELLS.start - 40, BELLS.start + 60)])
    assert "runs into the clip at 3:44, which was stronger" in told


def test_stronger_passages_elsewhere_are_counted() -> None:
    eight = [clip(i * 20.0, i * 20.0 + 15) for i in range(8)]
    told = reason(TEXT, "The copper bell", BELLS, candidates=eight)
    assert told == "talked about, 4:24 to 4:52, but 8 other passages were stronger: ask for more with --count"


def test_a_passage_that_was_refused_says_so() -> None:
    known = [Passage(TEXT, "you left it out (c1 in out/clips.yaml)")]
    told = reason(TEXT, "The copper bell", BELLS, known=known, longest=30.0)
    assert told == "talked about, 4:24 to 4:52, but you left it out (c1 in out/clips.yaml)"


def test_a_passage_where_nothing_opens_well_says_so() -> None:
    rambling = "and so the bell and the copper of it that he and she had " * 30
    told = reason(stories(60) + " " + rambling + ". " + stories(60, 2), "The copper bell", Span(start=270.0, end=400.0))
    assert "no run of whole sentences there opens and ends well" in told


def test_where_no_clip_is_asked_for_it_says_that() -> None:
    findings = find(
        said(stories(60) + " " + ABOUT_BELLS + stories(60, 2)),
        Episode(topics=("The copper bell", "Zeppelins")),
        Settings(count=0),
    )
    assert why(findings, "The copper bell") == "no clip was asked for"
    assert why(findings, "Zeppelins") == "never talked about: none of its words is said"
