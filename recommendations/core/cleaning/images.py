"""Pictures, drawn anew: the pixels stay, and nothing else does.

EXIF (place, time, camera), XMP, comments, thumbnails, colour profiles, further pictures in the same file and
whatever hangs behind its end are gone. The turn that a camera only noted is carried out, and colours
are put into sRGB, because the profile that says how to read them may name a device.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, ImageOps

from recommendations.core.cleaning.reasons import Reason, UncleanError

# Four bytes each in memory, twice while it is turned; more than most telephones take.
MOST_PIXELS = 60_000_000
# How each format is written; those that only stand in Word documents too.
_WRITTEN: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "optimize": False},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 92},
    "GIF": {},
    "BMP": {},
    "TIFF": {"compression": "tiff_deflate"},
}
_MODES = {
    "JPEG": {"L", "RGB"},
    "PNG": {"1", "L", "LA", "RGB", "RGBA", "I;16"},
    "WEBP": {"RGB", "RGBA"},
    "GIF": {"L", "P"},
    "BMP": {"1", "L", "RGB"},
    "TIFF": {"1", "L", "LA", "RGB", "RGBA", "I;16"},
}


def clean(content: bytes, formats: tuple[str, ...] = ("JPEG", "PNG", "WEBP")) -> bytes:
    """The picture in the format that it has, one of those named. Raises UncleanError."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit says it in words
    try:
        with Image.open(io.BytesIO(content), formats=formats) as opened:
            pixels = opened.width * opened.height
            if pixels > MOST_PIXELS:
                raise UncleanError(Reason.PIXELS, str(pixels))
            # Several pictures for one photograph begin with the photograph.
            kind = "JPEG" if opened.format == "MPO" else str(opened.format)
            opened.load()
            picture = _in_mode(_in_srgb(_upright(opened)), kind)
    except (UncleanError, MemoryError):
        raise
    except Exception as fault:  # whatever a broken picture provokes
        raise UncleanError(Reason.BROKEN) from fault
    # Writers take some of these for their own.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    output = io.BytesIO()
    picture.save(output, kind, **_WRITTEN[kind])
    return output.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera was held."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture.copy()


def _in_srgb(picture: Image.Image) -> Image.Image:
    """With the colours that its profile means."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def _in_mode(picture: Image.Image, kind: str) -> Image.Image:
    """In a mode that the format can hold."""
    modes = _MODES[kind]
    if picture.mode in modes:
        return picture
    see_through = picture.mode in {"PA", "LA", "RGBa", "RGBA"} or "transparency" in picture.info
    if see_through and "RGBA" in modes:
        return picture.convert("RGBA")
    return picture.convert("P" if kind == "GIF" else "RGB")
