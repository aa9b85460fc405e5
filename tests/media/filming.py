"""Films and sounds for the tests, made by ffmpeg; where the machine has none, whoever asks for one is skipped."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

FFMPEG = shutil.which("ffmpeg")
needs_ffmpeg = pytest.mark.skipif(FFMPEG is None, reason="this machine has no ffmpeg")

PICTURE = ("-f", "lavfi", "-i", "testsrc=size={size}:rate={rate}:duration={seconds},format=yuv420p")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration={seconds}")
WHERE = ("-metadata", "location=+48.1374+011.5755/", "-metadata", "title=my kitchen")


@cache
def film(
    suffix: str = "mp4",
    *how: str,
    sound: bool = True,
    size: str = "320x180",
    rate: int = 25,
    seconds: float = 1,
) -> bytes:
    """Moving stripes, with a tone. `how` are ffmpeg's words about what is written."""
    inputs = PICTURE + (SOUND if sound else ())
    return _written(suffix, *inputs, *WHERE, *how, size=size, rate=rate, seconds=seconds)


@cache
def sound(suffix: str, *how: str, seconds: float = 1) -> bytes:
    return _written(suffix, *SOUND, *WHERE, *how, seconds=seconds)


@cache
def song_with_cover(cover: bytes) -> bytes:
    """An MP3 with a picture in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "cover.png")
        path.write_bytes(cover)
        picture = (
            "-i",
            str(path),
            "-map",
            "0:a",
            "-map",
            "1:v",
            "-c:v",
            "copy",
            "-disposition:v",
            "attached_pic",
        )
        return _written("mp3", *SOUND, *picture, seconds=1)


def told(data: bytes) -> Any:
    """What ffprobe says of a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        words = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
        return msgspec.json.decode(subprocess.run(words, check=True, capture_output=True).stdout)


def codecs(data: bytes) -> list[str]:
    return sorted(stream["codec_name"] for stream in told(data)["streams"])


def _written(suffix: str, *words: str, **values: Any) -> bytes:
    assert FFMPEG is not None
    with TemporaryDirectory() as folder:
        path = Path(folder, f"made.{suffix}")
        filled = [word.format(**values) if "{" in word else word for word in words]
        subprocess.run([FFMPEG, "-v", "error", *filled, str(path)], check=True)
        return path.read_bytes()
