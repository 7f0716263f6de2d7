"""A date as a page writes it in; YYYY-MM-DD in its own time zone out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from clipper.episode.plaintext import western_digits

_MONTHS = (
    "january|jan|januar|janvier|enero|janeiro|gennaio|januari|ene",
    "february|feb|februar|février|fevrier|febrero|fevereiro|febbraio|februari|fev|fév",
    "march|mar|märz|maerz|mars|marzo|março|maart|mrz",
    "april|apr|avril|abril|aprile|abr|avr",
    "may|mai|mayo|maio|maggio|mei",
    "june|jun|juni|juin|junio|junho|giugno",
    "july|jul|juli|juillet|julio|julho|luglio",
    "august|aug|août|aout|agosto|augustus|ago",
    "september|sep|sept|septembre|septiembre|setembro|settembre|set",
    "october|oct|oktober|okt|octobre|octubre|outubro|ottobre|out",
    "november|nov|novembre|noviembre|novembro",
    "december|dec|dezember|dez|décembre|diciembre|dezembro|dicembre|dic|déc",
)
_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_MONTH = "|".join(sorted(_NAMES, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s*(?:of\s+|de\s+|-)?({_MONTH})\b\.?,?\s*(?:de\s+|-)?(\d{{4}})\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)


def read_date(written: object) -> str | None:
    """The day in `written`, or None.

    >>> read_date("2020-01-27 00:00:00 +0900"), read_date("1738584000000"), read_date("Sept 6th, 2021")
    ('2020-01-27', '2025-02-03', '2021-09-06')
    """
    text = western_digits(str(written or "")).strip()
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", text):
        seconds = float(text[:10])
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    if found := re.match(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)", text) or re.match(
        r"(\d{4})(\d\d)(\d\d)(?!\d)", text
    ):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    return date_in_words(text) or _numbers(text)


def date_in_words(text: str) -> str | None:
    """The first date with a month's name, or one that begins with a year, anywhere in a text."""
    if found := _MONTH_FIRST.search(text):
        return _day(int(found[3]), _NAMES[found[1].casefold()], int(found[2]))
    if found := _DAY_FIRST.search(text):
        return _day(int(found[3]), _NAMES[found[2].casefold()], int(found[1]))
    if found := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    return None


def _numbers(text: str) -> str | None:
    """27.01.2020 is a day first; 1/27/2020 a month first where it can be nothing else, and a day first otherwise."""
    if found := re.match(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := re.match(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        return _day(year, second, first) if first > 12 else _day(year, first, second)
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
