"""From the bytes another server sent to a typed object, or to `Ignored` with a reason.

Three steps: `document` (JSON within limits), `shape` and `jsonld` (unusual JSON-LD into the common shape),
`reader` (the common shape to `activitypub.vocabulary`). The other way round is `activitypub.builders`.
Nothing here fetches anything or knows the database.
"""

import asyncio
from typing import Any

from activitypub.errors import Ignored
from activitypub.parse.document import decode
from activitypub.parse.reader import Thing, read
from activitypub.parse.shape import is_plain, uses_keywords, without_keywords

__all__ = ["decode", "is_plain", "normalise", "normalise_aside", "parse", "parse_document", "read_normal"]


def normalise(document: dict[str, Any]) -> dict[str, Any]:
    """The document in the common shape. Raises `Ignored` when its JSON-LD is more than we read."""
    if is_plain(document):
        return without_keywords(document) if uses_keywords(document) else document
    from activitypub.parse import jsonld  # pyld costs memory that most servers never need

    return jsonld.compact(document)


async def normalise_aside(document: dict[str, Any]) -> dict[str, Any]:
    """As `normalise`, with the slow kind of document in a thread of its own. Raises `Ignored`."""
    if is_plain(document):
        return normalise(document)
    return await asyncio.to_thread(normalise, document)


def parse_document(document: dict[str, Any]) -> Thing:
    """A decoded document as a typed object. Raises `Ignored`."""
    return read_normal(normalise(document))


def read_normal(document: dict[str, Any]) -> Thing:
    """A document in the common shape as a typed object. Raises `Ignored`."""
    try:
        return read(document)
    except RecursionError:
        raise Ignored("nested too deeply") from None


def parse(body: bytes) -> Thing:
    """The bytes of a document as a typed object. Raises `Ignored`, and nothing else."""
    return parse_document(decode(body))
