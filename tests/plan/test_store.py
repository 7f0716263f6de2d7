"""clips.yaml as a producer meets it: read, edited, written again, and told what is wrong with it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clipper.errors import InputError, MissingError
from clipper.plan import store
from clipper.plan.edits import closing_cut, opening_cut
from clipper.plan.model import FORMATS, SCHEMA, Clip, Plan
from clipper.plan.yamltext import MAX_BYTES
from clipper.span import Span
from tests.plan.talk import talk

SAID = talk()
BASELINES = Path(__file__).parent / "baselines"


def clip(number: int = 1, first: int = 2, last: int = 5, **fields: object) -> Clip:
    """A proposal of sentences `first` up to `last` of the talk."""
    words, sentences = SAID.words, SAID.sentences
    start = opening_cut(words, sentences[first].first)
    end = closing_cut(words, sentences[last - 1].last - 1)
    span = Span(start=round(start, 2), end=round(end, 2))
    values: dict[str, object] = {
        "id": f"c{number}", "title": "The night the bell fell", "span": span, "proposed": span,
        "text": "\n".join(s.text for s in sentences[first:last]), "reasons": ("tells a story", "has the word “night”"),
        "topic": "How the bell fell", "proposed_title": "The night the bell fell",
    }  # fmt: skip
    return Clip.model_validate({**values, **fields})


def plan(*clips: Clip) -> Plan:
    return Plan(
        episode="page.md", show="Harbour hour", number=42, title="Aoife: bells, bread & “more”",
        guests=("Aoife Byrne", "Ng, Li"), audio="../episode.mp3", cover="cover.jpg", transcript="transcript.json",
        made_from="0f" * 16, clips=clips or (clip(1), clip(2, 5, 8)), last_id=2,
        coverage=(("How the bell fell", "c1"), ("Bread: why?", "not talked about, as far as the transcript shows")),
    )  # fmt: skip


def text_of(folder: Path) -> str:
    return (folder / "clips.yaml").read_text(encoding="utf-8")


def edit(folder: Path, old: str, new: str) -> None:
    text = text_of(folder)
    assert old in text
    (folder / "clips.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")


def problem(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        store.load(folder, SAID)
    return caught.value


def line_of(folder: Path, part: str) -> int:
    return next(i for i, line in enumerate(text_of(folder).split("\n"), 1) if part in line)


# --- the file as it is first written


def test_a_new_plan_reads_well_and_says_what_may_be_changed(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    text = text_of(tmp_path)
    header = [line for line in text.split("\n") if line.startswith("#")]
    assert 6 <= len(header) <= 12
    assert "schema: 1\n" in text
    assert 'guests: [Aoife Byrne, "Ng, Li"]' in text
    assert """\
clips:
  - id: c1
    picked:
    title: The night the bell fell
    start: 0:05.05
    end: 0:11.45
    sentences: |-
      I was eleven the night the bell fell.
      Nobody in the village slept.
      My mother, she said: don’t touch it!
    reasons:
      - tells a story
      - has the word “night”
    topic: How the bell fell
    proposed: {start: 0:05.05, end: 0:11.45, title: The night the bell fell}

  - id: c2
""" in text  # fmt: skip
    assert store.load(tmp_path, SAID) == plan()
    assert store.load(tmp_path) == plan()


def test_saving_the_same_plan_again_does_not_touch_the_file(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    before = (tmp_path / "clips.yaml").stat()
    store.save(plan(), tmp_path)
    after = (tmp_path / "clips.yaml").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_plan_without_clips_is_a_plan(tmp_path: Path) -> None:
    store.save(Plan(), tmp_path)
    assert store.load(tmp_path) == Plan()
    store.save(plan(), tmp_path)
    assert store.load(tmp_path) == plan()
    store.save(plan().model_copy(update={"clips": ()}), tmp_path)
    assert store.load(tmp_path).clips == ()


def test_the_frozen_plan_of_schema_1_still_opens() -> None:
    folder = BASELINES / "schema-1"
    found = store.load(folder, SAID)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert found == Plan.model_validate(expected)  # keys that came later are at rest


def test_an_older_schema_is_brought_up_step_by_step_with_its_comments(tmp_path: Path) -> None:
    from clipper.plan.yamltext import parse

    def renamed(data: dict[str, object]) -> None:
        data["show"] = data.pop("podcast")

    def added(data: dict[str, object]) -> None:
        data["number"] = "7"

    data = parse("# mine\nschema: 1\npodcast: Harbour hour # really\n", tmp_path / "clips.yaml")
    text = store.upgraded(data, 1, 3, {1: renamed, 2: added})
    assert text.startswith("# mine\nschema: 3\n")
    assert "show: Harbour hour" in text
    assert "number: 7" in text
    # Every step up to the present one exists.
    assert set(store.MIGRATIONS) == set(range(1, SCHEMA))


# --- what a producer edits


@pytest.mark.parametrize(
    ("start", "opens"),
    [
        ('"was it the same bell"', "Was"),
        ("was it the same bell", "Was"),
        ("-1 sentence", "And"),
        ('"+1 sentence"', "It"),
        ("0:02.50", "Today"),
        ("2.9", "Today"),
    ],
)
def test_a_start_may_be_put_in_every_form_and_stays_as_it_was_put(tmp_path: Path, start: str, opens: str) -> None:
    # The proposal starts with sentence 6; "-1 sentence" is sentence 5.
    store.save(plan(clip(1, 6, 8)), tmp_path)
    line = next(x for x in text_of(tmp_path).split("\n") if x.startswith("    start:"))
    edit(tmp_path, line, f"    start: {start}   # earlier, please")
    found = store.load(tmp_path, SAID)
    assert SAID.words[SAID.word_at(found.clips[0].span.start)].text == opens
    store.save(found, tmp_path)
    assert f"    start: {start}   # earlier, please\n" in text_of(tmp_path)
    assert store.load(tmp_path, SAID) == found
    # What is said follows the edge.
    assert found.clips[0].text == SAID.text(found.clips[0].span)
    assert found.clips[0].touched == (found.clips[0].span != found.clips[0].proposed)


def test_a_wish_gives_way_when_the_edge_is_moved_elsewhere(tmp_path: Path) -> None:
    store.save(plan(clip(1, 6, 8)), tmp_path)
    edit(tmp_path, "end: 0:17.35", "end: +1 sentence # longer")
    found = store.load(tmp_path, SAID)
    moved = found.clips[0].changed(span=Span(start=found.clips[0].span.start, end=19.0))
    store.save(found.with_clip(moved), tmp_path)
    assert "    end: 0:19.00" in text_of(tmp_path)
    assert "# longer" in text_of(tmp_path)


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("yes", True), ("No", False), ("false", False), ("", None), ("null", None), ('"true"', True)],
)
def test_picked_takes_what_people_write(tmp_path: Path, word: str, value: bool | None) -> None:
    store.save(plan(), tmp_path)
    edit(tmp_path, "picked:\n", f"picked: {word}\n")
    found = store.load(tmp_path)
    assert found.clips[0].picked is value
    before = text_of(tmp_path)
    store.save(found, tmp_path)
    assert text_of(tmp_path) == before


def test_a_title_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    for title in ("1:30", "2024-13-45", "yes", "0x1F", "1e999", "9" * 5000, "12", "- no list"):
        store.save(plan(clip(title="Something else")), tmp_path)
        edit(tmp_path, "title: Something else", f"title: {title if title[0] != '-' else repr(title)}")
        assert store.load(tmp_path).clips[0].title == title


def test_a_clip_of_ones_own_needs_only_an_id_and_two_edges(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    own = '  - id: mine\n    start: "nobody touched it"\n    end: the same bell\n    picked: yes\n\ncoverage:'
    edit(tmp_path, "coverage:", own)
    found = store.load(tmp_path, SAID)
    mine = found.clips[-1]
    assert mine.title == "… nobody touched it for twenty-one years."
    assert SAID.words[SAID.word_at(mine.span.end) - 1].text == "bell?"
    assert mine.touched
    assert mine.picked
    store.save(found, tmp_path)
    assert store.load(tmp_path, SAID) == found
    assert "proposed" not in text_of(tmp_path).split("id: mine")[1]


def test_an_emptied_edge_goes_back_to_the_proposal(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    edit(tmp_path, "start: 0:05.05", "start:")
    assert store.load(tmp_path).clips[0].span == plan().clips[0].proposed


def test_a_hook_is_the_headline_and_may_be_changed_or_emptied(tmp_path: Path) -> None:
    first = clip(hook="Who rang the bell?", proposed_hook="Who rang the bell?")
    store.save(plan(first, clip(2, 5, 8)), tmp_path)
    read = store.load(tmp_path, SAID)
    assert [c.headline for c in read.clips] == ["Who rang the bell?", "The night the bell fell"]
    assert not read.clips[0].touched
    assert "hook" not in text_of(tmp_path).split("id: c2")[1].split("proposed")[0], "an empty hook is not written"
    edit(tmp_path, 'hook: "Who rang the bell?"' if 'hook: "Who' in text_of(tmp_path) else "hook: Who rang the bell?",
         "hook: Nobody rang it  # better")  # fmt: skip
    changed = store.load(tmp_path, SAID)
    assert changed.clips[0].hook == "Nobody rang it"
    assert changed.clips[0].touched
    store.save(changed, tmp_path)
    assert "hook: Nobody rang it  # better" in text_of(tmp_path)
    edit(tmp_path, "hook: Nobody rang it", "hook:")
    assert store.load(tmp_path, SAID).clips[0].headline == "The night the bell fell"
    assert store.load(tmp_path, SAID).clips[0].touched


def test_captions_may_be_written_anew_and_stay_as_they_were_put(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    assert "captions" not in text_of(tmp_path).split("id: c1")[1]
    edit(tmp_path, "    reasons:", '    captions: "*I was eleven* the night"  # mine\n    reasons:')
    read = store.load(tmp_path, SAID)
    assert read.clips[0].captions == "*I was eleven* the night"
    assert read.clips[0].touched
    store.save(read.with_clip(read.clips[0].changed(picked=True)), tmp_path)
    assert '    captions: "*I was eleven* the night"  # mine\n' in text_of(tmp_path)
    edit(tmp_path, '"*I was eleven* the night"', "*I was eleven* the night")
    assert "quotes" in problem(tmp_path).mend  # a star outside of quotes means something else in YAML


def test_formats_of_one_clip(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    edit(tmp_path, "    topic:", "    formats: [wide, vertical]\n    topic:")
    found = store.load(tmp_path)
    assert found.clips[0].formats == ("wide", "vertical")
    assert found.clips[0].touched
    store.save(found, tmp_path)
    assert "formats: [wide, vertical]" in text_of(tmp_path)


# --- comments and order


COMMENTED = """\
# The clips of this episode.

# ours: checked by Ann
schema: 1
title: 'Bells' # from the page

formats:
- wide   # only wide this week
- square

clips:   # best first
# all of these were heard on Monday

# Ann likes this one
- title: The night  # short!
  id: c2
  # hm
  picked:      # ask Bob
  start: 0:05.05
  end: 11.45   # by ear
  sentences: >
    I was eleven
    the night the bell fell.
  # the reasons are fine
  reasons: [one, two]  # so so
  proposed:
    start: 5.05
    end: 0:11.45   # as it was
    title: The night


# Bob likes this one
- id: c1
  title: "Bread"
  end: 0:24.00
  start: 0:12.50
  # the end of Bob's

# the report
coverage:
  - {topic: Bells, clip: c2}
# last words
"""


def comments_in(text: str) -> list[str]:
    return [line[line.index("#") :].strip() for line in text.split("\n") if "#" in line]


def test_comments_and_order_stay_when_the_plan_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_text(COMMENTED, encoding="utf-8")
    found = store.load(tmp_path)
    first, second = found.clips
    changed = found.model_copy(
        update={
            "clips": (
                first.changed(picked=True, title="A night: in May", text="I was eleven.\nThe bell fell.",
                              reasons=("three",), span=Span(start=5.05, end=12.0), proposed_picked=True),
                second.changed(picked=False, topic="Bread"),
            ),
            "title": "Bells & bread", "show": "Harbour hour", "formats": ("square",),
            "coverage": (("Bells", "c2"), ("Bread", "its clip c1 was left out")),
        }
    )  # fmt: skip
    store.save(changed, tmp_path)
    text = text_of(tmp_path)
    kept = [c for c in comments_in(COMMENTED) if c != "# only wide this week"]
    assert [c for c in comments_in(text) if c != "# only wide this week"] == kept
    assert store.load(tmp_path) == changed
    order = [text.index(x) for x in ('title: "A night', "id: c2", "# hm", "picked: true", "id: c1", "end: 0:24.00")]
    assert order == sorted(order)
    assert "title: 'Bells & bread' # from the page" in text


def test_what_is_not_changed_stays_letter_for_letter(tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_text(COMMENTED, encoding="utf-8")
    found = store.load(tmp_path)
    store.save(found.with_clip(found.clips[1].changed(picked=True)), tmp_path)
    text = text_of(tmp_path)
    cut = COMMENTED.index("# Bob likes")
    assert text.startswith(COMMENTED[COMMENTED.index("clips:") : cut], text.index("clips:"))
    assert "template: spotlight" in text


def test_comments_go_with_their_clips_when_these_change_places(tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_text(COMMENTED, encoding="utf-8")
    found = store.load(tmp_path)
    swapped = found.model_copy(update={"clips": (found.clips[1], clip(7), found.clips[0])})
    store.save(swapped, tmp_path)
    text = text_of(tmp_path)
    places = [text.index(x) for x in ("# all of these", "# Bob likes", "id: c1", "id: c7", "# Ann likes", "id: c2")]
    assert places == sorted(places)
    assert sorted(comments_in(text)) == sorted(comments_in(COMMENTED))
    assert store.load(tmp_path) == swapped


def test_comments_of_a_clip_that_is_gone_are_kept_below(tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_text(COMMENTED, encoding="utf-8")
    found = store.load(tmp_path)
    for clips in (found.clips[:1], found.clips[:1]):
        store.save(found.model_copy(update={"clips": clips}), tmp_path)
    text = text_of(tmp_path)
    assert text.index("# Said of c1, which is no longer proposed") < text.index("# Bob likes") < text.index("coverage:")
    assert store.load(tmp_path).clips == found.clips[:1]


def test_a_plan_turned_into_json_can_still_be_read_and_written(tmp_path: Path) -> None:
    clips = [{"id": "c1", "start": 2, "end": "0:09", "title": "x", "picked": True}]
    (tmp_path / "clips.yaml").write_text(json.dumps({"schema": 1, "clips": clips}), encoding="utf-8")
    found = store.load(tmp_path)
    assert found.clips[0].span == Span(start=2, end=9)
    store.save(found.with_clip(found.clips[0].changed(picked=False)), tmp_path)
    assert store.load(tmp_path).clips[0].picked is False


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("# The clips", "\ufeff# The clips")])
def test_line_ends_and_marks_of_windows_editors_do_no_harm(tmp_path: Path, change: tuple[str, str]) -> None:
    store.save(plan(), tmp_path)
    text = text_of(tmp_path).replace(*change)
    (tmp_path / "clips.yaml").write_bytes(text.encode("utf-8"))
    found = store.load(tmp_path)
    assert found == plan()
    store.save(found.with_clip(found.clips[0].changed(picked=True)), tmp_path)
    assert store.load(tmp_path).clips[0].picked


# --- whatever people call their clips

ODD = [
    "yes", "null", "~", "1:30", "#hash", " leading", "trailing ", "a: b", "a #b", "- x", "? x", "!tag", "&a", "*a",
    "{a}", "[a]", "%x", "@x", "`x", "|", ">", "'", '"', "''", 'say "hi"', "back\\slash", "two\nlines", "\n", "\ttab",
    "שלום עולם", "\u202eevil", "🔔🔔", "a\u2028b", "a\x85b", "\ufeffx", "x\x00y", "\x1b[31m", "---", "...", "=",
    "<<", "0o17", "1e3", ".5", "-", ":", "a:", "on", "Nr. 5", "2024-01-01", "é", "e\u0301", "a" * 300, "x, y", "}",
]  # fmt: skip
TITLES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.sampled_from(ODD),
)
TIMES = st.integers(0, 4 * 3600 * 1000).map(lambda ms: ms / 1000)


@st.composite
def clips_of(draw: st.DrawFn, number: int) -> Clip:
    spans = []
    for _ in range(2):
        start = draw(TIMES)
        spans.append(Span(start=start, end=start + draw(st.integers(1, 90_000)) / 1000))
    own = draw(st.booleans())
    return Clip(
        id=f"c{number}",
        title=draw(TITLES),
        hook=draw(st.just("") | TITLES),
        span=spans[0],
        proposed=spans[0] if own else spans[1],
        picked=draw(st.sampled_from([True, False, None])),
        text=draw(st.one_of(st.just(""), st.just("One.\nTwo: #x."), TITLES)),
        captions=draw(st.one_of(st.just(""), st.just("*One* two.\nThree: #x."), TITLES)),
        reasons=tuple(draw(st.lists(TITLES, max_size=3))),
        warnings=tuple(draw(st.lists(TITLES, max_size=2))),
        topic=draw(st.none() | TITLES),
        template=draw(st.none() | TITLES),
        formats=draw(st.none() | st.permutations(FORMATS).map(tuple)),
        proposed_title=None if own else draw(TITLES),
        proposed_hook=None if own else draw(st.none() | TITLES),
        proposed_picked=None if own else draw(st.sampled_from([True, False, None])),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    clips = tuple(draw(clips_of(n)) for n in draw(st.permutations(range(1, 5)))[: draw(st.integers(0, 4))])
    return Plan(
        episode=draw(TITLES),
        show=draw(st.none() | TITLES),
        number=draw(st.none() | st.integers(0, 9999)),
        title=draw(st.none() | TITLES),
        guests=tuple(draw(st.lists(TITLES, max_size=3))),
        audio=draw(st.none() | TITLES),
        template=draw(TITLES),
        formats=draw(st.permutations(FORMATS).map(tuple)),
        clips=clips,
        coverage=tuple(draw(st.lists(st.tuples(TITLES, TITLES | st.just("c1")), max_size=3))),
        last_id=draw(st.integers(0, 99)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans(), plans())
def test_every_plan_comes_back_as_it_was_and_over_any_other(tmp_path: Path, first: Plan, second: Plan) -> None:
    (tmp_path / "clips.yaml").unlink(missing_ok=True)
    for one in (first, second, first):
        store.save(one, tmp_path)
        assert store.load(tmp_path) == one


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans(), plans(), st.lists(st.integers(0, 400), max_size=6))
def test_comments_survive_any_change(tmp_path: Path, first: Plan, second: Plan, places: list[int]) -> None:
    (tmp_path / "clips.yaml").unlink(missing_ok=True)
    first = first.model_copy(update={"clips": tuple(c.changed(text="One.\nTwo.") for c in first.clips)})
    store.save(first, tmp_path)
    lines = text_of(tmp_path).split("\n")
    # Above keys of the file, above clips, and beside values that stand on one line.
    spots = [i for i, x in enumerate(lines) if x and (x[0].isalpha() or x.startswith("  - id:"))]
    added = []
    for number, place in enumerate(places):
        row = spots[place % len(spots)]
        added.append(f"# note {number} here")
        indent = "  " if lines[row].startswith("  - id:") else ""
        lines[row] = f"{indent}{added[-1]}\n{lines[row]}"
    (tmp_path / "clips.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert store.load(tmp_path) == first
    store.save(second, tmp_path)
    assert store.load(tmp_path) == second
    text = text_of(tmp_path)
    for note in added:
        assert note in text


# --- what is wrong is told with its place


@pytest.mark.parametrize(
    ("old", "new", "says", "mend"),
    [
        ("    title: The", "    titel: The", "there is no key 'titel'", "did you mean title?"),
        ("template:", "tempalte:", "there is no key 'tempalte'", "did you mean template?"),
        ("    topic:", "    zzz: 1\n    topic:", "there is no key 'zzz'", "the keys here are id, picked"),
        ("title: The night the bell fell}", "titel: x}", "there is no key 'titel'", "did you mean title?"),
        ("picked:\n", "picked: maybe\n", "picked is 'maybe', expected true, false or nothing", "write true or false"),
        ("picked:\n", "picked: [true]\n", "picked is a list", "write picked:"),
        ("id: c2", "id: c1", "the id c1 is already in line", "another id"),
        ("id: c2", "id: ../x", "cannot be an id", "such as id: mine1"),
        ("  - id: c2", "  - picked: true", "", ""),
        ("start: 0:05.05", "start: 1:75", "start is '1:75', which is no time", "0:41.20"),
        ("start: 0:05.05", "start: [1, 2]", "start is a list", "write start:"),
        ("start: 0:05.05", "start: the day the cow flew over", "neither a time nor said", "write a time"),
        ("start: 0:05.05", "start: -9 sentences", "9 sentences before this start are more", "beyond the episode"),
        ("end: 0:11.45", "end: 0:05.00", "it ends (5.00 s) before it starts (5.05 s)", "after the start"),
        ("end: 0:11.45", "end: 9:00", "9:00.00 lies beyond the audio", "earlier"),
        ("proposed: {start: 0:05.05", "proposed: {start: soon", "start: 'soon' is not a time", "write it as 41.2"),
        ("proposed: {start: 0:05.05, end: 0:11.45", "proposed: {end: 0:11.45", "it has no start", "restore it"),
        ("number: 42", "number: forty-two", "number is 'forty-two', expected a whole number", "number: 1"),
        ("\nformats: [vertical,", "\nformats: [vertikal,", "there is no format 'vertikal'", "did you mean vertical?"),
        ("guests: [Aoife", "guests: [[Aoife", "not closed", "quotes"),
        ("      - tells a story", "      - tells: a story", "reasons holds more than texts", "quotes"),
        ("schema: 1", "schema: 2", "made by a newer clipper", "update clipper"),
        ("schema: 1", "schema: 0", "there is no schema 0", "schema: 1"),
        ("schema: 1\n", "", "which schema", "schema: 1"),
        ("schema: 1", "schema: one", "expected a whole number", "schema: 1"),
        ("    picked:\n", "    picked:\n    picked: true\n", 'a second "picked"', "keep one"),
        ("    picked:\n", "\tpicked:\n", "tab", "two spaces"),
        ("    title: The", "    title: &a The", "aliases and anchors", "in full"),
        ("    title: The", "    title: !!python/object:os.system The", "tags (!) are not used", "in full"),
        ("    title: The", '    title: "The', "", "quotes"),
        ("    title: The", "    title: The: bell", "a colon where none may be", "quotes"),
        ("schema: 1", "%YAML 1.1\n---\nschema: 1", "directives", "in full"),
        ("made_from:", "---\nmade_from:", "a second document", ""),
        ("guests: [Aoife Byrne, ", "guests: [" * 1 + "[" * 5000 + "x, ", "too deeply nested", "in full"),
        ("show: Harbour hour", "show: Harbour\x07hour", "a character that YAML does not allow", "delete"),
        ("clips:\n", "clips: none\nbroken:\n", "", ""),
    ],
)
def test_what_is_wrong_is_told_with_line_and_mend(tmp_path: Path, old: str, new: str, says: str, mend: str) -> None:
    store.save(plan(), tmp_path)
    edit(tmp_path, old, new)
    error = problem(tmp_path)
    assert says in error.message
    assert mend in error.mend
    assert error.mend
    assert "clips.yaml, line " in error.message
    before = text_of(tmp_path)
    if "start" not in new and "end:" not in new and "formats" not in new and "picked: m" not in new:
        with pytest.raises(InputError):
            store.save(plan(), tmp_path)  # a file that cannot be read is never written over
        assert text_of(tmp_path) == before


@pytest.mark.parametrize(
    ("part", "new", "who"),
    [
        ("start: 0:11.95", "start: -99 sentences #", "clip c2"),
        ("picked:", "picked: perhaps #", "clip c1"),
        ("title: The night the bell fell\n    start: 0:05", "titel: The\n    start: 0:05", "clip 1"),
    ],
)
def test_the_line_and_the_clip_are_right(tmp_path: Path, part: str, new: str, who: str) -> None:
    store.save(plan(), tmp_path)
    edit(tmp_path, part, new)
    assert f"clips.yaml, line {line_of(tmp_path, new.split(chr(10))[0])}, {who}:" in problem(tmp_path).message


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB, "", "just words", "- 1\n- 2\n", "null", "[" * 100_000, "{" * 100_000, "? [a]\n: b\n", "\x00",
        "!!binary |\n  R0\n", "schema: 1\nclips: [*x]\n", "schema: 1\nclips:\n- 5\n", "schema: 1\nclips:\n-\n",
        "schema: 1\n<<: {a: b}\n", "schema: 1\nclips:\n- id: c1\n", "schema: 1\ncoverage: [[a, b]]\n",
        "schema: 1\nclips: {id: c1}\n", "schema: 99999999999999\n",
    ],
)  # fmt: skip
def test_nothing_that_is_no_plan_ends_in_a_traceback(tmp_path: Path, text: str) -> None:
    (tmp_path / "clips.yaml").write_text(text, encoding="utf-8")
    error = problem(tmp_path)
    assert "clips.yaml" in error.message
    assert error.mend


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_slips_of_the_finger_is_read_or_refused_politely(tmp_path: Path, data: st.DataObject) -> None:
    (tmp_path / "clips.yaml").unlink(missing_ok=True)
    store.save(plan(), tmp_path)
    text = text_of(tmp_path)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.sampled_from([0, 0, 1, 3, 40]))
        slip = data.draw(st.sampled_from([*"\"'#:-[]{}&*!|>%@`?, \n\t~\\é", "- ", ": ", "\n  ", "|\n", "? ", "---\n"]))
        text = text[:at] + slip + text[at + cut :]
    (tmp_path / "clips.yaml").write_text(text, encoding="utf-8")
    try:
        found = store.load(tmp_path, SAID)
    except InputError:
        return
    again = found.model_copy(update={"clips": tuple(c.changed(picked=not c.picked) for c in found.clips)})
    store.save(again, tmp_path)
    assert [c.picked for c in store.load(tmp_path, SAID).clips] == [c.picked for c in again.clips]


def test_a_file_of_more_than_5_mb_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_text("schema: 1\n" + "# x\n" * (MAX_BYTES // 4), encoding="utf-8")
    assert "over 5 MB" in problem(tmp_path).message


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_bytes(b"schema: 1\nshow: Caf\xe9\n")
    assert "line 2: not UTF-8" in problem(tmp_path).message


def test_a_folder_without_a_plan_says_how_to_make_one(tmp_path: Path) -> None:
    assert "clipper find" in problem(tmp_path).mend
    assert "there is no clips.yaml" in problem(tmp_path / "not there").message
    (tmp_path / "clips.yaml").mkdir()
    assert "there is no clips.yaml" in problem(tmp_path).message


def test_a_folder_that_cannot_be_written_leaves_the_old_plan(tmp_path: Path) -> None:
    store.save(plan(), tmp_path)
    before = text_of(tmp_path)
    # A full disk and a folder without rights look alike from here; /dev/full has no folder to make files in, and root
    # may write anywhere, so the folder is replaced by one that takes no new files.
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "clips.yaml").write_text(before, encoding="utf-8")
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        (locked / "probe").touch()
    except OSError:
        with pytest.raises(MissingError, match="cannot write"):
            store.save(plan(clip(9)), locked)
        assert text_of(locked) == before
    else:
        (locked / "probe").unlink()
        with pytest.raises(MissingError, match="cannot write"):
            store.save(plan(), tmp_path / "nowhere")
    finally:
        locked.chmod(stat.S_IRWXU)


def test_a_plan_of_a_hundred_clips_is_read_in_two_seconds_and_one_answer_saved_in_two(tmp_path: Path) -> None:
    import time

    many = plan(*(clip(n, title=f"Clip {n}") for n in range(1, 101)))
    store.save(many, tmp_path)
    begun = time.process_time()
    found = store.load(tmp_path, SAID)
    read = time.process_time()
    store.save(found.with_clip(found.clips[50].changed(picked=True)), tmp_path)
    saved = time.process_time()
    assert read - begun < 2
    assert saved - read < 2
