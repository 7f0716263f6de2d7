"""Names of folders and files that a producer can read and every system takes.

In: a title; out: a slug. Nothing from a title can reach another folder.
"""

from __future__ import annotations

import unicodedata

LONGEST = 48  # characters; four bytes each still fit a file name of 255 bytes with the number before it


def slug(title: str) -> str:
    """Letters, marks and digits of any script, the rest as single hyphens; "clip" if none are left.

    >>> slug("Why don't bells lie? / ..")
    'why-dont-bells-lie'
    """
    text = unicodedata.normalize("NFKC", title).casefold().replace("'", "").replace("’", "")
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
    out = ""
    for word in kept.split():
        if out and len(out) + 1 + len(word) > LONGEST:
            break
        out = f"{out}-{word}" if out else word[:LONGEST]
    return unicodedata.normalize("NFC", out) or "clip"
