"""Pictures that people upload: decoded with care, made anew, kept under their content's hash."""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
SIDES = (256, 64)
SMALLEST_SIDE = 32
# A decoded pixel takes 4 bytes, and WebP's decoder holds it three times more. JPEGs are reduced
# while decoding, so they may be larger; progressive ones are held whole, at 6 bytes a pixel.
MOST_PIXELS = 12_000_000
MOST_PIXELS_PROGRESSIVE = 24_000_000
MOST_PIXELS_JPEG = 89_000_000
# Each scan of a progressive JPEG goes over the whole picture and may be a few bytes. Cameras and
# programs write about ten.
MOST_SCANS = 100
_SCAN = b"\xff\xda"
_REDUCIBLE = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
QUALITY = 84

# One at a time: decoding takes a core and up to 200 MB.
_one_at_a_time = threading.Lock()


class PictureRefused(Exception):
    """``code`` is ``not_a_picture``, ``too_many_pixels`` or ``too_small``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A square WebP for each of ``SIDES``; ``name`` is the hash of the largest."""

    name: str
    files: dict[int, bytes]


def encode(data: bytes, formats: tuple[str, ...] = FORMATS) -> Encoded:
    """Return the picture re-encoded: first frame, upright, centred square, no metadata.

    Raises:
        PictureRefused: where it cannot be decoded, or not within bounds.

    """
    # Loaded at the first upload: many processes never see one.
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - see above

    with _one_at_a_time:
        try:
            image = Image.open(io.BytesIO(data), formats=formats)
            _refuse_bounds(image, data)
            image.draft("RGB", (SIDES[0] * 2, SIDES[0] * 2))
            image.load()
            upright = ImageOps.exif_transpose(_smaller(image))
            square = ImageOps.fit(_opaque(upright), (SIDES[0], SIDES[0]))
        except PictureRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise PictureRefused("too_many_pixels") from bomb
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as broken:
            raise PictureRefused("not_a_picture") from broken
        except Exception as broken:
            # Decoders of hostile files raise what they like (struct.error, KeyError, …).
            raise PictureRefused("not_a_picture") from broken
        files = {side: _webp(square.resize((side, side))) for side in SIDES}
    return Encoded(hashlib.sha256(files[SIDES[0]]).hexdigest(), files)


def _refuse_bounds(image: Image, data: bytes) -> None:
    width, height = image.size
    most = MOST_PIXELS
    if image.format == "JPEG":
        if data.count(_SCAN) > MOST_SCANS:
            raise PictureRefused("not_a_picture")
        most = MOST_PIXELS_PROGRESSIVE if "progressive" in image.info else MOST_PIXELS_JPEG
    if width * height > most:
        raise PictureRefused("too_many_pixels")
    if min(width, height) < SMALLEST_SIDE:
        raise PictureRefused("too_small")


def _smaller(image: Image) -> Image:
    """Return the picture at twice the size that is needed or little more: copies are cheap then."""
    factor = min(image.size) // (SIDES[0] * 2)
    # A palette's numbers are no colours that could be averaged; its pixels take one byte.
    return image.reduce(factor) if factor > 1 and image.mode in _REDUCIBLE else image


def _opaque(image: Image) -> Image:
    from PIL import Image as Images  # noqa: PLC0415 - see ``encode``

    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Images.new("RGBA", layered.size, (255, 255, 255, 255))
        return Images.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _webp(image: Image) -> bytes:
    out = io.BytesIO()
    # A fresh image carries no info, so neither EXIF nor a colour profile is written.
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"")
    return out.getvalue()


class PictureFolder:
    """Pictures below the files folder, two hexadecimal digits of the name to a folder."""

    def __init__(self, files_dir: Path) -> None:
        self._root = files_dir / "pictures"

    def _path(self, name: str, side: int) -> Path:
        return self._root / name[:2] / f"{name}-{side}.webp"

    def store(self, picture: Encoded) -> None:
        """Write the files; those that are there already hold the same."""
        for side, content in picture.files.items():
            path = self._path(picture.name, side)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = path.with_suffix(f".{threading.get_ident()}")
            temporary.write_bytes(content)
            temporary.replace(path)

    def read(self, name: str, side: int) -> bytes | None:
        """Return the file's content, None where there is none."""
        try:
            return self._path(name, side).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Delete the picture's files, those that are there."""
        for side in SIDES:
            self._path(name, side).unlink(missing_ok=True)
