"""A network's own words about what went wrong. In: an answer's body; out: one line, without secrets."""

from __future__ import annotations

import json
from typing import Any

import regex

from clipper.errors import one_line
from clipper.publish.secrets import hide

LONGEST = 200  # characters
# where the networks put their words, the most telling first
PLACES = ("error_user_msg", "error_description", "message", "detail", "details", "reason", "title", "error", "errors")

_TAG = regex.compile(r"<[^<>]{0,200}>")
_UNSEEN = regex.compile(r"<(head|style|script)\b.*?</\1>", regex.S | regex.I)


def words_of(body: bytes, status: int) -> str:
    """What a body of JSON, HTML or text says, and the status where it says nothing."""
    text = body[:20_000].decode("utf-8", "replace")
    try:
        said = _in_json(json.loads(body)) if len(body) < 1_000_000 else ""
    except (ValueError, RecursionError):
        said = _TAG.sub(" ", _UNSEEN.sub(" ", text))
    return hide(one_line(said, LONGEST)) or f"status {status}, without a word"


def _in_json(value: Any, depth: int = 0) -> str:
    if depth > 4:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, (_in_json(v, depth + 1) for v in value[:3])))
    if isinstance(value, dict):
        said = [text for key in PLACES if (text := _in_json(value.get(key), depth + 1))]
        if not said:
            # errors under the names of fields: {"tags": [{"code": "invalid", "message": "..."}]}
            inner = [(key, _in_json(held, depth + 1)) for key, held in value.items() if isinstance(held, dict | list)]
            return "; ".join(f"{key}: {text}" for key, text in inner[:3] if text)
        # "InvalidRequest" and "Input is too long" are both of use; the same line twice is not
        return ": ".join(dict.fromkeys(reversed(said[:2])))
    return ""
