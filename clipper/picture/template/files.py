"""The files of a template: found inside its folders or not at all, of a bounded size, and what they say they are.

In: a name as a template writes it, the folders it may lie in; out: the path and the digest of its bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from clipper import cache
from clipper.errors import ClipperError, InputError

LARGEST_FONT = 30_000_000  # bytes; fonts for Chinese have up to 20 MB
LARGEST_PICTURE = 20_000_000  # bytes
MOST_PIXELS = 40_000_000
PICTURES = ("PNG", "JPEG")


def find(name: str, folders: Sequence[Path]) -> Path | None:
    """A plain file of that name in the first of the folders that has it; links that lead out do not count."""
    if not name or Path(name).is_absolute() or ".." in Path(name).parts or "://" in name or "\\" in name:
        return None
    for root in folders:
        with suppress(OSError, ValueError, RuntimeError):  # a name with a null byte, a ring of links
            path = (root / name).resolve()
            if path.is_relative_to(root.resolve()) and path.is_file():
                return path
    return None


def font(where: str, name: str, folders: Sequence[Path]) -> tuple[Path, str]:
    """A font that FreeType opens.

    Args:
        where: file and key, for messages.

    Raises:
        InputError: it is not there, lies outside, or is no font.
    """
    from clipper.picture.text import Face

    path = find(name, folders)
    if path is None:
        raise InputError(
            f"{where}: {name} is neither in its folder nor a shipped font",
            "put the font file into the template's folder and name it without a path",
        )
    if path.stat().st_size > LARGEST_FONT:
        raise InputError(f"{where}: {name} is larger than {LARGEST_FONT // 1_000_000} MB", "choose another font file")
    try:
        Face(path).at(16.0)
        Face(path).width("Ag", 16.0)
    except ClipperError as error:
        raise InputError(f"{where}: {error.message}", error.mend) from error
    except Exception as error:  # FreeType and raqm meet a damaged file in many ways
        raise InputError(f"{where}: {name} is not a font that can be read", "name a TTF or OTF file") from error
    return path, cache.file_digest(path)


def picture(where: str, name: str, folders: Sequence[Path]) -> tuple[Path, str]:
    """A PNG or JPEG of a sane size; only its head is read here.

    Raises:
        InputError: it is not there, lies outside, is no such picture or too large.
    """
    import warnings

    from PIL import Image

    path = find(name, folders)
    if path is None:
        raise InputError(
            f"{where}: there is no {name} in the template's folder", "put the picture there and name it without a path"
        )
    if path.suffix.lower() in (".svg", ".svgz"):
        raise InputError(
            f"{where}: {name} is an SVG drawing", "save it as PNG with a clear background, 800 pixels wide"
        )
    if path.stat().st_size > LARGEST_PICTURE:
        raise InputError(
            f"{where}: {name} is larger than {LARGEST_PICTURE // 1_000_000} MB", "save it smaller, 2000 pixels wide"
        )
    mend = "save it as PNG or JPEG"
    limit = Image.MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.MAX_IMAGE_PIXELS = None  # our own limit names the file and the mend
            with Image.open(path, formats=list(PICTURES)) as image:
                width, height = image.size
    except Exception as error:  # damaged files make Pillow raise almost anything
        raise InputError(f"{where}: {name} is not a picture that can be read", mend) from error
    finally:
        Image.MAX_IMAGE_PIXELS = limit
    if width * height > MOST_PIXELS:
        raise InputError(f"{where}: {name} has {width} x {height} pixels", "save it smaller, 2000 pixels wide")
    return path, cache.file_digest(path)
