"""Which font has a character: shipped fonts, optional packages, the system's, always in the same order.

In: a grapheme cluster, the weight and the language of the text around it; out: a `Source`, a font file that draws it,
or None. What there is to look through is data: fonts.toml.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex
from PIL import ImageFont, features

from clipper.errors import InputError, MissingError
from clipper.resources import fonts_dir

WEIGHTS = {
    "thin": 100, "extralight": 200, "ultralight": 200, "light": 300, "book": 400, "regular": 400, "medium": 500,
    "semibold": 600, "demibold": 600, "demi": 600, "bold": 700, "extrabold": 800, "ultrabold": 800, "heavy": 800,
    "black": 900,
}  # fmt: skip
RAQM_MEND = (
    "install FriBidi, which Pillow's raqm needs (Debian, Ubuntu: apt install libfribidi0; macOS: brew install fribidi; "
    "Windows: fribidi.dll on the PATH), or pip install --force-reinstall --only-binary :all: pillow"
)
_PARTS = "0123456789#*🏻🏼🏽🏾🏿🦰🦱🦲🦳"  # seen only as parts of a keycap or of a person
_EMOJI = regex.compile(
    r"\p{RI}|\ufe0f|\u20e3|\p{Emoji_Presentation}|\p{Extended_Pictographic}.*\u200d|\p{Extended_Pictographic}\p{EMod}",
    regex.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A font file, and how it is to be opened.

    Attributes:
        index: of the face in a collection.
        weight: on a variable font's axis; None where there is none.
        native: the only size in pixels that a bitmap font has, 0 for outlines.
        origin: "template", "shipped", the package that brought it, or "system".
    """

    path: str
    index: int = 0
    weight: int | None = None
    native: int = 0
    emoji: bool = False
    name: str = ""
    origin: str = "template"


def is_emoji(cluster: str) -> bool:
    """Whether a grapheme is shown as a coloured picture: UTS 51, and text presentation where U+FE0E asks for it."""
    return not cluster.isascii() and "\ufe0e" not in cluster and _EMOJI.search(cluster) is not None


def find(cluster: str, weight: int, language: str) -> Source | None:
    """The first font that has all of a grapheme cluster.

    Args:
        weight: 100 to 900, of the type around it; a variable font takes it, of others the nearest is chosen.
        language: ISO 639-1 or BCP 47; decides between the forms of Han characters.
    """
    if is_emoji(cluster):
        return _first(cluster, weight, language, True) or _first(cluster.replace("\ufe0f", ""), weight, language, False)
    return _first(cluster, weight, language, False) or _first(cluster, weight, language, True)


@lru_cache(maxsize=8192)
def _first(cluster: str, weight: int, language: str, emoji: bool) -> Source | None:
    for source in _known(weight, language):
        if source.emoji == emoji and covers(source, cluster):
            return source
    from clipper.picture import system_fonts  # a folder of thousands of files: read only when all others failed

    return system_fonts.find(cluster, weight, language, emoji)


@cache
def table() -> dict[str, Any]:
    """fonts.toml."""
    return tomllib.loads(Path(__file__).with_name("fonts.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def _known(weight: int, language: str) -> tuple[Source, ...]:
    """The shipped fonts, those of Latin first and of these the nearest in weight, and those of installed packages."""
    rows = table()["shipped"]
    shipped = [
        _source(fonts_dir() / row["file"], row, "shipped", weight)
        for row in sorted(rows, key=lambda row: (row.get("weight") is None, abs(row.get("weight", weight) - weight)))
        if (fonts_dir() / row["file"]).is_file()
    ]
    return (*shipped, *(s for row in table()["packages"] for s in _packaged(row, weight, language)))


def _packaged(row: dict[str, Any], weight: int, language: str) -> Iterator[Source]:
    import importlib.util

    found = importlib.util.find_spec(row["module"])
    for folder in (found.submodule_search_locations or []) if found else []:
        for path in sorted(Path(folder).glob(row["file"])):
            if not any(path.match(pattern) for pattern in row.get("not", [])):
                yield _source(path, row, row["module"].replace("_", "-"), weight, _face(row.get("faces"), language))


def _face(faces: dict[str, int] | None, language: str) -> int:
    if not faces:
        return 0
    wanted = language.lower().replace("_", "-")
    aliases = {"zh-tw": "zh-hant", "zh-mo": "zh-hk", "yue": "zh-hk"}
    wanted = aliases.get(wanted, wanted)
    return faces.get(wanted, faces.get(wanted.split("-")[0], faces.get("zh", 0)))


def _source(path: Path, row: dict[str, Any], origin: str, weight: int, index: int = 0) -> Source:
    axis, native = _traits(str(path), index)
    name = row["name"] if "*" not in row["file"] else regex.sub(r"(?<=[a-z])(?=[A-Z])", " ", path.stem.split("[")[0])
    emoji = bool(row.get("emoji"))
    return Source(str(path), index, _clamped(weight, axis), native, emoji, name, origin)


def _clamped(weight: int, axis: tuple[int, int] | None) -> int | None:
    return None if axis is None else max(axis[0], min(weight, axis[1]))


@lru_cache(maxsize=1024)
def _traits(path: str, index: int) -> tuple[tuple[int, int] | None, int]:
    """The range of a font's weight axis, and the size of its bitmaps."""
    native = 0
    try:
        font = ImageFont.truetype(path, 32, index=index)
    except OSError:
        native = bitmap_size(path, index)
        return None, native
    try:
        axes = font.get_variation_axes()
    except OSError:  # not a variable font
        return None, native
    axis = next((a for a in axes if a["name"] == b"Weight"), None)
    return (None if axis is None else (int(axis["minimum"] or 1), int(axis["maximum"] or 1000))), native


def bitmap_size(path: str, index: int) -> int:
    """The size at which a font of bitmaps can be opened; 0 where there is none. 109: Noto; 160 and less: Apple."""
    for size in (109, 160, 136, 128, 96, 64, 72, 40, 32, 20):
        try:
            ImageFont.truetype(path, size, index=index)
        except OSError:
            continue
        return size
    return 0


@lru_cache(maxsize=256)
def opened(source: Source, size: float, shaped: bool = True) -> ImageFont.FreeTypeFont:
    """The font in a size, in pixels; a bitmap font in its own.

    Raises:
        MissingError: this Pillow cannot shape text.
        InputError: the file is no font.
    """
    if not features.check("raqm"):
        raise MissingError("this Pillow has no raqm, which shapes text", RAQM_MEND)
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    try:
        font = ImageFont.truetype(source.path, source.native or size, source.index, layout_engine=engine)
    except OSError as error:
        raise InputError(
            f"{Path(source.path).name} is not a font that can be read", "name a TTF or OTF file"
        ) from error
    if source.weight is not None:
        axes = font.get_variation_axes()
        font.set_variation_by_axes(
            [source.weight if a["name"] == b"Weight" else float(a["default"] or 0) for a in axes]
        )
    return font


def covers(source: Source, cluster: str) -> bool:
    """Whether a font has all characters of a cluster, or the parts that the shaper composes them from."""
    if source.emoji and not set(cluster) - set(_PARTS):
        return False
    if all(has(source, c) for c in cluster):
        return True
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, cluster)
        if other != cluster and all(has(source, c) for c in other):
            return True
    return False


@lru_cache(maxsize=32768)
def has(source: Source, character: str) -> bool:
    """Whether a font has a glyph of its own for a character; what is never drawn, every font has."""
    if ignorable(character):
        return True
    # not shaped: the shaper would set a lone mark on a dotted circle
    font = opened(source, 32.0, False)
    unknown, mask = _unknown(source), font.getmask(character)
    if source.emoji and 0 in mask.size:
        return character in _PARTS
    return (mask.size, bytes(mask)) != unknown


@lru_cache(maxsize=1024)
def _unknown(source: Source) -> tuple[tuple[int, int], bytes]:
    mask = opened(source, 32.0, False).getmask("\U0010ffff")
    return mask.size, bytes(mask)


def ignorable(character: str) -> bool:
    """Spaces, joiners, marks of direction, variation selectors and tags: no font need have them."""
    return (
        character.isspace()
        or unicodedata.category(character) == "Cf"
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0xE0100 <= ord(character) <= 0xE01EF
    )


@cache
def weight_of(path: str) -> int:
    """The weight of a font file, by the name of its style; 400 where that says nothing."""
    try:
        family, style = ImageFont.truetype(path, 32).getname()
    except OSError:
        return 400
    for text in (style or "", Path(path).stem, family or ""):
        plain = regex.sub(r"[^a-z]", "", text.lower())
        known = [word for word in WEIGHTS if word in plain]
        if known:
            return WEIGHTS[max(known, key=len)]
    return 400


def script_of(character: str) -> str:
    """The ISO 15924 code of a character's script, of those that fonts.toml knows; "" for others."""
    return next((code for code in table()["scripts"] if regex.match(rf"\p{{Script={code}}}", character)), "")


def mend_for(character: str) -> str:
    """What to install so that a character can be drawn."""
    code = script_of(character)
    extra = next((row["extra"] for row in table()["packages"] if code and code in row["scripts"]), None)
    own = "put a font that has it into the template's folder, or change the text in clips.yaml"
    if extra:
        return f"pip install 'clipper[{extra}]', or install a font for {table()['scripts'][code]['name']}"
    if is_emoji(character):
        return "install a newer emoji font (Debian: fonts-noto-color-emoji), or change the text in clips.yaml"
    return f"install a font that has it (Noto Sans, for example); or {own}"


def coverage(weight: int = 700) -> list[tuple[str, str, str]]:
    """For each script of fonts.toml: its name, the font that sets it ("" where none does) and where that comes from."""
    from clipper.picture.segments import graphemes

    rows: list[tuple[str, str, str]] = []
    for code, row in table()["scripts"].items():
        language = {"Hira": "ja", "Kana": "ja", "Hang": "ko", "Hani": "zh"}.get(code, "")
        found = [find(cluster, weight, language) for cluster in graphemes(row["sample"])]
        sources = [s for s in found if s is not None]
        whole = sources[0] if sources and len(sources) == len(found) else None
        if not any(row["name"] == name for name, _, _ in rows):
            rows.append((row["name"], whole.name if whole else "", whole.origin if whole else ""))
    emoji = find("😂", weight, "")
    return [*rows, ("Emoji", emoji.name if emoji else "", emoji.origin if emoji else "")]
