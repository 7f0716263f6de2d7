"""Pictures of a template, to look at. In: a template, a cover; out: PNGs of its three shapes and a sheet of all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from clipper import cache
from clipper.errors import UsageError
from clipper.picture import compose
from clipper.picture.content import Content
from clipper.picture.cover import typographic_cover
from clipper.picture.specimen import FPS, SECONDS, specimen, texts
from clipper.picture.template import FORMATS, Template
from clipper.picture.text import Face

MOMENT = 4.3  # seconds: the second speaker talks, the headline has come in
_HEIGHTS = {"vertical": 720, "square": 460, "wide": 340}  # pixels on the sheet, about those on a phone
_GAP = 16


def write_previews(
    template: Template,
    cover: Image.Image | None,
    folder: Path,
    text: str = "plain",
    *,
    safe: Sequence[str] | None = None,
) -> tuple[list[Path], list[str]]:
    """Writes NAME-vertical.png, NAME-square.png, NAME-wide.png and NAME.png.

    Args:
        text: which sentences (see `specimen`).
        safe: platforms whose covered parts are veiled; () all, None no veil.

    Returns:
        The files, and notes on brand colours.

    Raises:
        UsageError: there are no such sentences.
        InputError: a font or a character is missing.
        MissingError: the folder cannot be written.
    """
    if text not in texts():
        raise UsageError(f"there is no text {text}", f"choose one of: {', '.join(texts())}")
    art = cover or typographic_cover("Oddly Good Work", Face(template.font(next(iter(template.fonts)))))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error
    pictures: list[Image.Image] = []
    paths: list[Path] = []
    notes: list[str] = []
    for format_name in FORMATS:
        picture, said = frame(template, format_name, specimen(template, format_name, art, text), safe=safe)
        notes += [note for note in said if note not in notes]
        height = _HEIGHTS[format_name]
        width = round(picture.width * height / picture.height)
        pictures.append(picture.resize((width, height), Image.Resampling.LANCZOS))
        paths.append(folder / f"{template.name}-{format_name}.png")
        _save(picture, paths[-1])
    paths.append(folder / f"{template.name}.png")
    _save(side_by_side([pictures]), paths[-1])
    return paths, notes


def frame(
    template: Template,
    format_name: str,
    content: Content,
    second: float = MOMENT,
    *,
    scale: float = 1.0,
    safe: Sequence[str] | None = None,
) -> tuple[Image.Image, tuple[str, ...]]:
    """One frame of a specimen, and the scene's notes."""
    frames = round(SECONDS * FPS)
    scene = compose.scene(template, format_name, content, frames=frames, fps=FPS, scale=scale, safe=safe)
    return scene.picture(min(frames - 1, round(second * FPS))), scene.notes


def side_by_side(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Pictures in rows on grey."""
    width = max(sum(p.width + _GAP for p in row) for row in rows) + _GAP
    height = sum(max(p.height for p in row) + _GAP for row in rows) + _GAP
    sheet = Image.new("RGB", (width, height), (92, 92, 96))
    top = _GAP
    for row in rows:
        left = _GAP
        for picture in row:
            sheet.paste(picture, (left, top))
            left += picture.width + _GAP
        top += max(p.height for p in row) + _GAP
    return sheet


def _save(picture: Image.Image, path: Path) -> None:
    with cache.appearing(path) as temporary:
        picture.save(temporary, "PNG")
