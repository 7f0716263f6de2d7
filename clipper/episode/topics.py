"""What is talked about. In: a document and its passages; out: the bullets that say so, and their places."""

from __future__ import annotations

from clipper.episode.chapters import read_lead, read_tail
from clipper.episode.phrases import pattern
from clipper.episode.plaintext import squeezed
from clipper.episode.sections import Passage, contact_like, kind_of
from clipper.episode.structure import Document, Line


def find_topics(document: Document, found: list[Passage], timed: set[int]) -> tuple[list[str], set[int]]:
    """The topics, and the numbers of the lists (`Line.group`) that hold them.

    A list under a strong announcement ("We talk about:") counts always; failing that one under a weak one ("In this
    episode"), whose bullets have neither times nor links; failing that headings under a strong one; failing that the
    first list that an unknown sentence with a colon opens. Lists of links, contacts, sponsors and news never do.

    Args:
        timed: the lists that hold chapters.
    """
    lists = [(p, _bullets(document, p)) for p in found if p.listed]
    lists = [(p, items) for p, items in lists if items and not contact_like(items)]
    strong = [(p, items) for p, items in lists if p.kind == "topics" or _mislabelled(p, items)]
    if all(p.below and not _few_links(items) for p, items in strong) and (titled := _headings(document)):
        return _told(titled, timed), set()  # each topic a heading, with a list of links below it
    if strong:
        return _told([line for _, items in strong for line in items], timed), {items[0].group for _, items in strong}
    runs = [
        line for p in found if not p.listed and p.kind == "topics" and len(p.numbers) >= 2 for line in p.lines(document)
    ]
    if runs or (runs := _headings(document)):
        return _told(runs, timed), set()
    plain = [(p, items) for p, items in lists if items[0].group not in timed and _few_links(items)]
    weak = [(p, items) for p, items in plain if p.kind == "overview" and len(items) >= 2]
    unknown = [(p, items) for p, items in plain if p.kind == "" and p.opened and len(items) >= 2]
    chosen = weak or unknown[:1]
    return _told([line for _, items in chosen for line in items], timed), {items[0].group for _, items in chosen}


def _bullets(document: Document, passage: Passage) -> list[Line]:
    items = [line for line in passage.lines(document) if line.kind == "item" and not line.quoted]
    top = min((line.level for line in items), default=1)
    return [line for line in items if line.level == top]


def _mislabelled(passage: Passage, items: list[Line]) -> bool:
    """ "Some of the topics she mentions:" over bullets without a single link is no list of links."""
    said = passage.opener or passage.heading
    return (
        passage.kind == "links"
        and not any(line.refs for line in items)
        and bool(pattern("topics", "strong").search(said))
    )


def _few_links(items: list[Line]) -> bool:
    return sum(bool(line.refs) for line in items) <= 0.4 * len(items)


def _headings(document: Document) -> list[Line]:
    """Headings one level below a heading such as "Topics"."""
    lines = document.lines
    for at, line in enumerate(lines):
        if line.kind != "heading" or kind_of(line.flat) != "topics":
            continue
        below: list[Line] = []
        for other in lines[at + 1 :]:
            if other.kind == "heading" and other.level <= line.level:
                break
            if other.kind == "heading" and kind_of(other.flat) in ("", "topics", "overview"):
                below.append(other)
        top = min((h.level for h in below), default=0)
        below = [h for h in below if h.level == top]
        if len(below) >= 2:
            return below
    return []


def _told(lines: list[Line], timed: set[int]) -> list[str]:
    """The lines' words without time marks and bullets that stand in the text, each once."""
    topics: dict[str, str] = {}
    for line in lines:
        text = line.flat
        if line.group in timed or line.kind == "heading":  # elsewhere "up at 4:30" is a time of day
            mark = read_lead(text) or read_tail(text)
            text = mark.title if mark and mark.title else text
        for ref in line.refs:
            if ref.label == ref.url:
                text = text.replace(ref.url, "")
        text = (
            text.strip(" \t-–—•*✅☑✔:：").strip()
            if text[:1] in "-–—•*✅☑✔ " or text.endswith((":", "：", " ", "–", "-"))
            else text
        )
        if text:
            topics.setdefault(squeezed(text), text)
    return list(topics.values())
