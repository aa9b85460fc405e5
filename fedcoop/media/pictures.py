"""Decodes a picture that a stranger sent, in a process of its own: `python pictures.py USE FULL PREVIEW <file`.

What comes out is drawn anew, pixel by pixel, so that nothing of the file itself is passed on: no place where it
was taken, no script behind the last pixel. The process has little memory and little time, and nothing of the
server's; whatever breaks in a decoder breaks here. It is started by `processing`, and imports nothing of ours.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any, BinaryIO

from PIL import GifImagePlugin, Image, ImageCms, ImageOps, ImageSequence

TAKEN = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
"""Types by what the decoder finds, whatever the file calls itself."""
MOST_PIXELS = 8192 * 8192
MOST_FRAMES = 1000
MOST_FRAME_PIXELS = 40_000_000
"""Of all frames of an animation together."""
FULL_AREA = 3840 * 2160
PREVIEW_AREA = 640 * 360
AVATAR = (400, 400)
HEADER = (1500, 500)
EMOJI = (128, 128)

MEMORY = 1280 * 1024 * 1024
CPU_SECONDS = 15
LARGEST_FILE = 128 * 1024 * 1024

SUFFIXES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "progressive": True},
    "PNG": {},
    "GIF": {},
    # Quick, for a few more bytes: somebody waits for the answer.
    "WEBP": {"quality": 88, "method": 1},
}
Use = Callable[[Image.Image, str, str], dict[str, Any]]


class Refused(Exception):
    """Not a picture that is taken here; the word says why, the sentence is in `processing`."""


def opened(file: BinaryIO) -> Image.Image:
    """The picture before its pixels are read. Raises `Refused` for other types and for too many pixels."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit follows, before anything is decoded
    # Frames that share a palette keep it: drawing them anew then loses nothing and takes little time.
    GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
    try:
        image = Image.open(file, formats=TAKEN)
    except Exception:
        raise Refused("type") from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Refused("pixels")
    return image


def attachment(image: Image.Image, full: str, preview: str) -> dict[str, Any]:
    """A picture of a status: the full one, a small one, and the blur shown before either has come."""
    count = frames_of(image)
    if count > 1:
        first, made = _animation(image, count, full)
    else:
        first = drawn(image, FULL_AREA)
        made = saved(first, _type_of(image, first), full)
    return made | {"preview": _preview(first, preview), "blurhash": blurhash(first)}


def still(image: Image.Image, full: str, preview: str) -> dict[str, Any]:
    """The same where moving GIFs are shown as films instead."""
    if image.format == "GIF" and frames_of(image) > 1:
        raise Refused("moving")
    return attachment(image, full, preview)


def frames_of(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1)) if image.format in ("GIF", "PNG", "WEBP") else 1


def thumbnail(image: Image.Image, full: str, preview: str) -> dict[str, Any]:
    """A small picture that somebody chose to stand for another file."""
    still = drawn(image, PREVIEW_AREA)
    return _preview(still, full) | {"blurhash": blurhash(still)}


def avatar(image: Image.Image, full: str, preview: str) -> dict[str, Any]:
    return _cut(image, AVATAR, full, preview)


def header(image: Image.Image, full: str, preview: str) -> dict[str, Any]:
    return _cut(image, HEADER, full, preview)


def emoji(image: Image.Image, full: str, still: str) -> dict[str, Any]:
    """A picture in the height of a line, and of one that moves the first frame besides."""

    def within(frame: Image.Image) -> Image.Image:
        frame = _smooth(frame)
        frame.thumbnail(EMOJI, Image.Resampling.LANCZOS)
        return frame

    count = frames_of(image)
    if count > 1:
        first, made = _animation(image, count, full, lambda frame: within(_bare(frame.convert("RGBA"))))
        return made | {"still": saved(first, "PNG", still)}
    return saved(within(drawn(image, FULL_AREA)), "PNG", full)


USES: dict[str, Use] = {
    "attachment": attachment,
    "still": still,
    "thumbnail": thumbnail,
    "avatar": avatar,
    "header": header,
    "emoji": emoji,
}


def drawn(image: Image.Image, area: int) -> Image.Image:
    """The first frame, upright, of at most `area` pixels, in colours every screen shows, with nothing beside."""
    still = _scaled(image, area)
    try:
        still = ImageOps.exif_transpose(still)
    except Exception:
        still.load()  # a broken description of the camera's position; the pixels may be good
    return _bare(_in_common_colours(still))


def saved(image: Image.Image, kind: str, path: str, **more: Any) -> dict[str, Any]:
    """Write a picture and make sure that it is on the disk."""
    with open(path, "xb") as file:
        image.save(file, kind, **OPTIONS[kind], **more)
        file.flush()
        os.fsync(file.fileno())
    return {"suffix": SUFFIXES[kind], "width": image.width, "height": image.height}


def _cut(image: Image.Image, size: tuple[int, int], full: str, still: str) -> dict[str, Any]:
    """For a profile: the middle of the picture, in the shape that profiles have. Of one that moves the first
    frame is kept besides."""

    def cut(frame: Image.Image) -> Image.Image:
        return ImageOps.fit(_smooth(frame), size, Image.Resampling.LANCZOS)

    count = frames_of(image)
    if count > 1:
        first, made = _animation(image, count, full, lambda frame: cut(_bare(frame.convert("RGBA"))))
        return made | {"still": saved(*_opaque_or_not(first), still)}
    return saved(*_opaque_or_not(cut(drawn(image, FULL_AREA))), full)


def _preview(still: Image.Image, path: str) -> dict[str, Any]:
    small = _scaled(_smooth(still).copy(), PREVIEW_AREA)
    return saved(*_opaque_or_not(small), path)


def _opaque_or_not(image: Image.Image) -> tuple[Image.Image, str]:
    """JPEG where nothing shines through, and PNG where something does."""
    if image.mode == "LA":
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        if image.getchannel("A").getextrema()[0] != 255:
            return image, "PNG"
        image = image.convert("RGB")
    return image, "JPEG"


def _type_of(source: Image.Image, still: Image.Image) -> str:
    if source.format in ("PNG", "GIF", "WEBP"):
        return source.format
    return "PNG" if still.mode in ("RGBA", "LA", "P") else "JPEG"


def _scaled(image: Image.Image, area: int) -> Image.Image:
    width, height = image.size
    if width * height <= area:
        return image
    factor = math.sqrt(area / (width * height))
    image = _smooth(image)
    # A JPEG is decoded at a fraction of its size where that is enough.
    image.thumbnail((max(1, int(width * factor)), max(1, int(height * factor))), Image.Resampling.LANCZOS)
    return image


def _smooth(image: Image.Image) -> Image.Image:
    """In a mode whose pixels can be mixed: a palette's numbers cannot."""
    if "transparency" in image.info and image.mode in ("P", "L", "RGB", "1"):
        return image.convert("RGBA")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.mode == "PA" else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _in_common_colours(image: Image.Image) -> Image.Image:
    """Eight bits of grey, RGB or a palette; a camera's own colour space becomes sRGB."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            known = ImageCms.ImageCmsProfile(BytesIO(profile))
            changed = ImageCms.profileToProfile(image, known, ImageCms.createProfile("sRGB"), outputMode=mode)
            if changed is not None:
                image = changed
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # nonsense; the numbers are taken as they are
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _bare(image: Image.Image) -> Image.Image:
    """Without comments, camera data, colour profiles: encoders would write some of them out again."""
    image.load()
    bare = image.copy()
    bare.info = {}
    if "transparency" in image.info:
        bare.info["transparency"] = image.info["transparency"]
    return bare


def _animation(
    image: Image.Image, count: int, path: str, redraw: Callable[[Image.Image], Image.Image] | None = None
) -> tuple[Image.Image, dict[str, Any]]:
    """Every frame drawn anew, shown as long as before."""
    width, height = image.size
    if count > MOST_FRAMES or width * height * count > MOST_FRAME_PIXELS or width * height > FULL_AREA:
        raise Refused("animation")
    kind, loop = image.format or "GIF", image.info.get("loop")
    frames: list[Image.Image] = []
    durations: list[int] = []
    for frame in ImageSequence.Iterator(image):
        frame.load()  # only now some types know how long they are shown
        durations.append(int(frame.info.get("duration") or 100))
        if redraw:
            frames.append(redraw(frame))
        else:
            frames.append(_bare(frame if kind == "GIF" else frame.convert("RGBA")))
    more: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": durations}
    if loop is not None:
        more["loop"] = loop
    if kind == "GIF" and any("transparency" in frame.info for frame in frames):
        more["disposal"] = 2
    return frames[0], saved(frames[0], kind, path, **more)


# The blur, https://github.com/woltapp/blurhash/blob/master/Algorithm.md

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_SIDE = 32
_WAVES = 4
_LINEAR = [(v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4) for v in range(256)]


def blurhash(image: Image.Image) -> str:
    """28 or so letters that draw a blur of the picture."""
    sample = _smooth(image).convert("RGBA").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    white = Image.new("RGBA", sample.size, "white")
    raw = Image.alpha_composite(white, sample).convert("RGB").tobytes()
    waves = [[math.cos(math.pi * n * at / _SIDE) for at in range(_SIDE)] for n in range(_WAVES)]
    factors: list[list[float]] = []
    sums = [[_along(raw, row, channel, waves) for row in range(_SIDE)] for channel in range(3)]
    for down in range(_WAVES):
        for across in range(_WAVES):
            scale = (1 if across == down == 0 else 2) / _SIDE**2
            factors.append(
                [scale * sum(waves[down][y] * rows[y][across] for y in range(_SIDE)) for rows in sums]
            )
    return _written(factors)


def _along(raw: bytes, row: int, channel: int, waves: list[list[float]]) -> list[float]:
    line = [_LINEAR[value] for value in raw[row * _SIDE * 3 + channel : (row + 1) * _SIDE * 3 : 3]]
    return [sum(a * b for a, b in zip(wave, line, strict=True)) for wave in waves]


def _written(factors: list[list[float]]) -> str:
    mean, *rest = factors
    loudest = max(abs(value) for factor in rest for value in factor)
    steps = max(0, min(82, math.floor(loudest * 166 - 0.5)))
    most = (steps + 1) / 166
    red, green, blue = (_gamma(value) for value in mean)
    text = _digits((_WAVES - 1) + (_WAVES - 1) * 9, 1) + _digits(steps, 1)
    text += _digits((red << 16) + (green << 8) + blue, 4)
    for factor in rest:
        r, g, b = (_quantised(value / most) for value in factor)
        text += _digits((r * 19 + g) * 19 + b, 2)
    return text


def _quantised(value: float) -> int:
    return max(0, min(18, math.floor(math.copysign(math.sqrt(abs(value)), value) * 9 + 9.5)))


def _gamma(value: float) -> int:
    value = max(0.0, min(1.0, value))
    return int((value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055) * 255 + 0.5)


def _digits(value: int, length: int) -> str:
    return "".join(_DIGITS[value // 83**place % 83] for place in range(length - 1, -1, -1))


def _confine() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # Who reads meanwhile comes first.
    os.nice(5)


def main(use: str, full: str, preview: str) -> None:
    """Print what was made as JSON, or `{"refused": why}`."""
    _confine()
    try:
        made = USES[use](opened(sys.stdin.buffer), full, preview)
    except Refused as problem:
        made = {"refused": str(problem)}
    except MemoryError:
        made = {"refused": "pixels"}
    except Exception as problem:  # decoders raise whatever they like on a broken file
        made = {"refused": "broken", "problem": repr(problem)[:500]}
    print(json.dumps(made))


if __name__ == "__main__":
    main(*sys.argv[1:])
