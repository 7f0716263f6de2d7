"""What a clip leaves out, what is left of it, and where each of its words is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipper.plan.edits import Said
from clipper.plan.model import Clip, Passage
from clipper.plan.passages import passage
from clipper.plan.pieces import Pieces, pieces
from clipper.plan.removals import offered, removals
from clipper.plan.tighten import Rules
from clipper.span import Span
from clipper.speech.model import Word

RULES = Rules.of(language="en")


def said(*rows: tuple[str, float, float]) -> Said:
    return Said(tuple(Word(text=t, start=a, end=b) for t, a, b in rows), (), rows[-1][2] + 2)


HESITANT = said(
    ("So,", 10.0, 10.3), ("uh,", 10.5, 10.8), ("we", 11.0, 11.1), ("drove", 11.1, 11.5), ("home.", 11.5, 12.0),
    ("It", 14.0, 14.1), ("was,", 14.1, 14.4), ("you", 14.6, 14.7), ("know,", 14.7, 15.0), ("late", 15.2, 15.5),
    ("and", 15.5, 15.7), ("you", 15.7, 15.9), ("know", 15.9, 16.1), ("the", 16.1, 16.2), ("road", 16.2, 16.6),
    ("is", 16.6, 16.7), ("long.", 16.7, 17.1), ("And", 18.6, 18.8), ("then", 18.8, 19.1), ("it", 19.1, 19.2),
    ("rang.", 19.2, 19.8), ("All", 19.9, 20.1), ("night.", 20.1, 20.5),
)  # fmt: skip


def clip(span: Span, **fields: object) -> Clip:
    return Clip.model_validate({"id": "c1", "title": "t", "span": span, "proposed": span, **fields})


WHOLE = clip(Span(start=9.8, end=20.8))


def drop(text: str, where: Clip = WHOLE) -> Clip:
    return where.changed(drop=(passage(text, HESITANT, where.span),))


def heard(made: Pieces, talk: Said = HESITANT) -> list[str]:
    return [w.text for w in talk.words if made.to_clip((w.start + w.end) / 2) is not None]


def test_a_clip_without_wishes_is_one_piece() -> None:
    made = pieces(WHOLE, removals(WHOLE, HESITANT))
    assert made == Pieces.whole(WHOLE.span)
    assert made.seconds == pytest.approx(11.0)
    assert made.joins == ()
    assert (made.to_clip(9.8), made.to_source(0.0)) == (0.0, 9.8)


def test_tightening_takes_the_uh_and_the_long_pause_and_leaves_the_one_before_the_punch_line() -> None:
    found = removals(WHOLE, HESITANT, RULES)
    assert [(r.kind, r.text) for r in found] == [("filler", "uh,"), ("pause", "It"), ("filler", "you know,")]
    made = pieces(WHOLE, found)
    words = heard(made)
    assert words == [w.text for i, w in enumerate(HESITANT.words) if i not in (1, 7, 8)]
    # 2 s between sentences become the natural pause; the 1.5 s before "And then it rang." are meant
    at = [made.to_clip(s) for s in (12.0 - 0.01, 14.0)]
    assert at[1] - at[0] == pytest.approx(RULES.natural + 0.01, abs=0.005)
    assert made.to_clip(18.6) - made.to_clip(17.09) == pytest.approx(18.6 - 17.09)


def test_you_know_stays_where_it_is_meant() -> None:
    assert "you know the" in " ".join(heard(pieces(WHOLE, removals(WHOLE, HESITANT, RULES))))


@pytest.mark.parametrize("text", ["uh @ 0:10.5", "you know @ 0:14.6", "home.", "It @ 0:14"])
def test_what_is_kept_comes_back_word_by_word(text: str) -> None:
    before = removals(WHOLE, HESITANT, RULES)
    kept = WHOLE.changed(keep=(passage(text, HESITANT, WHOLE.span),))
    after = removals(kept, HESITANT, RULES)
    assert len(after) == len(before) - 1
    assert set(after) < set(before)
    assert offered(kept, HESITANT, RULES) == before


def test_a_dropped_phrase_leaves_a_natural_pause_between_its_neighbours() -> None:
    made = pieces(drop("and you know the road is long"), removals(drop("and you know the road is long"), HESITANT))
    assert len(made.spans) == 2
    assert made.seconds < 11.0 - 1.6
    gap = made.to_clip(18.6) - made.to_clip(15.49)
    assert 0.1 < gap < 0.6


def test_dropped_at_an_edge_nothing_of_it_is_left() -> None:
    for text, first in (("So uh we drove home", "It"), ("And then it rang All night", "So,")):
        wish = drop(text)
        made = pieces(wish, removals(wish, HESITANT))
        assert len(made.spans) == 1
        assert heard(made)[0] == first
        assert not any(w in heard(made) for w in text.split())


def test_a_stretch_of_time_goes_to_the_hundredth() -> None:
    wish = drop("0:12.50 to 0:13.25")
    made = pieces(wish, removals(wish, HESITANT))
    assert [(s.start, s.end) for s in made.spans] == [(9.8, 12.5), (13.25, 20.8)]
    assert made.joins == pytest.approx((2.7,))


def test_without_a_transcript_times_still_work() -> None:
    wish = WHOLE.changed(drop=(passage("0:12.5 to 0:13", None, WHOLE.span),))
    assert len(pieces(wish, removals(wish, None)).spans) == 2


def test_a_trailer_plays_its_soundbites_in_its_own_order() -> None:
    bites = (Passage(text="b", spans=(Span(start=14, end=17.2),)), Passage(text="a", spans=(Span(start=10, end=12),)))
    made = pieces(clip(Span(start=10, end=17.2), soundbites=bites), separator=0.5, lead=1.0, tail=2.0)
    assert made.seconds == pytest.approx(1 + 3.2 + 0.5 + 2 + 2)
    assert (made.to_clip(14.0), made.to_clip(10.0)) == (1.0, pytest.approx(4.7))
    assert made.to_source(0.5) is None
    assert made.to_source(4.4) is None  # the separator
    assert made.joins == ()
    assert made.to_clip(13.0) is None


spans = st.lists(st.floats(0, 300), min_size=2, max_size=12, unique=True).map(sorted)


@given(spans, st.floats(0, 5), st.floats(0, 1))
def test_the_two_ways_lead_back(edges: list[float], lead: float, share: float) -> None:
    pairs = [Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=False) if b - a > 0.01]
    if not pairs:
        return
    made = Pieces(tuple(pairs), lead=lead)
    at = lead + (0.001 + 0.998 * share) * (made.seconds - lead)
    source = made.to_source(at)
    assert source is not None
    back = made.to_clip(source)
    assert back is not None
    assert back == pytest.approx(at, abs=1e-6)


@given(st.lists(st.tuples(st.floats(0, 0.8), st.floats(0.05, 0.6)), min_size=2, max_size=30), st.data())
def test_whatever_is_dropped_the_rest_is_heard_in_order_and_the_dropped_is_not(
    rows: list[tuple[float, float]], data: st.DataObject
) -> None:
    now, words = 1.0, []
    for number, (gap, length) in enumerate(rows):
        words.append(Word(text=f"w{number}" + "." * (number % 5 == 4), start=now + gap, end=now + gap + length))
        now += gap + length
    talk = Said(tuple(words), (), now + 1)
    gone = data.draw(st.sets(st.integers(0, len(words) - 1), max_size=len(words) - 1))
    where = clip(Span(start=0.9, end=now + 0.5))
    marks = tuple(Passage(text=f"w{i}", spans=(Span(start=words[i].start, end=words[i].end),)) for i in sorted(gone))
    made = pieces(where, removals(where.changed(drop=marks), talk))
    assert heard(made, talk) == [w.text for i, w in enumerate(words) if i not in gone]
    assert list(made.spans) == sorted(made.spans, key=lambda s: s.start)
    assert made.seconds <= where.span.seconds + 1e-9
