"""The roles that colours may have in a template, and what may stand for a colour.

A colour is "#RRGGBB", "#RRGGBBAA", the name of a role, "on-ROLE" (black or white, whichever reads better on it), or
one that is taken from the cover. What the names mean in pixels is the palette's business (clipper.picture.roles).
"""

from __future__ import annotations

from collections.abc import Mapping

# taken from the cover; what each is stands in clipper.picture.roles
DERIVED = {
    "cover": "the liveliest colour of the cover, made readable where it stands",
    "cover-second": "another lively colour, apart from the first for every kind of colour vision",
    "cover-dark": "a deep tone of the cover's own, for backgrounds under light words",
    "cover-mid": "a strong tone of the cover's own, for fields of colour under light words",
    "cover-second-deep": "the second lively colour as deep as cover-mid, for a second field",
    "cover-light": "a light tint of the cover's own, for backgrounds under dark words",
    "cover-ink": "almost black, a trace of the cover's own tone",
    "cover-paper": "almost white, a trace of the cover's own tone",
}
DEFAULT_COLOURS = {
    "text": "#FFFFFF",
    "muted": "#FFFFFFC8",
    "accent": "cover",
    "accent2": "cover-second",
    "background": "cover-dark",
    "panel": "cover-mid",
}


def check_role(value: str, colours: Mapping[str, str]) -> bool:
    """Whether `value` is a colour or names one."""
    seen: set[str] = set()
    while True:
        if value.startswith("#") or value in DERIVED:
            return True
        if value.startswith("on-"):
            value = value.removeprefix("on-")
            continue
        if value in seen:
            return False  # a circle of roles
        seen.add(value)
        if value not in colours and value not in DEFAULT_COLOURS:
            return False
        value = colours.get(value, DEFAULT_COLOURS.get(value, ""))
