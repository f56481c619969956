"""Photos of a file, made to fit (pure; pictures are decoded by Pillow, which is not trusted).

What fits and begins as a picture stays as it is, byte for byte. A larger one becomes a JPEG of at
most 1,600 px, as our own page makes them, and loses what the camera wrote in it (place, time).
"""

import io

from PIL import Image, ImageOps

MOST_KEPT_BYTES = 1_000_000
MOST_READ_BYTES = 40_000_000
MOST_PIXELS = 50_000_000
SIDE = 1_600
QUALITIES = (85, 70, 50)
# What a file of each kind begins with; WebP has its length in between.
BEGINNINGS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
RIFF, WEBP = slice(0, 4), slice(8, 12)
FORMATS = ("JPEG", "PNG", "WEBP")


def fitted(content: bytes) -> bytes | None:
    """Return a photo of at most a megabyte; None for what is no photo, or larger than any is."""
    if len(content) <= MOST_KEPT_BYTES:
        return content if media_type_of(content) else None
    if len(content) > MOST_READ_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("RGB", (SIDE, SIDE))
            return _smaller(picture)
    # Pillow raises whatever its decoders do; a picture that fails is no picture.
    except Exception:  # noqa: BLE001
        return None


def media_type_of(content: bytes) -> str:
    """Return what a picture begins as; empty for another file."""
    for beginning, media_type in BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    return "image/webp" if content[RIFF] == b"RIFF" and content[WEBP] == b"WEBP" else ""


def _smaller(picture: Image.Image) -> bytes | None:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SIDE, SIDE))
    seen = upright.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    for quality in QUALITIES:
        file = io.BytesIO()
        ground.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= MOST_KEPT_BYTES:
            return file.getvalue()
    return None
