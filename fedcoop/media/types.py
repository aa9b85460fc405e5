"""What was made of an upload. The rows are `media_attachments`."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Kind = Literal["image", "gifv", "video", "audio"]


class Picture(msgspec.Struct, frozen=True):
    """A file that is kept: its name in the storage, and its size in pixels (none for sounds)."""

    name: str
    mime_type: str
    width: int = 0
    height: int = 0

    @property
    def size(self) -> dict[str, Any]:
        """As `meta` of Mastodon's MediaAttachment has it."""
        return {
            "width": self.width,
            "height": self.height,
            "size": f"{self.width}x{self.height}",
            "aspect": self.width / self.height,
        }


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What a film or a sound is like: seconds, bits per second, and how its sound is written."""

    duration: float
    bitrate: int
    frame_rate: str = ""
    fps: float = 0
    audio_encode: str = ""
    audio_bitrate: str = ""
    audio_channels: str = ""


WAITING = "waiting"
"""What `processing` of a row says until its file is converted."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A film or sound that a job will convert: its file in the workplace, and what it seems to be."""

    upload: str
    kind: Kind


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one upload; a picture of a profile has neither preview nor blur, `still` is the first frame
    of an animated one."""

    full: Picture
    kind: Kind = "image"
    preview: Picture | None = None
    still: Picture | None = None
    blurhash: str | None = None
    stream: Stream | None = None

    @property
    def names(self) -> list[str]:
        return [each.name for each in (self.full, self.preview, self.still) if each]

    @property
    def meta(self) -> dict[str, Any]:
        """As Mastodon's MediaAttachment has it, without the focal point."""
        small = {"small": self.preview.size} if self.preview else {}
        if self.stream is None:
            return {"original": self.full.size} | small
        stream = self.stream
        meta: dict[str, Any] = {"length": _length(stream.duration), "duration": stream.duration}
        original: dict[str, Any] = {}
        if self.kind != "audio":
            meta |= {"fps": round(stream.fps), **self.full.size}
            original = {
                "width": self.full.width,
                "height": self.full.height,
                "frame_rate": stream.frame_rate,
            }
        if stream.audio_encode:
            meta |= {
                "audio_encode": stream.audio_encode,
                "audio_bitrate": stream.audio_bitrate,
                "audio_channels": stream.audio_channels,
            }
        return (
            meta | {"original": original | {"duration": stream.duration, "bitrate": stream.bitrate}} | small
        )


def _length(seconds: float) -> str:
    """`0:01:28.65`."""
    hundredths = round(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 100:02}.{rest % 100:02}"
