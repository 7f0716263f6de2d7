"""The cover art as an RGB picture, whatever file it came in; and a plain typographic one where there is none."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from clipper.errors import InputError
from clipper.picture.text import Face, draw_block, fit

SMALLEST = 64
LARGEST_PIXELS = 120_000_000  # about 360 MB decoded; JPEGs are decoded at a reduced size and may be larger
WORKING_SIZE = 2160
# What covers come in. Not EPS or PDF: Pillow would start Ghostscript for them.
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000", "TGA", "ICO", "PPM")


def open_cover(path: Path) -> Image.Image:
    """Opens a cover: any mode to RGB, EXIF rotation applied, first frame of an animation, at most 2160 pixels a side.

    Raises:
        InputError: no picture, under 64 pixels a side, or too large to decode.
    """
    mend = "save it as JPEG or PNG, 1400 x 1400 or larger, or name another one with --cover"
    limit = Image.MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.init()
            Image.MAX_IMAGE_PIXELS = None  # our own limit below names the file and the mend
            with Image.open(path, formats=[f for f in FORMATS if f in Image.OPEN]) as image:
                width, height = image.size
                if min(width, height) < SMALLEST:
                    raise InputError(f"the cover {path.name} is only {width} x {height} pixels", mend)
                image.draft("RGB", (WORKING_SIZE, WORKING_SIZE))
                if image.width * image.height > LARGEST_PIXELS:
                    raise InputError(f"the cover {path.name} is too large: {width} x {height} pixels", mend)
                image.seek(0)
                upright = ImageOps.exif_transpose(image)
                return _to_rgb(_in_srgb(_reduced(upright)))
    except FileNotFoundError as error:
        raise InputError(f"there is no cover {path}", "check the name, or name one with --cover") from error
    except IsADirectoryError as error:
        raise InputError(f"the cover {path} is a folder", "name the picture in it with --cover") from error
    except PermissionError as error:
        raise InputError(f"the cover {path} may not be read", "check its permissions") from error
    except InputError:
        raise
    except Exception as error:  # damaged files make Pillow raise almost anything: struct.error, KeyError, SyntaxError
        raise InputError(f"the cover {path.name} is not a picture that can be read", mend) from error
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def typographic_cover(show: str | None, face: Face, size: int = 1400) -> Image.Image:
    """A quiet cover with the show's name, for an episode that has none."""
    image = Image.new("RGB", (size, size), (24, 34, 52))
    draw = ImageDraw.Draw(image)
    for i in range(7):  # quiet rings, so that the blurred background is not one flat colour
        r = size * (0.16 + 0.13 * i)
        tone = 40 + 9 * i
        box = (size * 0.78 - r, size * 0.22 - r, size * 0.78 + r, size * 0.22 + r)
        draw.ellipse(box, outline=(tone, tone + 22, tone + 58), width=size // 90)
    block = fit(show or "Podcast", face, round(size * 0.8), round(size * 0.5), size * 0.13, size * 0.05, 4)
    patch = draw_block(block, (255, 255, 255, 255), align="left", anchor="bottom")
    image.paste(patch, (round(size * 0.1), round(size * 0.42)), patch)
    return image


def _reduced(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= WORKING_SIZE:
        return image
    scale = WORKING_SIZE / longest
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if image.mode in ("P", "1", "LA", "PA"):
        image = image.convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours of a picture that brings its own profile (CMYK for print, P3 from a phone) as sRGB."""
    from io import BytesIO

    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        changed = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a broken profile, or one of another colour space
    return changed or image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit grey: Pillow clips instead of scaling
        wide = image.convert("F")
        top = 65535.0 if image.mode.startswith("I") else 255.0
        return wide.point(lambda v: v * (255.0 / top)).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")
