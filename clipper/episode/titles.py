"""A printed title in; the title less its numbering, the episode's number, the show and who a bracket names out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from clipper.episode.phrases import alternatives
from clipper.episode.plaintext import clean, squeezed, western_digits

_SEPARATOR = r"[:：.\-–—|,،・]"


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What a title says.

    Attributes:
        title: what remains; the printed one where nothing would.
        show: as printed in a numbering, such as "Quiet Trades" in "[Quiet Trades Podcast #12]".
        named: pieces of text behind a "with" or "guest:" of the numbering, in which names stand.
        weakly: "Dr. Chuck" of "[Dr. Chuck Interview #127]": the show's or the guest's name.
    """

    title: str
    number: int | None = None
    show: str | None = None
    named: tuple[str, ...] = ()
    weakly: str | None = None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    word = alternatives("title", "episode_words")
    label = alternatives("title", "label_words")
    guest = alternatives("people", "guest_label")
    sep, mark, n = _SEPARATOR, r"[#№♯]|\b(?:n[º°]|nr\.?|no\.|vol\.?)", r"(?P<n>\d{1,4})"
    numbering = rf"\b(?:{word})\b\.?(?:\s+(?:{word})\b\.?)*\s*(?:{mark})?"
    compiled = {
        # "Podcast #45: ", "Podcast Episode 57: ", "Quiet Trades Podcast 12 - ", "Ep. 12 | "
        "worded": rf"(?P<show>(?:[^\s:#\[\]|–—]+\s+){{0,4}}?)(?:the\s+)?{numbering}\s*{n}\b(?!\s*%)"
        rf"\s*(?:{sep}+\s+|{sep}+$|$)",
        "bracket": r"[\[(【](?P<in>[^\[\]()【】]*)[\])】]\s*[:：.\-–—|]*\s*",
        "season": rf"s(?:eason\s*)?\d{{1,2}}[\s.,:x]*e(?:p(?:isode)?)?\.?\s*{n}\b\s*{sep}*\s*",
        "short": rf"(?:e|ep)\.?\s*#?{n}\s*{sep}+\s*",
        "hash": rf"(?:{mark})\s*{n}\b\s*{sep}*\s*",
        "japanese": rf"第\s*{n}\s*[回話]\s*{sep}*\s*",
        "bare": rf"(?P<z>0*){n}\s*(?:[.:|–—-]\s+|[:：、]\s*|\s-\s)",
        "show_hash": rf"(?P<show>[^:#\[\]|]{{2,40}}?)\s+(?:{mark})\s*{n}\s*{sep}+\s+",
        "plain": r"podcast(?:\s+(?:episode|interview))?\s*[:|–—-]\s+",
    }
    ends = {
        "square": r"\s*[\[【](?P<in>[^\[\]【】]*)[\]】]\s*$",
        "round": r"\s*[(（](?P<in>[^()（）]*)[)）]\s*$",
        "dashed": rf"\s*(?:\s[-–—]|\||\s•)\s*(?P<show>[^|–—]{{0,40}}?)\b(?:{label})(?:\s+(?:{word})\b\.?)*\s*"
        rf"(?:(?:{mark})?\s*{n}(?:\s*,?\s+(?:with|mit|avec|con|com|met)\s+(?P<g>[^|]+))?)?\s*$",
        "comma": rf"\s*[,:]\s*(?:{label})(?:\s+(?:{word})\b\.?)*\s*(?:(?:{mark})?\s*{n})?\s*$",
        "tail": rf"\s+(?:{label}|ep\.?)\s*(?:{mark})\s*{n}\s*$",
        "guest": rf"\s*[-–—|,(（/]?\s*(?:{guest})\s*[:：]\s*(?P<g>.+?)[)）]?\s*$",
    }
    inside = {
        "number": rf"(?:(?:{mark})\s*|\b(?:{word})\s+){n}\b",
        "label": rf"\b(?:{label})s?\b",
        "with": r"\b(?:with|mit|avec|con|com|met|w/|feat\.?|ft\.?|featuring)\s+(?P<g>.+)$",
    }
    made = {f"front {k}": rf"^\s*{v}" for k, v in compiled.items()} | {f"end {k}": v for k, v in ends.items()}
    made |= {f"in {k}": v for k, v in inside.items()}
    return {name: re.compile(source, re.IGNORECASE) for name, source in made.items()}


def read_title(printed: str, shows: tuple[str, ...] = (), maybe: tuple[str, ...] = ()) -> TitleFacts:
    """Takes a title apart.

    Args:
        printed: as the page has it.
        shows: the show's names (a field, the site), for "Quiet Trades 12: ..." and "... | Quiet Trades".
        maybe: words that may be the show's name (categories, tags): only a number behind them tells.
    """
    printed = clean(printed[:1000])
    reading = _Reading(printed.strip("*_ "), tuple(s for s in shows if s), tuple(s for s in maybe if s))
    reading.run()
    rest = reading.rest.strip(" -–—|:：,")
    if not rest or (reading.number is not None and squeezed(rest) in {squeezed(s) for s in shows}):
        rest = clean(printed)
    return TitleFacts(rest, reading.number, reading.show, tuple(reading.named), reading.weakly)


class _Reading:
    def __init__(self, printed: str, shows: tuple[str, ...], maybe: tuple[str, ...]) -> None:
        self.rest = printed
        self.shows = shows
        self.maybe = maybe
        self.number: int | None = None
        self.show: str | None = None
        self.named: list[str] = []
        self.weakly: str | None = None

    def run(self) -> None:
        for _ in range(6):
            before = self.rest
            self._guest_label()
            self._end()
            self._front()
            if self.rest == before:
                return

    def _match(self, name: str, text: str | None = None) -> re.Match[str] | None:
        """Matches on the same text with western digits: places agree, so the title keeps its own."""
        where = western_digits(self.rest if text is None else text)
        return _patterns()[name].search(where)

    def _note(self, number: str | None) -> None:
        if number is not None and self.number is None:
            self.number = int(number)

    def _note_show(self, show: str | None) -> None:
        show = (show or "").strip(" -–—|:,'’")
        show = re.sub(r"^the\s+|['’]s$", "", show, flags=re.IGNORECASE)
        if show and self.show is None and not show.isdigit():
            self.show = show

    def _guest_label(self) -> None:
        found = self._match("end guest")
        if found and found.start() > 0:
            self.named.append(self.rest[found.start("g") : found.end("g")])
            self.rest = self.rest[: found.start()]

    def _end(self) -> None:
        for name in ("end square", "end round"):
            found = self._match(name)
            if found and found.start() > 0 and self._bracket(self.rest[found.start("in") : found.end("in")]):
                self.rest = self.rest[: found.start()]
                return
        middle = re.search(r"\s*\[([^\[\]]*#\s*\d+[^\[\]]*)\]\s*", western_digits(self.rest))
        if middle and middle.start() > 0 and self._bracket(self.rest[middle.start(1) : middle.end(1)]):
            self.rest = f"{self.rest[: middle.start()]} {self.rest[middle.end() :]}".strip()
            return
        for name in ("end dashed", "end comma", "end tail"):
            found = self._match(name)
            if not found or found.start() == 0:
                continue
            groups = found.groupdict()
            show = (groups.get("show") or "").strip()
            if show and groups.get("n") is None and not self._is_show(show):
                continue
            self._note(groups.get("n"))
            if groups.get("g"):
                self.named.append(self._as_printed(found, "g"))
            self._note_show(self._as_printed(found, "show") and f"{self._as_printed(found, 'show')} Podcast")
            self.rest = self.rest[: found.start()]
            return
        for show in self.shows:
            suffix = re.search(rf"\s+[-–—|]\s+{re.escape(show)}\s*$", self.rest, re.IGNORECASE)
            if suffix and suffix.start() > 0:
                self.rest = self.rest[: suffix.start()]
                return

    def _as_printed(self, found: re.Match[str], group: str) -> str:
        return self.rest[found.start(group) : found.end(group)].strip() if found.groupdict().get(group) else ""

    def _is_show(self, text: str) -> bool:
        key = squeezed(text).removeprefix("the").removesuffix("podcast")
        return bool(key) and any(key == squeezed(s).removeprefix("the").removesuffix("podcast") for s in self.shows)

    def _bracket(self, inside: str) -> bool:
        """Reads a bracket; False where it is a part of the title, such as "(a rating of 2285)"."""
        number = self._match("in number", inside)
        label = self._match("in label", inside)
        only_number = re.fullmatch(r"\s*[#№]?\s*\d{1,4}\s*", western_digits(inside)) and "#" in inside
        if not number and not label and not only_number:
            return False
        if not number and label and len(inside.split()) > 6:
            return False
        self._note(number["n"] if number else None)
        guests = self._match("in with", inside)
        if guests:
            self.named.append(inside[guests.start("g") : guests.end("g")])
        before = inside[: label.start()].strip() if label else ""
        if before and squeezed(before) not in ("the", "my", "an", "a"):
            if label and label.group().casefold().startswith("interview"):
                self.weakly = before
            elif label:
                self._note_show(
                    f"{before} {label.group()}" if label.group().casefold().startswith("podcast") else before
                )
        return True

    def _front(self) -> None:
        for show in (*self.shows, *self.maybe):
            prefix = re.match(
                rf"\s*{re.escape(show)}\s*(?:[#№]\s*)?(\d{{1,4}})\s*(?:{_SEPARATOR}+|\s)\s*(?=\S)",
                western_digits(self.rest),
                re.IGNORECASE,
            )
            if prefix:
                self._note(prefix[1])
                self._note_show(self.rest[: len(show)])
                self.rest = self.rest[prefix.end() :]
                return
        bracket = self._match("front bracket")
        if (
            bracket
            and bracket.end() < len(self.rest)
            and self._bracket(self.rest[bracket.start("in") : bracket.end("in")])
        ):
            self.rest = self.rest[bracket.end() :]
            return
        labelled = re.match(r"\s*(?P<show>[^:|]{2,40}?)\s+podcast\s*[:|]\s+(?=\S)", self.rest, re.IGNORECASE)
        if labelled and self._is_show(labelled["show"]):
            self._note_show(f"{labelled['show']} Podcast")
            self.rest = self.rest[labelled.end() :]
            return
        for name in ("season", "worded", "japanese", "short", "hash", "show_hash", "bare", "plain"):
            found = self._match(f"front {name}")
            if not found:
                continue
            groups = found.groupdict()
            if found.end() >= len(self.rest):  # nothing but a numbering: it stays the title
                if self.number is None and name in ("season", "worded"):
                    self._note(groups.get("n"))
                continue
            if name == "bare" and not groups["z"] and (1900 <= int(groups["n"]) < 2100 or self.number is not None):
                continue  # "2020: a year in review"
            self._note(groups.get("n"))
            self._note_show(self._as_printed(found, "show"))
            self.rest = self.rest[found.end() :]
            return
