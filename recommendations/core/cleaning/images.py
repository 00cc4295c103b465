"""Re-encode images so that only their pixels remain.

Removed are EXIF (place, time, camera), XMP, comments, thumbnails, colour profiles, further images in the same
file and any data after its end. The EXIF orientation is applied to the pixels, and colours are converted to
sRGB, because an embedded profile may name a device.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, ImageOps

from recommendations.core.cleaning.reasons import Reason, UncleanError

# Four bytes per pixel in memory, twice during rotation; larger than the photos of most phones.
MOST_PIXELS = 60_000_000
# Options for saving each format, including those found only in Word documents.
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
    """Return the image re-encoded in its own format, which must be one of `formats`. Raises UncleanError."""
    Image.MAX_IMAGE_PIXELS = None  # the limit below gives users a readable reason
    try:
        with Image.open(io.BytesIO(content), formats=formats) as opened:
            pixels = opened.width * opened.height
            if pixels > MOST_PIXELS:
                raise UncleanError(Reason.PIXELS, str(pixels))
            # MPO files hold several images; the first one is the photograph.
            kind = "JPEG" if opened.format == "MPO" else str(opened.format)
            opened.load()
            picture = _in_mode(_in_srgb(_upright(opened)), kind)
    except (UncleanError, MemoryError):
        raise
    except Exception as fault:  # a broken image can cause any error
        raise UncleanError(Reason.BROKEN) from fault
    # Some encoders write other entries of `info` into the file.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    output = io.BytesIO()
    picture.save(output, kind, **_WRITTEN[kind])
    return output.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """Return the image rotated according to its EXIF orientation."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture.copy()


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return the image with its colours converted from its profile to sRGB."""
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
    """Return the image in a colour mode that the format supports."""
    modes = _MODES[kind]
    if picture.mode in modes:
        return picture
    see_through = picture.mode in {"PA", "LA", "RGBa", "RGBA"} or "transparency" in picture.info
    if see_through and "RGBA" in modes:
        return picture.convert("RGBA")
    return picture.convert("P" if kind == "GIF" else "RGB")
