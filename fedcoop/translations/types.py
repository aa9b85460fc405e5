"""A translated status, as Mastodon's API shows it. https://docs.joinmastodon.org/entities/Translation/"""

from __future__ import annotations

import msgspec


class Option(msgspec.Struct):
    title: str


class Poll(msgspec.Struct):
    id: str
    options: list[Option]


class Attachment(msgspec.Struct):
    id: str
    description: str


class Translation(msgspec.Struct):
    detected_source_language: str
    language: str
    provider: str
    content: str
    spoiler_text: str
    poll: Poll | None
    media_attachments: list[Attachment]


class Texts(msgspec.Struct, frozen=True):
    """What there is to translate of a status. `content` is HTML, everything else plain."""

    content: str
    spoiler_text: str
    poll_id: int | None
    options: list[str]
    descriptions: dict[int, str]
    """By the attachment's id."""

    @property
    def plain(self) -> list[str]:
        return [self.spoiler_text, *self.options, *self.descriptions.values()]
