"""OUT/clips.yaml: the plan as a file that a producer reads, edits and compares. In: a folder; out: a `Plan`, and back.

Reading works out every edge (see edits.py) and names file, line and clip of whatever is wrong. Writing touches only
what has changed: comments, order, quotes and the producer's own way of putting a time stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from clipper.cache import write_text
from clipper.errors import InputError
from clipper.plan.edits import Edge, Said, is_time, resolve, seconds_of
from clipper.plan.fields import Entry
from clipper.plan.model import FORMATS, SCHEMA, Clip, Passage, Plan, Wish
from clipper.plan.passages import passage, soundbite
from clipper.plan.pieces import hull
from clipper.plan.spelling import names_of
from clipper.plan.writing import CLIP_KEYS, FRESH, TOP_KEYS, rewritten
from clipper.plan.yamltext import parse, read
from clipper.span import Span

NAME = "clips.yaml"
TITLE_LENGTH = 60  # of the title that a clip without one gets from its first sentence
MOST_SOUNDBITES = 12  # a trailer has 3 to 5

# From the schema number to the step that makes the next one of it, in place. Baselines: tests/plan/baselines.
MIGRATIONS: dict[int, Callable[[CommentedMap], None]] = {}

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}", re.ASCII)


@dataclass(frozen=True)
class Document:
    """A plan's file whose form is right: known keys, clips with ids of their own."""

    path: Path
    text: str
    top: Entry
    clips: tuple[Entry, ...]


def plan_path(folder: Path) -> Path:
    """Where the plan of `folder` lies."""
    return folder / NAME


def exists(folder: Path) -> bool:
    """Whether there is a plan in `folder`."""
    return plan_path(folder).is_file()


def digest(folder: Path) -> str:
    """A name for the file's present content; empty where there is none."""
    try:
        return hashlib.sha256(plan_path(folder).read_bytes()).hexdigest()
    except OSError:
        return ""


def load(folder: Path, said: Said | None = None) -> Plan:
    """The plan in `folder`, with every edge worked out.

    Args:
        folder: OUT.
        said: words and sentences of the episode; without them edges can only be given as times.

    Raises:
        InputError: no plan there, or something in it is wrong.
    """
    path = plan_path(folder)
    if not path.is_file():
        raise no_plan(folder)
    document = opened(path, read(path))
    top = document.top
    names = names_of(top)
    plan = Plan(
        episode=top.text("episode") or "",
        show=top.text("show"),
        number=top.integer("number"),
        title=top.text("title"),
        guests=top.texts("guests"),
        audio=top.text("audio"),
        cover=top.text("cover"),
        transcript=top.text("transcript"),
        made_from=top.text("made_from") or "",
        formats=top.formats("formats") or FORMATS,
        tighten=top.flag("tighten"),
        music=top.text("music"),
        intro=top.text("intro"),
        outro=top.text("outro"),
        clean=top.steps("clean"),
        clips=_all(document.clips, said),
        coverage=tuple(_coverage_row(entry) for entry in top.entries("coverage", "row")),
        spelling=names.rows,
        speakers=dict(names.speakers),
        as_heard=names.as_heard,
        captions_from=top.text("captions_from"),
        last_id=top.integer("last_id") or 0,
    )
    template = top.text("template")
    return plan if template is None else plan.model_copy(update={"template": template})


def no_plan(folder: Path) -> InputError:
    """The error for a folder without a plan."""
    return InputError(f"there is no {NAME} in {folder}", "make one with: clipper find EPISODE -o OUT")


def save(plan: Plan, folder: Path) -> None:
    """Writes the plan into `folder`, changing as little of the file as can be; whole or not at all.

    Raises:
        InputError: the file that is there cannot be read, and so is left alone.
        MissingError: the folder cannot be written, or the disk is full.
    """
    path = plan_path(folder)
    before = read(path) if path.is_file() else ""
    text = before if before.strip() else FRESH
    document = opened(path, text)
    after = rewritten(plan, document.text, document.top, document.clips)
    if after != before:
        write_text(path, after)


def opened(path: Path, text: str) -> Document:
    """The form of a plan's file, checked; older schemas are brought up to date.

    Raises:
        InputError: not YAML, unknown keys, a newer schema, clips without an id or with the same one.
    """
    return _opened(path, text)


@lru_cache(maxsize=2)  # what was read last is what is written next; nobody changes a document
def _opened(path: Path, text: str) -> Document:
    data = parse(text, path)
    if not isinstance(data, CommentedMap):
        raise InputError(f"{path} holds no plan", f"it begins with the line schema: {SCHEMA}")
    top = Entry(path, "", data)
    if _schema(top) < SCHEMA:
        text = upgraded(data, _schema(top))
        data = parse(text, path)
        top = Entry(path, "", data)
    top.only(TOP_KEYS)
    clips: list[Entry] = []
    lines: dict[str, int] = {}
    for entry in top.entries("clips", "clip"):
        entry.only(CLIP_KEYS)
        name = entry.text("id")
        if name is None or not _ID.fullmatch(name):
            what = "it has no id" if name is None else f"{name!r} cannot be an id"
            raise entry.bad("id", what, "give it one of letters and digits that no other has, such as id: mine1")
        if name in lines:
            raise entry.bad("id", f"the id {name} is already in line {lines[name]}", "give one of the two another id")
        lines[name] = entry.line("id")
        clips.append(Entry(path, f"clip {name}", entry.map))
        proposed = clips[-1].entry("proposed", f"clip {name}, proposed")
        if proposed is not None:
            proposed.only(("start", "end", "title", "hook", "picked"))
    for row in top.entries("coverage", "row"):
        row.only(("topic", "clip", "none"))
    return Document(path, text, top, tuple(clips))


def upgraded(
    data: CommentedMap,
    schema: int,
    to: int = SCHEMA,
    steps: Mapping[int, Callable[[CommentedMap], None]] = MIGRATIONS,
) -> str:
    """The text of a plan of an older schema, brought to `to` step by step."""
    from clipper.plan.yamltext import dump

    for number in range(schema, to):
        steps[number](data)
        data["schema"] = str(number + 1)
    return dump(data)


def _schema(top: Entry) -> int:
    number = top.integer("schema")
    if number is None:
        raise top.bad("schema", "it does not say which schema it has", f"put the line schema: {SCHEMA} at its top")
    if number > SCHEMA:
        raise top.bad("schema", f"made by a newer clipper (schema {number}, this one knows {SCHEMA})", "update clipper")
    if number < SCHEMA and number not in MIGRATIONS:
        raise top.bad("schema", f"there is no schema {number}", f"write schema: {SCHEMA}")
    return number


def _all(entries: Sequence[Entry], said: Said | None) -> tuple[Clip, ...]:
    """All clips in the file's order; trailers last of all worked out, as they are made of other clips."""
    made = {e.who: _clip(e, said, {}) for e in entries if not e.texts("soundbites")}
    spans = {clip.id: clip.span for clip in made.values()}
    return tuple(made.get(entry.who) or _clip(entry, said, spans) for entry in entries)


def _clip(entry: Entry, said: Said | None, others: Mapping[str, Span]) -> Clip:
    proposed, proposed_title, proposed_hook, proposed_picked = _proposed(entry)
    bites = _soundbites(entry, said, others)
    if bites:
        parts = [span for bite in bites for span in bite.spans]
        span, start_wish, end_wish = hull(parts), None, None
    else:
        start, start_wish = _edge(entry, "start", proposed, said, 0.0)
        end, end_wish = _edge(entry, "end", proposed, said, start)
        span = entry.span(start, end)
        parts = [span]
    drop, bleep, mute, keep = (_passages(entry, key, said, parts) for key in ("drop", "bleep", "mute", "keep"))
    text = entry.text("sentences") or ""
    if said is not None and said.words:
        gone = [s for p in drop for s in p.spans]
        text = "\n".join(filter(None, (said.text(part, gone) for part in parts)))
    title = entry.text("title")
    if title is None:
        title = _title(text) or (entry.text("id") or "")
    return Clip(
        id=entry.text("id") or "",
        title=title,
        hook=entry.text("hook") or "",
        span=span,
        proposed=proposed or span,
        picked=entry.flag("picked"),
        text=text,
        captions=entry.text("captions") or "",
        reasons=entry.texts("reasons"),
        warnings=entry.texts("warnings"),
        topic=entry.text("topic"),
        template=entry.text("template"),
        formats=entry.formats("formats"),
        proposed_title=proposed_title,
        proposed_hook=proposed_hook,
        proposed_picked=proposed_picked,
        start_wish=start_wish,
        end_wish=end_wish,
        drop=drop,
        bleep=bleep,
        mute=mute,
        tighten=entry.flag("tighten"),
        keep=keep,
        soundbites=bites,
        music=entry.text("music"),
        intro=entry.text("intro"),
        outro=entry.text("outro"),
        clean=entry.steps("clean"),
    )


def _soundbites(entry: Entry, said: Said | None, others: Mapping[str, Span]) -> tuple[Passage, ...]:
    texts = entry.texts("soundbites")
    for key in ("start", "end"):
        if texts and entry.text(key) is not None:
            raise entry.bad(key, f"a clip of soundbites has no {key}", f"delete the line {key}:, or soundbites")
    if texts and len(texts) > MOST_SOUNDBITES:
        raise entry.bad(
            "soundbites", f"{len(texts)} soundbites are too many", f"at most {MOST_SOUNDBITES} fit a trailer"
        )
    try:
        return tuple(soundbite(text, said, others) for text in texts)
    except InputError as error:
        raise entry.bad("soundbites", error.message, error.mend) from error


def _passages(entry: Entry, key: str, said: Said | None, parts: Sequence[Span]) -> tuple[Passage, ...]:
    try:
        return tuple(
            Passage(text=text, spans=tuple(s for part in parts for s in passage(text, said, part).spans))
            for text in entry.texts(key)
        )
    except InputError as error:
        raise entry.bad(key, f"{key}: {error.message}", error.mend) from error


def _edge(
    entry: Entry, edge: Edge, proposed: Span | None, said: Said | None, after: float
) -> tuple[float, Wish | None]:
    text = entry.text(edge)
    if text is None and proposed is not None:
        # Emptied by hand: back to the proposal.
        return (proposed.start if edge == "start" else proposed.end), None
    if text is None:
        raise entry.bad(edge, f"it has no {edge}", f"write {edge}: and a time, such as {edge}: 0:41.20")
    try:
        seconds = round(resolve(text, edge, proposed, said, after=after), 3)
    except InputError as error:
        raise entry.bad(edge, error.message, error.mend) from error
    return seconds, None if is_time(text) else Wish(text=text, at=seconds)


def _proposed(entry: Entry) -> tuple[Span | None, str | None, str | None, bool | None]:
    inner = entry.entry("proposed", f"{entry.who}, proposed")
    if inner is None:
        return None, None, None, None
    times = []
    for key in ("start", "end"):
        text = inner.text(key)
        if text is None:
            raise inner.bad(key, f"it has no {key}", "restore it, or delete the line to make the clip your own")
        try:
            times.append(seconds_of(text))
        except InputError as error:
            raise inner.bad(key, f"{key}: {error.message}", error.mend) from error
    return inner.span(times[0], times[1]), inner.text("title"), inner.text("hook"), inner.flag("picked")


def _coverage_row(entry: Entry) -> tuple[str, str]:
    return entry.text("topic") or "", entry.text("clip") or entry.text("none") or ""


def _title(text: str) -> str:
    first = text.split("\n")[0].strip()
    return first if len(first) <= TITLE_LENGTH else first[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
