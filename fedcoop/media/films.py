"""Films and sounds, read and written by ffmpeg where the machine has it, in a process of its own that
`confined` limits.

What comes out says nothing about who made it where: of the file that was sent only picture and sound are taken
over. An MP4 that every browser plays is copied without being encoded anew; everything else becomes one. Moving
pictures without sound are `gifv`, as with Mastodon. Everything here blocks and is called by `processing`, on a
thread.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import signal
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fedcoop.config import Config
from fedcoop.media import files
from fedcoop.media.sniffing import Sniffed
from fedcoop.media.types import Kind, Stream

log = logging.getLogger("fedcoop.media")

TAKEN = (
    "video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/ogg", "video/3gpp",
    "audio/mpeg", "audio/mp3", "audio/ogg", "audio/webm", "audio/flac", "audio/wav", "audio/x-wav", "audio/wave",
    "audio/aac", "audio/mp4", "audio/m4a", "audio/x-m4a",
)  # fmt: skip
DECODERS = (
    "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,theora,gif,mjpeg,png,"
    "aac,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,alac,amrnb,amrwb,"
    "pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,pcm_s16be,pcm_alaw,pcm_mulaw"
)
"""Of ffmpeg's hundreds of decoders, those whose files people have. The others are never given a stranger's
bytes."""
FASTEST = 120
SMOOTH = 60
"""Frames in a second: the most that is taken, and the most that is passed on."""
FULL_AREA = 1920 * 1080
MEMORY = 2560 * 1024 * 1024
PROBE_SECONDS, WORK_SECONDS = 10, 1800
COPIED = {
    "mp3": ("mp3", ("mp3",)),
    "ogg": ("ogg", ("vorbis", "opus")),
    "flac": ("flac", ("flac",)),
    "m4a": ("ipod", ("aac",)),
}
"""Sounds that browsers play as they are: the muxer that writes them anew, and the codecs they may be in."""
_CONFINED = Path(__file__).with_name("confined.py")
_BARE = ("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")


class Refused(Exception):
    """Not a film or sound that is taken; the word says why, the sentence is in `processing`."""


class Found(NamedTuple):
    """What a file holds. `cover` is the number of the stream with a picture of a sound."""

    kind: Kind
    width: int
    height: int
    video: dict[str, Any]
    audio: dict[str, Any]
    cover: int | None
    stream: Stream


def available(config: Config) -> bool:
    """Does this machine have what films and sounds need?"""
    return _programs(config.ffmpeg) is not None


@cache
def _programs(name: str) -> tuple[str, str] | None:
    ffmpeg = shutil.which(name) if name else None
    probe = ffmpeg and shutil.which(str(Path(ffmpeg).with_name("ffprobe")))
    return (ffmpeg, probe) if ffmpeg and probe else None


def probed(config: Config, path: Path, what: Sniffed) -> Found:
    """What the file holds. Raises `Refused` where it is broken, or larger or faster than is taken here."""
    told = _run(
        config, "ffprobe", PROBE_SECONDS, "-show_format", "-show_streams", "-of", "json", *_input(path, what)
    )
    try:
        document = msgspec.json.decode(told)
        found = _found(document["format"], document["streams"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, ZeroDivisionError):
        raise Refused("film") from None
    if found.width * found.height > config.video_max_pixels:
        raise Refused("film pixels")
    if found.stream.fps > FASTEST:
        raise Refused("film frames")
    return found


def written(config: Config, path: Path, what: Sniffed, found: Found, into: Path) -> str:
    """Write what is shown to others, and return its suffix. Raises `Refused`."""
    if found.kind == "audio":
        suffix, how = _sound(what, found)
    else:
        suffix, how = "mp4", _film(what, found)
    _run(config, "ffmpeg", WORK_SECONDS, *_input(path, what), *how, str(into), largest=config.video_max_bytes)
    return suffix


def frame(config: Config, path: Path, what: Sniffed, found: Found, into: Path) -> bool:
    """Write the first frame, or the cover of a sound, as PNG; says whether there is one. Raises `Refused`."""
    if found.kind == "audio" and found.cover is None:
        return False
    stream = f"0:{found.video['index'] if found.cover is None else found.cover}"
    area = ("-vf", "scale='min(1280,iw)':-2") if found.width > 1280 else ()
    how = ("-map", stream, "-frames:v", "1", *area, "-f", "image2", "-c:v", "png", "-update", "1", str(into))
    _run(config, "ffmpeg", PROBE_SECONDS * 3, *_input(path, what), *how)
    return into.exists() and into.stat().st_size > 0


def made_of(suffix: str) -> Sniffed:
    """How a file that `written` wrote is read."""
    return Sniffed("film", suffix, {"m4a": "mov", "mp4": "mov"}.get(suffix, suffix))


def _input(path: Path, what: Sniffed) -> tuple[str, ...]:
    # No playlist and no reference inside a file leads to another file or to the network.
    return (
        "-protocol_whitelist",
        "file",
        "-codec_whitelist",
        DECODERS,
        "-f",
        what.demuxer,
        "-i",
        f"file:{path}",
    )


def _film(what: Sniffed, found: Found) -> tuple[str, ...]:
    picture = ("-map", f"0:{found.video['index']}", "-map", "0:a:0?", *_BARE, "-sn", "-dn")
    there = ("-movflags", "+faststart", "-f", "mp4")
    if _plays_everywhere(what, found):
        return (*picture, "-c", "copy", *there)
    width, height = _even(found.width, found.height)
    changes = [f"scale={width}:{height}", "setsar=1", "format=yuv420p"]
    if found.stream.fps > SMOOTH:
        changes.insert(0, f"fps={SMOOTH}")
    # Many cameras change their speed as they go, and GIF has a delay for each frame: their times are kept.
    return (
        *picture, "-vf", ",".join(changes), "-fps_mode", "vfr",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "5M", "-bufsize", "10M",
        "-profile:v", "high", "-flags:v", "+bitexact", "-threads", "2",
        "-c:a", "aac", "-b:a", "160k", *_stereo(found), "-flags:a", "+bitexact", *there,
    )  # fmt: skip


def _plays_everywhere(what: Sniffed, found: Found) -> bool:
    return (
        what.demuxer == "mov"
        and found.video.get("codec_name") == "h264"
        and found.video.get("pix_fmt") in ("yuv420p", "yuvj420p")
        and found.audio.get("codec_name", "aac") == "aac"
        and found.stream.fps <= SMOOTH
    )


def _sound(what: Sniffed, found: Found) -> tuple[str, tuple[str, ...]]:
    alone = ("-map", "0:a:0", *_BARE, "-vn", "-sn", "-dn")
    muxer, codecs = COPIED.get(what.suffix, ("", ()))
    if found.audio["codec_name"] in codecs:
        return what.suffix, (*alone, "-c:a", "copy", "-f", muxer)
    return "mp3", (*alone, "-c:a", "libmp3lame", "-q:a", "2", *_stereo(found), "-f", "mp3")


def _stereo(found: Found) -> tuple[str, ...]:
    """Two loudspeakers at most."""
    return ("-ac", "2") if int(found.audio.get("channels", 0)) > 2 else ()


def _even(width: int, height: int) -> tuple[int, int]:
    """At most `FULL_AREA`, in the even numbers that the encoder wants."""
    factor = min(1.0, math.sqrt(FULL_AREA / (width * height)))
    return max(2, int(width * factor) // 2 * 2), max(2, int(height * factor) // 2 * 2)


def _found(file: dict[str, Any], streams: list[dict[str, Any]]) -> Found:
    films = [each for each in streams if each["codec_type"] == "video"]
    covers = [each for each in films if each["disposition"].get("attached_pic")]
    video = next((each for each in films if each not in covers), {})
    audio = next((each for each in streams if each["codec_type"] == "audio"), {})
    if not (video or audio):
        raise Refused("film")
    width, height = int(video.get("width", 0)), int(video.get("height", 0))
    if video and not (width and height):
        raise Refused("film")
    if any(abs(int(each.get("rotation", 0))) % 180 == 90 for each in video.get("side_data_list", [])):
        width, height = height, width
    rate = video.get("avg_frame_rate", "0/0")
    if rate.endswith("/0") or rate.startswith("0/"):
        rate = video.get("r_frame_rate", "0/0")
    fps = 0.0 if rate.endswith("/0") else float(Fraction(rate))
    seconds = max(0.0, float(file.get("duration") or video.get("duration") or audio.get("duration") or 0))
    if not math.isfinite(seconds):
        raise Refused("film")
    return Found(
        kind=("video" if audio else "gifv") if video else "audio",
        width=width,
        height=height,
        video=video,
        audio=audio,
        cover=covers[0]["index"] if covers and not video else None,
        stream=Stream(
            duration=round(seconds, 3),
            bitrate=int(file.get("bit_rate", 0)),
            frame_rate=rate if video else "",
            fps=fps,
            audio_encode=_encoding(audio),
            audio_bitrate=f"{audio['sample_rate']} Hz" if audio else "",
            audio_channels=audio.get("channel_layout") or f"{audio.get('channels', '')}",
        ),
    )


def _encoding(audio: dict[str, Any]) -> str:
    """`aac (LC) (mp4a / 0x6134706d)`."""
    if not audio:
        return ""
    profile = f" ({audio['profile']})" if audio.get("profile") else ""
    number = audio.get("codec_tag", "0x0000")
    tag = "" if number == "0x0000" else f" ({audio['codec_tag_string']} / {number})"
    return f"{audio['codec_name']}{profile}{tag}"


def _run(config: Config, program: str, seconds: int, *words: str, largest: int = 128 * 1024 * 1024) -> bytes:
    """What the program printed. Raises `Refused` where it fails or reaches a limit."""
    found = _programs(config.ffmpeg)
    if found is None:
        raise Refused("no films")
    path = found[0] if program == "ffmpeg" else found[1]
    quiet = ("-nostdin", "-y") if program == "ffmpeg" else ()
    command = [sys.executable, "-I", str(_CONFINED), str(MEMORY), str(seconds), str(largest), path]
    try:
        done = subprocess.run(  # noqa: S603 # our own program, which starts ffmpeg
            [*command, "-hide_banner", "-v", "error", *quiet, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=2 * seconds,
            cwd=files.workplace(config),
            env={
                name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ
            },
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("film time") from None
    if b"File too large" in done.stderr:
        # Where only the last bytes found no room it ends as if all were well.
        raise Refused("film size")
    if done.returncode == 0:
        return done.stdout
    log.info("%s ends with %s: %s", program, done.returncode, done.stderr[-500:].decode("utf-8", "replace"))
    if done.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        raise Refused("film time")
    raise Refused("film")
