"""A plan put into the text of its file.

In: a `Plan`, and the file as it is; out: the text, in which only what differs is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    PlainScalarString,
    ScalarString,
    SingleQuotedScalarString,
)

from clipper.errors import InputError
from clipper.plan.edits import is_time, seconds_of
from clipper.plan.fields import Entry
from clipper.plan.layout import Block, Clips, arrange, split_clips, split_keys
from clipper.plan.model import SCHEMA, Clip, Plan, Wish
from clipper.plan.spelling import KEYS as NAME_KEYS
from clipper.plan.spelling import Names, names_of, pairs_of, yaml_of
from clipper.plan.yamltext import block, dump, flow_map, parse, scalar
from clipper.span import clock

HEADER = """\
# The clips of this episode. Change what you like: comments and order stay when clipper writes this file again.
#   picked      true: make this clip; false: leave it out; empty: not decided yet
#   title, hook yours; on the picture stands the hook, where it is empty the title
#   start, end  a time (41.2 or 0:41.20), or the first (start) and last (end) words that are said, in quotes,
#               or a step from the proposal: -1 sentence, +2 sentences, -1.5 s. Beyond the proposal is fine.
#   template, formats   for one clip only, for example formats: [vertical, square]
#   drop, bleep, mute   what is left out, covered by a tone, or silent, for example drop: ["you know", "0:41 to 0:43"]
#   tighten     true: long pauses shorter, "uh" out; keep: ["uh @ 0:41"] brings one back. music, intro, outro: files
#   captions    the passage as it is to be read, in quotes, with *stars* around what stands out; empty: as it was heard
# A clip of your own: copy one, give it another id, delete its line "proposed".
# sentences, reasons, warnings, proposed are for reading; clipper writes them.
# The same in the terminal, with sound: clipper pick OUT. Then: clipper render OUT
"""
FRESH = f"{HEADER}\nschema: {SCHEMA}\n\nclips: []\n"

TOP_KEYS = (
    "schema", "episode", "show", "number", "title", "guests", "audio", "cover", "transcript", "template", "formats",
    "captions_from",
    "as_heard", "spelling", "speakers", "tighten", "music", "intro", "outro", "clean", "clips", "coverage", "made_from",
    "last_id",
)  # fmt: skip
CLIP_KEYS = (
    "id", "picked", "title", "hook", "soundbites", "start", "end", "drop", "bleep", "mute", "tighten", "keep",
    "sentences", "captions", "reasons", "warnings", "topic", "template", "formats", "music", "intro", "outro", "clean",
    "proposed",
)  # fmt: skip
PASSAGES = ("soundbites", "drop", "bleep", "mute", "keep")  # lists of words or times
SOUNDS = ("music", "intro", "outro")  # files
# keys that go when there is nothing to say any more, so that what is taken back leaves no trace
OPTIONAL = (*PASSAGES, *SOUNDS, "tighten", "clean", "hook", "captions", "template", "formats")
_PARAGRAPHS = (
    "template",
    "spelling",
    "speakers",
    "clips",
    "coverage",
    "made_from",
)  # keys that a new file sets off by a blank line
_TOLD = {  # a line above a key when it is first written
    "spelling": ["# Written otherwise than heard; applied: false leaves a word alone, a line as_heard: true all.\n"],
    "speakers": ["# Who speaks: correct a name here, and it is right everywhere.\n"],
}
_FLOW = ("guests", "formats", "clean")  # lists that are written on one line
_BARE = ("schema", "number", "last_id", "picked", "as_heard", "tighten")  # numbers and flags, which need no quotes
_QUOTED = (SingleQuotedScalarString, DoubleQuotedScalarString)

# A value as it is compared: text, a list of texts, rows of pairs, or nothing.
Value = str | tuple[str, ...] | tuple[tuple[str, str], ...] | None


def rewritten(plan: Plan, text: str, top: Entry, entries: Sequence[Entry]) -> str:
    """The file's text with the plan's values.

    Args:
        text, top, entries: the file as it is, parsed: its own keys, and its clips.
    """
    split = split_keys(text, top.map)
    if split is None:
        # All on one line, or indented: somebody's JSON. There are no comments to lose.
        fresh = parse(FRESH, top.path)
        return rewritten(plan, FRESH, Entry(top.path, "", fresh), ())
    head, blocks = split
    there = {b.name: b for b in blocks}
    found = _top_found(top)
    for key, value in _top_wanted(plan).items():
        if key not in there and value:
            there[key] = _insert(blocks, key)
        if key in there and (value or None) != (found.get(key) or None):
            if not value and key in (*SOUNDS, "tighten", "clean") and "#" not in there[key].text:
                blocks.remove(there.pop(key))
                continue
            _set_key(there[key], key, value, top)
    clips_block = there.get("clips") or _insert(blocks, "clips")
    clips_block.body = _clips(plan, text, clips_block, top, entries).lines
    return "".join(head) + "".join(b.text for b in blocks)


def time(seconds: float) -> str:
    """Seconds as the file has them: hundredths, or thousandths where it matters.

    >>> time(41.2), time(41.207)
    ('0:41.20', '0:41.207')
    """
    fine = clock(seconds, 3)
    return fine[:-1] if fine.endswith("0") else fine


def _top_wanted(plan: Plan) -> dict[str, Value]:
    names = {c.id for c in plan.clips}
    rows: tuple[tuple[str, str], ...] = ()
    for topic, what in plan.coverage:
        rows += (("topic", topic), ("clip" if what in names else "none", what))
    return {
        "schema": str(plan.schema_number), "episode": plan.episode, "show": plan.show,
        "number": None if plan.number is None else str(plan.number), "title": plan.title, "guests": plan.guests,
        "audio": plan.audio, "cover": plan.cover, "transcript": plan.transcript, "captions_from": plan.captions_from,
        "template": plan.template,
        "formats": tuple(plan.formats), "tighten": _flag(plan.tighten), "music": plan.music, "intro": plan.intro,
        "outro": plan.outro, "clean": _steps(plan.clean), "coverage": rows, "made_from": plan.made_from,
        "last_id": str(plan.last_id) if plan.last_id else None,
        **pairs_of(Names(plan.spelling, plan.speakers, plan.as_heard)),
    }  # fmt: skip


def _top_found(top: Entry) -> dict[str, Value]:
    found: dict[str, Value] = {
        key: _text(top, key)
        for key in TOP_KEYS
        if key not in ("guests", "formats", "clean", "coverage", "clips", *NAME_KEYS)
    }
    found["guests"] = top.texts("guests")
    found["formats"] = tuple(top.formats("formats") or ())
    found["clean"] = _steps(top.steps("clean"))
    rows: tuple[tuple[str, str], ...] = ()
    for entry in top.entries("coverage", "row"):
        key = "clip" if entry.text("clip") else "none"
        rows += (("topic", entry.text("topic") or ""), (key, entry.text(key) or ""))
    found["coverage"] = rows
    found.update(pairs_of(names_of(top)))
    return found


def _text(entry: Entry, key: str) -> str | None:
    if key in ("schema", "number", "last_id"):
        number = entry.integer(key)
        return None if number is None else str(number)
    return _flag(entry.flag(key)) if key == "tighten" else entry.text(key)


def _insert(blocks: list[Block], key: str) -> Block:
    """A block for a key that the file has not, before the keys that come later in TOP_KEYS."""
    later = TOP_KEYS[TOP_KEYS.index(key) + 1 :]
    at = next((i for i, b in enumerate(blocks) if b.name in later), len(blocks))
    new = Block(key, [*(["\n"] if key in _PARAGRAPHS else []), *_TOLD.get(key, ())], [f"{key}:\n"])
    blocks.insert(at, new)
    return new


def _set_key(into: Block, key: str, value: Value, top: Entry) -> None:
    data = parse("".join(into.body), top.path)
    if key in ("coverage", "spelling", "speakers"):
        # Written anew as a whole; comment lines in it stay, below.
        comments = [line for line in into.body[1:] if line.lstrip().startswith("#")]
        pairs = [p for p in value or () if isinstance(p, tuple)]
        if key != "coverage":
            into.body = [dump(CommentedMap({key: yaml_of(key, tuple(pairs))})), *comments]
            return
        rows = CommentedSeq()
        for topic, what in zip(pairs[::2], pairs[1::2], strict=True):
            rows.append(CommentedMap({topic[0]: scalar(topic[1]), what[0]: scalar(what[1])}))
        into.body = [dump(CommentedMap({key: rows or _list((), flow=True)})), *comments]
        return
    _put(data, key, value)
    into.body = [dump(data)]


def _clips(plan: Plan, text: str, into: Block, top: Entry, entries: Sequence[Entry]) -> Clips:
    sequence = top.map.get("clips")
    names = [e.text("id") or "" for e in entries]
    there = split_clips(into, text, sequence, names) if isinstance(sequence, CommentedSeq) else None
    if there is None:
        there = Clips(["clips:\n"], [], [])
    clips = arrange(there, [c.id for c in plan.clips])
    if not clips.blocks:
        return Clips(["clips: []\n"], [], clips.tail)
    by_id = dict(zip(names, entries, strict=True))
    for clip, target in zip(plan.clips, clips.blocks, strict=True):
        if not target.body:
            target.body = [" " * clips.dash + f"- id: {clip.id}\n"]
            changes = {k: v for k, v in _wanted(clip, None).items() if k in ("picked", "title") or v}
        else:
            wanted, found = _wanted(clip, by_id[clip.id]), _found(by_id[clip.id])
            changes = {k: v for k, v in wanted.items() if (v or None) != (found[k] or None)}
        if changes:
            target.body = [_changed("".join(target.body), changes, clips.dash, top)]
    return clips


def _changed(body: str, changes: dict[str, Value], dash: int, top: Entry) -> str:
    items = parse(body, top.path)
    for key, value in changes.items():
        _put(items[0], key, value)
    return dump(items, dash)


def _wanted(clip: Clip, entry: Entry | None) -> dict[str, Value]:
    """The clip's values as text; its edges as `entry` puts them, where these still mean the same."""
    own = clip.proposed_title is None and clip.proposed == clip.span and clip.proposed_picked is None
    return {
        "picked": _flag(clip.picked), "title": clip.title, "hook": clip.hook,
        "start": _edge(clip, clip.span.start, clip.start_wish, entry.text("start") if entry else None),
        "end": _edge(clip, clip.span.end, clip.end_wish, entry.text("end") if entry else None),
        **{key: tuple(p.text for p in getattr(clip, key)) for key in PASSAGES},
        **{key: getattr(clip, key) for key in SOUNDS}, "tighten": _flag(clip.tighten), "clean": _steps(clip.clean),
        "sentences": clip.text, "captions": clip.captions, "reasons": clip.reasons,
        "warnings": clip.warnings, "topic": clip.topic, "template": clip.template,
        "formats": None if clip.formats is None else tuple(clip.formats),
        "proposed": None if own else _proposal(clip),
    }  # fmt: skip


def _found(entry: Entry) -> dict[str, Value]:
    inner = entry.entry("proposed", f"{entry.who}, proposed")
    proposed: Value = None
    if inner is not None:
        start, end = (seconds_of(inner.text(key) or "0") for key in ("start", "end"))
        proposed = _pairs(start, max(start, end), inner.text("title"), inner.text("hook"), inner.flag("picked"))
    formats = entry.formats("formats")
    return {
        "picked": _flag(entry.flag("picked")), "title": entry.text("title"), "hook": entry.text("hook"),
        "start": entry.text("start"), "end": entry.text("end"),
        **{key: entry.texts(key) for key in PASSAGES}, **{key: entry.text(key) for key in SOUNDS},
        "tighten": _flag(entry.flag("tighten")), "clean": _steps(entry.steps("clean")),
        "sentences": entry.text("sentences"), "captions": entry.text("captions"),
        "reasons": entry.texts("reasons"), "warnings": entry.texts("warnings"),
        "topic": entry.text("topic"), "template": entry.text("template"),
        "formats": None if formats is None else tuple(formats), "proposed": proposed,
    }  # fmt: skip


def _proposal(clip: Clip) -> tuple[tuple[str, str], ...]:
    return _pairs(
        clip.proposed.start, clip.proposed.end, clip.proposed_title, clip.proposed_hook or None, clip.proposed_picked
    )


def _pairs(
    start: float, end: float, title: str | None, hook: str | None, picked: bool | None
) -> tuple[tuple[str, str], ...]:
    pairs = (("start", time(start)), ("end", time(end)), ("title", title), ("hook", hook), ("picked", _flag(picked)))
    return tuple((key, value) for key, value in pairs if value is not None)


def _edge(clip: Clip, seconds: float, wish: Wish | None, there: str | None) -> str | None:
    if clip.trailer:
        return None
    if wish is not None and wish.at == seconds:
        return wish.text
    if there is not None and is_time(there) and _same_time(there, seconds):
        return there
    return time(seconds)


def _same_time(text: str, seconds: float) -> bool:
    try:
        return round(seconds_of(text), 3) == round(seconds, 3)
    except InputError:
        return False


def _steps(value: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Steps as the file has them: none at all is said in a word."""
    return ("none",) if value == () else value


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def _put(data: CommentedMap, key: str, value: Value) -> None:
    """Sets `key`, in its usual place if it is new; comments beside and below it stay."""
    old = data.get(key)
    if not value and key in OPTIONAL and _taken_out(data, key, old):
        return
    new: Any
    if key == "proposed" and isinstance(value, tuple) and value:
        told = (p for p in value if isinstance(p, tuple))
        pairs = {k: scalar(v, flow=True, bare=k not in ("title", "hook")) for k, v in told}
        if isinstance(old, CommentedMap):
            for gone in [k for k in old if k not in pairs]:
                del old[gone]
            old.update({k: v for k, v in pairs.items() if old.get(k) != v})
            return
        new = flow_map(**pairs)
    elif isinstance(value, tuple):
        texts = [scalar(str(v), flow=key in _FLOW) for v in value]
        if isinstance(old, CommentedSeq) and texts and not (old.fa.flow_style() and key not in _FLOW):
            del old[len(texts) :]
            for i, text in enumerate(texts):
                if i >= len(old):
                    old.append(text)
                elif str(old[i]) != text:
                    old[i] = text
            return
        new = _list(texts, flow=key in _FLOW or not texts)
    elif key in ("sentences", "captions"):
        new = block(value or "") if value else ""
    else:
        new = scalar(value, bare=key in _BARE or (key in ("start", "end") and is_time(value or "")))
    if not isinstance(new, ScalarString | CommentedSeq | CommentedMap) and not (new and isinstance(old, _QUOTED)):
        new = PlainScalarString(new)  # else ruamel would write it as the old value was written
    if isinstance(new, ScalarString) and getattr(old, "comment", None):
        setattr(new, "comment", old.comment)  # noqa: B010 (no such attribute in its types)
    if key in data:
        data[key] = new
        return
    order = CLIP_KEYS if "id" in data else TOP_KEYS
    later = [i for i, k in enumerate(data) if k in order and order.index(k) > order.index(key)]
    data.insert(later[0] if later else len(data), key, new)


def _taken_out(data: CommentedMap, key: str, old: object) -> bool:
    """Takes out a key that is empty now; comments below a list come to stand before what follows.

    Gives False where a comment stands beside the key, which stays then.
    """
    if key not in data:
        return True
    following = next((k for k in list(data)[list(data).index(key) + 1 :]), None)
    beside = data.ca.items.get(key)
    below = _comments(old, below=bool(beside)) if isinstance(old, CommentedSeq) else []
    if below and following is None:
        return False
    if below:
        data.yaml_set_comment_before_after_key(following, before="\n".join(below), indent=data.lc.key(following)[1])
    if beside:
        return False
    del data[key]
    return True


def _comments(old: CommentedSeq, *, below: bool) -> list[str]:
    """The comments in and below a list, or only those below it, without their marks."""
    tokens = [*([] if below else [old.ca.comment]), *old.ca.items.values()]
    flat = [t for row in tokens if row for one in row if one for t in (one if isinstance(one, list) else [one])]
    lines = [line.strip() for t in flat for line in t.value.split("\n")]
    return [line[1:].strip() for line in lines if line.startswith("#")]


def _list(texts: Sequence[str], *, flow: bool) -> CommentedSeq:
    sequence = CommentedSeq(texts)
    if flow:
        sequence.fa.set_flow_style()
    return sequence
