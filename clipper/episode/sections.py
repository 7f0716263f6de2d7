"""What each list and each run of paragraphs of a page is for. In: a document; out: its passages with their kinds.

The kind is told by what stands over a passage, its opening sentence or its heading, and by what it is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from clipper.episode.phrases import pattern, section_kinds, starting
from clipper.episode.plaintext import sentences
from clipper.episode.structure import Document, Line

_OPENS = re.compile(r"[:：…]\W*$|\.\.\.\W*$")


@dataclass(slots=True)
class Passage:
    """A list, or a run of paragraphs under an opening line.

    Attributes:
        kind: one of phrases.toml's section kinds, "topics" (strong), "overview" (weak topics), or "" for unknown.
        opener: the sentence that announces it; "" where only a heading stands over it.
        opened: the opener ends as an announcement does.
        below: a smaller heading stands between `heading`, which gave the kind, and the passage.
        numbers: places of its lines in the document.
    """

    kind: str
    opener: str
    heading: str
    opened: bool
    listed: bool
    numbers: list[int] = field(default_factory=list)
    below: bool = False

    def lines(self, document: Document) -> list[Line]:
        return [document.lines[n] for n in self.numbers]


def kind_of(text: str) -> str:
    """What a heading or an opening sentence announces; "" where it says nothing.

    >>> kind_of("Links we talk about during our conversation:"), kind_of("We talk about:"), kind_of("About the author")
    ('links', 'topics', '')
    """
    text = re.sub(r"^[\W\d_]+", "", text).strip(" :：.*_#")
    if not text:
        return ""
    topical = bool(pattern("topics", "strong").search(text))
    for kind in section_kinds():
        if pattern("section", kind).search(text):
            if (
                kind == "contact"
                and re.search(r"\blinks\b", text, re.IGNORECASE)
                and not re.search(r"social|follow|connect|contact", text, re.IGNORECASE)
            ):
                continue
            if kind in ("credits", "news", "sponsor", "chapters", "support") and topical:
                return "topics"
            if (
                kind == "contact"
                and topical
                and not re.search(r"follow|contact|connect|find (him|her|them|us|me)|social", text, re.IGNORECASE)
            ):
                return "topics"
            return kind
    if topical:
        return "topics"
    return "overview" if pattern("topics", "weak").search(text) else ""


def passages(document: Document) -> list[Passage]:
    """All lists, and the paragraphs that follow an announcement of links or topics, in page order."""
    lines = document.lines
    found: list[Passage] = []
    heading, heading_kind, heading_level, below = "", "", 7, False
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.kind == "heading" and not line.group:
            kind = kind_of(line.flat)
            below = not (kind or line.level <= heading_level)
            if not below:
                heading, heading_kind, heading_level = line.flat, kind, line.level
            at += 1
            continue
        if line.group:
            end = at
            while end < len(lines) and lines[end].group == line.group:
                end += 1
            opener, opened = _opener(lines, at)
            kind = (kind_of(opener) if opener else "") or heading_kind
            if not opener and found and found[-1].listed and found[-1].numbers[-1] == at - 1:
                kind = found[-1].kind  # a list that a change of bullet has cut in two
            found.append(Passage(kind, opener, heading, opened, True, list(range(at, end)), below and not opener))
            at = end
            continue
        at = _paragraphs(lines, at, heading, heading_kind, found)
    return found


def _opener(lines: list[Line], at: int) -> tuple[str, bool]:
    """The sentence right before a list that announces it, and whether it ends as an announcement does."""
    if at == 0 or lines[at - 1].kind != "paragraph" or lines[at - 1].group or lines[at - 1].quoted:
        return "", False
    said = sentences(lines[at - 1].flat)
    last = said[-1] if said else ""
    opened = bool(_OPENS.search(last[-40:]))
    if opened or (len(last) <= 120 and not re.search(r"[.!。]\W*$", last)):
        return last, opened
    return "", False


def _paragraphs(lines: list[Line], at: int, heading: str, heading_kind: str, found: list[Passage]) -> int:
    """Reads one paragraph, or the run of paragraphs that it announces; gives the place after it."""
    line = lines[at]
    said = sentences(line.flat)
    last = said[-1] if said else ""
    announced = ""
    bare_links = len(said) == 1 and len(last) <= 80 and not line.refs and not re.search(r"[.!。]\W*$", last)
    if line.kind == "paragraph" and not line.quoted and (_OPENS.search(last[-40:]) or bare_links):
        announced = kind_of(last)
        announced = announced if announced == "links" or _OPENS.search(last[-40:]) else ""
    first = re.match(r"[^\n:：]{3,60}[:：]", line.text)
    if (
        first
        and line.refs
        and line.refs[0].start >= first.end()
        and kind_of(first.group()) == "links"
        and len(line.refs) >= 2
    ):
        found.append(Passage("links", first.group(), heading, True, False, [at]))  # "Links: one, two, three"
        return at + 1
    if announced in ("links", "topics"):
        run = at + 1
        while run < len(lines) and not lines[run].group and _goes_on(lines[run], announced):
            run += 1
        if run > at + 1:
            found.append(Passage(announced, last, heading, True, False, list(range(at + 1, run))))
        return max(run, at + 1)
    if heading_kind == "links" and line.refs and line.kind == "paragraph" and not kind_of_aside(line):
        if found and not found[-1].listed and found[-1].kind == "links" and found[-1].numbers[-1] == at - 1:
            found[-1].numbers.append(at)
        else:
            found.append(Passage("links", "", heading, False, False, [at]))
    return at + 1


def kind_of_aside(line: Line) -> bool:
    """A paragraph that asks for money or followers."""
    return kind_of(line.flat) in ("support", "sponsor", "contact", "news")


def _goes_on(line: Line, kind: str) -> bool:
    """Whether a paragraph (or heading) belongs to the run that an announcement of `kind` began."""
    if line.quoted or line.kind == "code":
        return False
    if kind == "links":
        said = sentences(line.flat)
        if _OPENS.search(said[-1][-40:] if said else "") and not line.refs:
            return False
        return line.kind == "paragraph" and bool(line.refs) and kind_of(line.flat) not in ("support", "news")
    if line.kind == "heading":
        return kind_of(line.flat) in ("", "topics") and bool(line.level >= 2)
    return (
        len(line.flat) <= 200
        and not line.refs
        and bool(re.match(r"[-–—*✅☑✔]|\d+[.)]|\W?[\U0001F300-\U0001FAFF]", line.flat))
    )


def contact_like(items: list[Line]) -> bool:
    """A list of accounts, addresses or players, whatever stands over it."""
    if not items:
        return False
    bullets = sum(bool(starting("topics", "contact_bullets").match(line.flat)) for line in items)
    return bullets >= max(2, 0.5 * len(items)) or (len(items) == 1 and bullets == 1)
