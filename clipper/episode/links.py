"""Links of the talk. In: a document and its passages; out: what the page's own list of links holds, with labels."""

from __future__ import annotations

import re

from clipper.episode.chapters import read_lead
from clipper.episode.model import Link
from clipper.episode.phrases import pattern
from clipper.episode.plaintext import clean, squeezed
from clipper.episode.sections import Passage, contact_like
from clipper.episode.structure import Document, Line, Ref


def find_links(document: Document, found: list[Passage], timed: set[int], topical: set[int]) -> list[Link]:
    """Links of the page's own list; of its chapters where it has none; failing that of bullets that are nothing else.

    Args:
        timed: the lists (`Line.group`) that hold chapters.
        topical: the lists that hold topics; links inside their words are no list of links.
    """
    lists = [(p, p.lines(document)) for p in found]
    own = [
        lines for p, lines in lists if p.kind == "links" or (p.kind == "overview" and p.listed and _many_links(lines))
    ]
    own = [lines for lines in own if lines[0].group not in topical or not lines[0].group]
    gathered = _gather([line for lines in own for line in lines])
    if not gathered:
        gathered = _gather([line for p, lines in lists for line in lines if p.listed and line.group in timed - topical])
    if not gathered:
        below = [line for line in document.lines if line.group in topical and line.level > 1 and line.kind == "item"]
        pure = [line for line in below if _only_link(line)]
        if below and len(pure) >= 0.66 * len(below):
            gathered = _gather(pure)
    if not gathered:
        unknown = [
            lines
            for p, lines in lists
            if p.listed
            and p.kind in ("", "topics")
            and _many_links(lines, 1 if p.below else 2)
            and not contact_like(_items(lines))
            and lines[0].group not in timed | topical
        ]
        gathered = _gather([line for lines in unknown for line in lines])
    return gathered


def _items(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.kind == "item"]


def _many_links(lines: list[Line], fewest: int = 2) -> bool:
    items = _items(lines)
    return len(items) >= fewest and sum(bool(line.refs) for line in items) >= 0.7 * len(items)


def _only_link(line: Line) -> bool:
    linked = sum(ref.end - ref.start for ref in line.refs)
    return bool(line.refs) and linked >= 0.8 * len(line.text)


def _gather(lines: list[Line]) -> list[Link]:
    kept: dict[tuple[str, str], Link] = {}
    for line in lines:
        if line.quoted:
            continue
        of_line: set[str] = set()
        for ref in line.refs:
            if (
                ref.url in of_line
                or pattern("links", "not_of_the_talk").search(ref.url)
                or not re.match(r"https?://|/|www\.", ref.url)
            ):
                continue
            mark = read_lead(ref.label)
            if mark and not mark.title:
                continue  # a time mark that leads into the recording
            of_line.add(ref.url)
            label = _label(line, ref)
            kept.setdefault((ref.url, squeezed(label)), Link(label=label, url=clean(ref.url)))
    return list(kept.values())


def _label(line: Line, ref: Ref) -> str:
    """What the link is called: its text, or, where that is an address or "here", the words before it."""
    label = clean(ref.label)
    if label and not re.match(r"(https?://|www\.)", label) and not pattern("links", "empty_labels").match(label):
        return label
    before = line.text[: ref.start]
    before = re.split(r"https?://\S+\s*", before)[-1]
    before = clean(before).rstrip(" :：-–—(>[").strip()
    mark = read_lead(before)
    return (mark.title if mark and mark.title else before) or label or clean(ref.url)
