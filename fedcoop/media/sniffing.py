"""What a file is by its first bytes, whatever its name and its sender say."""

from __future__ import annotations

from typing import Literal, NamedTuple

NEEDED = 64
"""How many bytes are looked at."""


class Sniffed(NamedTuple):
    """`suffix` as in `files.TYPES`; `demuxer` is the one of ffmpeg that may read it, for films and sounds."""

    kind: Literal["picture", "film", "sound"]
    suffix: str
    demuxer: str = ""


_BRANDS_OF_PICTURES = frozenset({b"avif", b"avis"})
_OTHER_PICTURES = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"crx "})


def sniffed(head: bytes) -> Sniffed | None:
    """None for what is not taken here: documents, SVG, HEIC, archives, anything unknown."""
    if head.startswith(b"\xff\xd8\xff"):
        return Sniffed("picture", "jpg")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sniffed("picture", "png")
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Sniffed("picture", "gif", "gif")
    if head.startswith(b"RIFF"):
        return _riff(head[8:12])
    if head[4:8] == b"ftyp":
        return _boxes(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Sniffed("film", "webm", "matroska")
    if head.startswith(b"OggS"):
        return Sniffed("sound", "ogg", "ogg")
    if head.startswith(b"fLaC"):
        return Sniffed("sound", "flac", "flac")
    return _bare_sound(head)


def _riff(form: bytes) -> Sniffed | None:
    if form == b"WEBP":
        return Sniffed("picture", "webp")
    return Sniffed("sound", "wav", "wav") if form == b"WAVE" else None


def _boxes(brand: bytes) -> Sniffed | None:
    """ISO's container: films, sounds, and pictures that only look like either."""
    if brand in _BRANDS_OF_PICTURES:
        return Sniffed("picture", "avif")
    if brand in _OTHER_PICTURES:
        return None
    return Sniffed("sound", "m4a", "mov") if brand in (b"M4A ", b"M4B ") else Sniffed("film", "mp4", "mov")


def _bare_sound(head: bytes) -> Sniffed | None:
    """Streams without a container: MP3 with or without a tag before it, and AAC."""
    if head.startswith(b"ID3"):
        return Sniffed("sound", "mp3", "mp3")
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return Sniffed("sound", "m4a", "aac")
    layer, bitrate = head[1] & 0x06, head[2] >> 4
    return Sniffed("sound", "mp3", "mp3") if head[1] & 0xE0 == 0xE0 and layer and bitrate != 15 else None
