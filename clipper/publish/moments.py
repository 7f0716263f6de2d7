"""When to post, as a person says it. In: "18:00", "2026-12-01 18:00", "+90m"; out: a moment."""

from __future__ import annotations

import datetime

import regex

from clipper.errors import UsageError

_AWAY = regex.compile(r"\+(\d{1,4})\s*(m|min|h|d)")
_CLOCK = regex.compile(r"(\d{1,2}):(\d{2})")
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440}


def moment(text: str, now: datetime.datetime) -> datetime.datetime:
    """The moment that `text` means.

    Args:
        text: a date and time ("2026-12-01 18:00", ISO 8601), a time ("18:00": the next one), or "+90m", "+2h", "+1d".
        now: with a time zone; what has none of its own is meant in this one.

    Raises:
        UsageError: it means nothing, or something past.
    """
    said = text.strip()
    away, clock = _AWAY.fullmatch(said), _CLOCK.fullmatch(said)
    try:
        if away:
            found = now + datetime.timedelta(minutes=int(away[1]) * _MINUTES[away[2]])
        elif clock:
            found = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
            if found <= now:
                found += datetime.timedelta(days=1)
        else:
            found = datetime.datetime.fromisoformat(said)
            found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no time", 'say it as "18:00", "2026-12-01 18:00" or "+90m"') from error
    if found <= now:
        raise UsageError(f"{text} is past", "leave --at out to post at once")
    return found
