"""What decoding made of an upload. The rows are `media_attachments`."""

from __future__ import annotations

import msgspec


class Picture(msgspec.Struct, frozen=True):
    """A file that is kept: its name below the media folder, and its size in pixels."""

    name: str
    mime_type: str
    width: int
    height: int

    @property
    def size(self) -> dict[str, object]:
        """As `meta` of Mastodon's MediaAttachment has it."""
        return {
            "width": self.width,
            "height": self.height,
            "size": f"{self.width}x{self.height}",
            "aspect": self.width / self.height,
        }


class Made(msgspec.Struct, frozen=True):
    """The files of one upload; a picture of a profile has neither preview nor blur."""

    full: Picture
    preview: Picture | None = None
    blurhash: str | None = None

    @property
    def names(self) -> list[str]:
        return [self.full.name] + ([self.preview.name] if self.preview else [])
