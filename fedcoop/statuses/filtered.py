"""What a member's filters say about the statuses of a page. Filters themselves are `fedcoop.filters`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from fedcoop import clock
from fedcoop.cache import ByteCache
from fedcoop.filters.matching import Compiled
from fedcoop.text import plain
from fedcoop.timelines.refs import Ref

NOTHING = b"[]"

_encode = msgspec.json.Encoder().encode


class _Described(msgspec.Struct):
    description: str | None = None


class _Body(msgspec.Struct):
    """The words in what `fedcoop.statuses.entities.StatusBody` was rendered to."""

    content: str
    spoiler_text: str
    media_attachments: list[_Described]


class _Option(msgspec.Struct):
    title: str


class _Poll(msgspec.Struct):
    options: list[_Option]


_read_body = msgspec.json.Decoder(_Body).decode
_read_poll = msgspec.json.Decoder(_Poll).decode


class StatusTexts:
    """The words of statuses that filters look at, kept by revision."""

    def __init__(self, max_bytes: int) -> None:
        self._kept = ByteCache(max_bytes)

    def of(self, id_: int, revision: int, body: bytes, poll: bytes | None) -> str:
        """Content warning, text, choices and descriptions of media, as Mastodon's filters see them. `body` lacks
        its closing brace."""
        kept = self._kept.get(id_, revision)
        if kept is not None:
            return kept.decode()
        words = _read_body(body + b"}")
        parts = [words.spoiler_text, plain(words.content)]
        if poll:
            parts += [option.title for option in _read_poll(poll).options]
        parts += [each.description or "" for each in words.media_attachments]
        text = "\n\n".join(part for part in parts if part)
        self._kept.put(id_, revision, text.encode())
        return text


def results(
    compiled: Sequence[Compiled],
    refs: Iterable[Ref],
    texts: StatusTexts,
    bodies: Mapping[int, bytes],
    polls: Mapping[int, bytes],
) -> dict[int, bytes]:
    """`filtered` of each status that some filter meets, as JSON; of a reblog for both, since it is met by what
    it repeats."""
    found: dict[int, bytes] = {}
    now = clock.now()
    for ref in refs:
        told = ref.told
        if told.id not in bodies:
            continue
        poll = polls.get(told.poll_id) if told.poll_id else None
        text = texts.of(told.id, told.revision, bodies[told.id], poll)
        ids = dict.fromkeys((ref.id, told.id))
        if met := [result for each in compiled if (result := each.met(now, text, ids))]:
            found.update(dict.fromkeys(ids, _encode(met)))
    return found
