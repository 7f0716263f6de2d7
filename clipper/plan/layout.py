"""The plan's file as blocks of lines, so that what is not changed stays as it is, letter for letter.

In: text and what was parsed from it; out: blocks for the file's keys and for its clips, each with the comments above
it. Blocks can be put in another order, left out or replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ruamel.yaml.comments import CommentedMap, CommentedSeq


@dataclass
class Block:
    """The lines of one key or of one clip.

    Attributes:
        name: the key, or the clip's id.
        lead: comment and blank lines above, which go where the block goes.
        body: its own lines.
    """

    name: str
    lead: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.lead) + "".join(self.body)


@dataclass
class Clips:
    """The lines of the key `clips`: `opening` up to the first clip, `tail` after the last one.

    `dash` is the column of the dashes.
    """

    opening: list[str]
    blocks: list[Block]
    tail: list[str]
    dash: int = 2

    @property
    def lines(self) -> list[str]:
        return [*self.opening, *(b.text for b in self.blocks), *self.tail]


def split_keys(text: str, data: CommentedMap) -> tuple[list[str], list[Block]] | None:
    """The lines above everything, and a block for each key; None where keys do not stand at the left edge."""
    lines = _lines(text)
    starts = [data.lc.key(key) for key in data]
    if data.fa.flow_style() or any(column != 0 for _, column in starts):
        return None
    rows = [int(row) for row, _ in starts]
    leads = [_lead(lines, row, 0, rows[i - 1] + 1 if i else 0) for i, row in enumerate(rows)]
    # A header at the very top belongs to the file, not to its first key.
    leads[:1] = rows[:1]
    ends = [*leads[1:], len(lines)]
    blocks = [
        Block(str(key), lines[lead:row], lines[row:end])
        for key, lead, row, end in zip(data, leads, rows, ends, strict=True)
    ]
    return lines[: leads[0]] if leads else lines, blocks


def split_clips(block: Block, text: str, clips: CommentedSeq, ids: list[str]) -> Clips | None:
    """The lines of the key `clips` as a block for each clip; None where they are not written one below the other."""
    lines = _lines(text)
    if clips.fa.flow_style():
        return None
    places = [_dash(lines, int(item.lc.line), int(item.lc.col)) for item in clips]
    if not places or any(place is None for place in places):
        return None
    rows = [row for place in places if place for row in place[:1]]
    dash = next(column for place in places if place for column in place[1:])
    first = next(i for i, line in enumerate(lines) if lines[i : i + len(block.body)] == block.body and i <= rows[0])
    stop = first + len(block.body)
    leads = [_lead(lines, row, dash, rows[i - 1] + 1 if i else first + 1) for i, row in enumerate(rows)]
    # Above the first clip only what touches it is its own; the rest speaks of all clips.
    leads[0] = max((i + 1 for i in range(leads[0], rows[0]) if not lines[i].strip()), default=leads[0])
    end = _lead(lines, stop, dash, rows[-1] + 1)
    blocks = [
        Block(name, lines[lead:row], lines[row:after])
        for name, lead, row, after in zip(ids, leads, rows, [*leads[1:], end], strict=True)
    ]
    return Clips(lines[first : leads[0]], blocks, lines[end:stop], dash)


def arrange(clips: Clips, ids: list[str]) -> Clips:
    """The blocks for `ids` in this order, new ones with a body still to be written.

    Comments above a clip that is left out are kept below the last one, with its id.
    """
    if [b.name for b in clips.blocks] == ids:
        return clips
    there = {b.name: b for b in clips.blocks}
    blocks = []
    for number, name in enumerate(ids):
        block = there.get(name) or Block(name)
        if number and not (block.lead and not block.lead[0].strip()):
            block.lead.insert(0, "\n")
        blocks.append(block)
    indent = " " * clips.dash
    tail = list(clips.tail)
    for gone in (b for b in clips.blocks if b.name not in ids):
        comments = [line for line in gone.lead if line.strip()]
        if comments:
            tail += [f"{indent}# Said of {gone.name}, which is no longer proposed:\n", *comments]
    return Clips(clips.opening, blocks, tail, clips.dash)


def _lines(text: str) -> list[str]:
    """Lines with their ends; only \\n ends one (str.splitlines knows more ends than YAML does)."""
    lines = [line + "\n" for line in text.split("\n")]
    return lines[:-1] if text.endswith("\n") or not text else lines


def _lead(lines: list[str], row: int, column: int, floor: int) -> int:
    """The first of the blank and comment lines that end just above `row`.

    Comments further right than `column` are left where they are: they may be the text of a block.
    """
    while row > floor:
        line = lines[row - 1]
        bare = line.lstrip(" ")
        if bare.strip() and not (bare.startswith("#") and len(line) - len(bare) <= column):
            break
        row -= 1
    return row


def _dash(lines: list[str], row: int, column: int) -> tuple[int, int] | None:
    """Where the dash of a clip stands whose first key is at `row`, `column`."""
    before = lines[row][:column]
    if before.strip() == "-":
        return row, before.index("-")
    for above in range(row - 1, -1, -1):
        line = lines[above].split("#")[0]
        if line.strip() == "-":
            return above, line.index("-")
        if line.strip():
            return None
    return None
