"""How long a text is by each platform's own rule, and how it is made shorter. In: text; out: numbers, text. Pure.

The rules by name are `platforms.Counting`; tests/counting compares them with the networks' own published counters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import regex

URL = 23  # what X and Mastodon count for any link

# One emoji as X counts it: a flag, a keycap, or pictures (each with its skin or variation mark) that are joined by
# U+200D; what can be a plain sign as well (© ☎) only where U+FE0F asks for the picture. Source: UTS #51, 1.4.9.
_PICTURE = (
    r"(?:\p{Emoji_Presentation}\ufe0f?|\p{Emoji}(?=[\ufe0f\p{Emoji_Modifier}])\ufe0f?)"
    r"\p{Emoji_Modifier}?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
)
_EMOJI = regex.compile(
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:\u200d(?:{_PICTURE}|\p{{Extended_Pictographic}}\ufe0f?))*|\ufe0f"
)
# Code points that weigh 1 for X, from the first to the last; all others weigh 2. Source: twitter-text, config/v3.json.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    "\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_NOT_IN_DOMAINS = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$\s\u0085\u00a0\u180e\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_PATH = rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_NESTED = rf"\((?:{_PATH}+|{_PATH}*\({_PATH}+\){_PATH}*)\)"
_QUERY = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"
_MENTION = regex.compile(r"(^|[^/\w])@([a-z0-9_]+)@[a-z0-9.-]+[a-z0-9]+", regex.IGNORECASE)


def graphemes(text: str) -> int:
    """Characters as a person counts them. Source: UAX #29, extended grapheme clusters (Bluesky)."""
    return len(regex.findall(r"\X", text))


def utf16(text: str) -> int:
    """UTF-16 code units (TikTok's "runes", JavaScript's length)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Bytes of UTF-8 (YouTube's descriptions)."""
    return len(text.encode("utf-8", "surrogatepass"))


def weighted(text: str, url: int = URL) -> int:
    """X's weighted length: any link `url`, any emoji 2, Latin and its neighbours 1, everything else 2.

    Source: twitter-text 3.1.0, configuration 3. That package knows emoji up to Unicode 11 and counts other sequences
    by their parts; here they are 2 like all others, as docs.x.com/fundamentals/counting-characters says.
    """
    plain = unicodedata.normalize("NFC", text)
    total, at = 0, 0
    for link in _bare_links().finditer(plain):
        total += _weight(plain[at : link.start()]) + url
        at = link.end()
    return total + _weight(plain[at:])


def emoji_utf8(text: str) -> int:
    """An emoji costs its UTF-8 bytes, anything else 1 (Threads)."""
    return len(text) + sum(utf8(e) - len(e) for e in _EMOJI.findall(text))


def links_short(text: str, url: int = URL) -> int:
    """Graphemes, any http(s) link `url`, of a mention only its first part (Mastodon's own composer and server)."""
    return graphemes(_MENTION.sub(r"\1@\2", links().sub("x" * url, text)))


_RULES: dict[str, Callable[[str], int]] = {
    "characters": len,
    "graphemes": graphemes,
    "utf16": utf16,
    "utf8": utf8,
    "weighted": weighted,
    "emoji-utf8": emoji_utf8,
}


def count(text: str, rule: str, url: int | None = None) -> int:
    """The length of `text` by a rule of `platforms.Counting`; `url` is what a link costs, None for its own length."""
    if rule == "weighted":
        return weighted(text, URL if url is None else url)
    if rule == "graphemes" and url is not None:
        return links_short(text, url)
    return _RULES[rule](text)


def escaped(text: str, special: str) -> str:
    """`text` with a backslash before each of `special` (LinkedIn's "little text"), for counting what is sent.

    A "#" that begins a hashtag stays bare, as it is meant to be one.
    """
    out = []
    for match in regex.finditer(r"(?<![\w#])#(?=\w)|.", text, regex.DOTALL):
        letter = match[0]
        begins_tag = letter == "#" and _tag_at(text, match.start())
        out.append(f"\\{letter}" if letter in special and not begins_tag else letter)
    return "".join(out)


def shortened(text: str, fits: Callable[[str], bool], mark: str = "…") -> str:
    """The longest beginning of `text` that fits, ended at a word and with `mark` behind it; all of it where it fits.

    A word that alone is too long is cut between two graphemes. Nothing fits: an empty text.
    """
    if fits(text):
        return text
    ends = [m.start() for m in regex.finditer(r"(?<=\S)(?=\s)", text)]
    best = _longest(text, ends, fits, mark)
    if best:
        return best
    return _longest(text, [m.end() for m in regex.finditer(r"\X", text)], fits, mark)


def _longest(text: str, ends: list[int], fits: Callable[[str], bool], mark: str) -> str:
    low, high = 0, len(ends)  # ends[:low] fit
    while low < high:
        middle = (low + high) // 2
        if fits(_closed(text[: ends[middle]], mark)):
            low = middle + 1
        else:
            high = middle
    return _closed(text[: ends[low - 1]], mark) if low else ""


def _closed(text: str, mark: str) -> str:
    """Without a comma or a dash hanging before the mark."""
    return text.rstrip(" \t\r\n,;:–—-([\"“‘'") + mark


def _tag_at(text: str, at: int) -> bool:
    return (
        at + 1 < len(text) and (text[at + 1].isalnum() or text[at + 1] == "_") and not (at and text[at - 1].isalnum())
    )


def _weight(text: str) -> int:
    total, at = 0, 0
    for emoji in _EMOJI.finditer(text):
        total += sum(map(_of, text[at : emoji.start()])) + 2
        at = emoji.end()
    return total + sum(map(_of, text[at:]))


def _of(letter: str) -> int:
    code = ord(letter)
    return 1 if any(first <= code <= last for first, last in _LIGHT) else 2


def _rest() -> str:
    """What may follow a link's domain: port, path, query."""
    return rf"(?::[0-9]+)?(?:/(?:(?:{_PATH}|{_NESTED})*(?:[+\-a-z\u0400-\u04ff0-9=_#/{_LATIN}]|{_NESTED}))?)?" + (
        rf"(?:\?{_QUERY}*[a-z0-9\-_&=#/])?"
    )


@cache
def links() -> regex.Pattern[str]:
    """Links with http:// or https:// in front. Source: twitter-text 3.1.0, regexp/extractUrl."""
    return _compiled(rf"https?://{_domain()}{_rest()}")


@cache
def _bare_links() -> regex.Pattern[str]:
    """Links, those without http:// in front too, which X makes of any name with a known ending."""
    bare = rf"(?<![-_./])(?:[a-z0-9{_LATIN}][\-a-z0-9{_LATIN}]*\.)+(?:\L<tld>(?![0-9a-z@+\-])|xn--[\-0-9a-z]+){_rest()}"
    return _compiled(rf"https?://{_domain()}{_rest()}|{bare}")


def _domain() -> str:
    letter = rf"[^{_NOT_IN_DOMAINS}]"
    label = rf"{letter}(?:(?:{letter}|[-_]){{0,61}}{letter})?"
    return rf"(?:{label}\.)+(?:\L<tld>(?![0-9a-z@+\-])|xn--[\-0-9a-z]+)"


def _compiled(pattern: str) -> regex.Pattern[str]:
    before = r"(?<![a-z0-9@＠$#＃\ufffe\ufeff\uffff])"
    return regex.compile(before + f"(?:{pattern})", regex.IGNORECASE, tld=_endings())


@cache
def _endings() -> list[str]:
    text = Path(__file__).with_name("tlds.txt").read_text(encoding="utf-8")
    return [w for line in text.splitlines() if not line.startswith("#") for w in line.split()]
