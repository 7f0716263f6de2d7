"""Time marks of a page. In: its document and passages; out: chapters in page order, as the page says them.

Habits read: "01:20 Title", "[@01:20] - Title", "**[01:20](#t=01:20)** Title", "Title: 01:20", "Title (1:02:03)",
"1h02m03s Title", marks as list items, headings, table rows, lines of a paragraph or run together in one, links with a
time in their address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from clipper.episode.model import Chapter
from clipper.episode.plaintext import clean, squeezed, western_digits
from clipper.episode.structure import Document, Line

_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
_SPELT = (
    r"(?:\d{1,2}\s?h(?:ours?|rs?)?\s?)?\d{1,3}\s?m(?:in(?:utes?)?)?\s?\d{1,2}\s?s?(?:ec)?|\d{1,2}\s?h\s?\d{1,2}\s?m?"
)
_MARK = rf"(?:{_CLOCK}|{_SPELT})"
_LEAD = re.compile(
    rf"^(?:[^\w\n]{{0,8}}|\W*(?:at|ab|bei|à|min(?:ute)?)\s+)@?\s?(?P<mark>{_MARK})(?![\d:])(?!\s?(?:am|pm|a\.m|p\.m|uhr|utc|[a-z]st\b|cet|gmt)\b)"
    rf"(?P<end>\s?(?:-|–|—|to|bis|a)\s?(?:{_MARK}))?[^\w\n\"“«(\[#¿¡'‘「]*(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TAIL = re.compile(rf"^(?P<title>.*[^\s\d:].*?)(?:\s*[:：(\[@|–—-]+\s*|\s+)@?(?P<mark>{_CLOCK})[)\]|.\s]*$", re.DOTALL)
_INSIDE = re.compile(r"(?:^|[\s(\[])(?P<mark>(?:\d{1,2}:)?\d{1,2}:\d\d)[)\]]?\s*[-–—:|]?\s+")


@dataclass(frozen=True, slots=True)
class Mark:
    start: float
    title: str
    line: int = -1


def seconds_of(text: str) -> float | None:
    """Seconds of one mark; None where it is none ("12:75").

    >>> seconds_of("1:02:03"), seconds_of("75:30"), seconds_of("1h2m3s"), seconds_of("49"), seconds_of("00:02:44.500")
    (3723.0, 4530.0, 3723.0, 49.0, 164.5)
    """
    text = western_digits(text).strip().replace(",", ".")
    if re.fullmatch(r"\d{1,6}(\.\d+)?s?", text):
        return float(text.rstrip("s"))
    if re.fullmatch(_CLOCK, text):
        parts = [float(p) for p in text.split(":")]
        if parts[-1] >= 60 or (len(parts) == 3 and parts[1] >= 60):
            return None
        return float(sum(p * 60**i for i, p in enumerate(reversed(parts))))
    units = {u[0]: float(n) for n, u in re.findall(r"(\d+)\s?([hms]|(?=$))", text.casefold()) if u}
    rest = re.search(r"(\d+)$", text)
    if not units:
        return None
    if rest:
        units.setdefault("s" if "m" in units else "m", float(rest[1]))
    return units.get("h", 0.0) * 3600 + units.get("m", 0.0) * 60 + units.get("s", 0.0)


def read_lead(text: str) -> Mark | None:
    """A line that begins with a time mark."""
    found = _LEAD.match(western_digits(text))
    if not found or (seconds := seconds_of(found["mark"])) is None:
        return None
    return Mark(seconds, _title(text[found.start("title") : found.end("title")]))


def read_tail(text: str) -> Mark | None:
    """A line that ends with a time mark."""
    found = _TAIL.match(western_digits(text))
    if not found or (seconds := seconds_of(found["mark"])) is None:
        return None
    return Mark(seconds, _title(text[: found.end("title")]))


def _title(text: str) -> str:
    return clean(text).strip(
        " \t-–—:|*_•·~`[](){}" if text.count("(") == 0 and text.count("[") == 0 else " \t-–—:|*_•·~`"
    )


def find_chapters(document: Document, skipped: set[int], announced: set[int]) -> tuple[list[Chapter], set[int]]:
    """The chapters, and the numbers of the lists (`Line.group`) that hold them.

    Args:
        skipped: numbers of lines that hold no chapters (transcript).
        announced: numbers of lines that stand under "Timestamps" or the like: one mark is enough there.
    """
    marks: list[Mark] = []
    tails: list[Mark] = []
    for number, line in enumerate(document.lines):
        if number in skipped or line.quoted:
            continue
        marks += _leads(number, line)
        if line.kind in ("item", "heading") and read_lead(line.text) is None and len(line.flat) < 160:
            tail = read_tail(line.flat)
            tails += [Mark(tail.start, tail.title, number)] if tail else []
    short = sum(bool(re.search(r":\d\W*$", western_digits(document.lines[m.line].flat))) for m in tails)
    if short > 0.25 * len(tails):
        tails = []  # "16:9" is a ratio
    marks = _in_company(document, marks, announced, 2)
    if not marks:
        marks = _in_company(document, tails, announced, 3)
    if not marks:
        marks = _timed_links(document, skipped)
    marks.sort(key=lambda m: m.line)
    groups = {document.lines[m.line].group for m in marks} - {0}
    return [Chapter(start=m.start, title=m.title) for m in _once(marks)], groups


def _leads(number: int, line: Line) -> list[Mark]:
    """Marks at the start of a line's own lines; a paragraph may also hold many run together."""
    found: list[Mark] = []
    if (line.kind == "paragraph" and len(line.text) > 300) or line.kind in ("item", "heading"):
        lead = read_lead(line.flat)
        together = _together(line.flat) if lead else []
        if len(together) >= 3:
            return [Mark(m.start, m.title, number) for m in together]
        if line.kind == "paragraph" and "\n" not in line.text:
            return []  # a paragraph of a transcript
        if line.kind != "paragraph":
            return [Mark(lead.start, lead.title, number)] if lead else []
    for part in line.text.split("\n"):
        lead = read_lead(part)
        if lead and len(part) <= 250:
            found.append(Mark(lead.start, lead.title, number))
    if line.kind == "paragraph" and len(found) == 1:
        together = _together(line.flat)
        if len(together) >= 3:
            return [Mark(m.start, m.title, number) for m in together]
    return found if line.kind != "code" or len(found) >= 3 else []


def _together(text: str) -> list[Mark]:
    """Marks run together in one paragraph, as feeds have them: rising times only."""
    places = list(_INSIDE.finditer(western_digits(text)))
    marks: list[Mark] = []
    for i, place in enumerate(places):
        seconds = seconds_of(place["mark"])
        if seconds is None or (marks and seconds <= marks[-1].start):
            return []
        end = places[i + 1].start() if i + 1 < len(places) else len(text)
        marks.append(Mark(seconds, _title(text[place.end() : end])))
    return marks if places and not text[: places[0].start()].strip() else []


def _in_company(document: Document, marks: list[Mark], announced: set[int], fewest: int) -> list[Mark]:
    """Marks of which enough stand together: one alone may be a time of day or a verse of the Bible."""
    company: dict[object, int] = {}
    for mark in marks:
        line = document.lines[mark.line]
        key = (line.kind, line.group)
        company[key] = company.get(key, 0) + 1
    return [
        m
        for m in marks
        if m.line in announced or company[(document.lines[m.line].kind, document.lines[m.line].group)] >= fewest
    ]


def _timed_links(document: Document, skipped: set[int]) -> list[Mark]:
    """Links with a time in their address and none in their label, when several lead into one recording."""
    found: dict[str, list[Mark]] = {}
    for number, line in enumerate(document.lines):
        for ref in line.refs if number not in skipped else ():
            seconds = _address_time(ref.url)
            if seconds is not None and line.kind in ("item", "heading", "paragraph"):
                parts = urlsplit(ref.url)
                home = parts.netloc + parts.path + "".join(parse_qs(parts.query).get("v", []))
                found.setdefault(home, []).append(Mark(seconds, _title(ref.label or line.flat), number))
    most = max(found.items(), key=lambda kv: len(kv[1]), default=("", []))
    return most[1] if len(most[1]) >= (2 if most[0] == "" else 3) else []


def _address_time(url: str) -> float | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    for query in (parts.fragment, parts.query):
        for value in (parse_qs(query).get("t") or parse_qs(query).get("start") or [])[:1]:
            return seconds_of(value.split(",")[0])
    return None


def _once(marks: list[Mark]) -> list[Mark]:
    """The list without what stands twice: a mark repeated, or the whole list again in other words."""
    starts = [m.start for m in marks]
    half = len(marks) // 2
    if half >= 2 and len(marks) % 2 == 0 and starts[:half] == starts[half:]:
        return marks[:half]
    seen: set[tuple[float, str]] = set()
    kept: list[Mark] = []
    for mark in marks:
        key = (mark.start, squeezed(mark.title))
        if key not in seen:
            seen.add(key)
            kept.append(mark)
    return kept
