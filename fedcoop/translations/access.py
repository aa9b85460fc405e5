"""What of a status may be translated, and putting together what the service made of it."""

from __future__ import annotations

import html

from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.statuses import access, queries
from fedcoop.text import plain, sanitize
from fedcoop.translations.types import Attachment, Option, Poll, Texts, Translation

Languages = dict[str, list[str]]
"""By source language, the languages that can be translated into."""


async def texts(tx: Tx, viewer: int, status_id: int) -> tuple[Texts, str]:
    """The texts of a status, and their language (empty where nobody said). Raises `NotFound` where the viewer may
    not see it, and `NotAllowed` where it is not for everybody: a stranger's service would read it."""
    status = await access.original(tx, viewer, status_id)
    if not status.public:
        raise NotAllowed("This action is not allowed")
    media, polls = await tx.batch(
        queries.MEDIA.bind(ids=[status.id]),
        queries.POLLS.bind(ids=[status.poll_id] if status.poll_id else []),
    )
    found = Texts(
        content=status.content,
        spoiler_text=status.spoiler_text,
        poll_id=status.poll_id,
        options=polls[0].titles() if polls else [],
        descriptions={row["id"]: row["description"] for row in media if row["description"]},
    )
    return found, status.language or ""


def pair(languages: Languages, source: str, wanted: str) -> tuple[str, str]:
    """Source (`auto` where unknown) and target as the service calls them. Raises `NotAllowed` for languages that
    it cannot translate between."""
    if not source:
        targets = {target for known in languages.values() for target in known}
        return "auto", _one_of(targets, wanted)
    found = _one_of(languages, source)
    return found, _one_of(languages[found], wanted)


def _one_of(languages: Languages | set[str] | list[str], wanted: str) -> str:
    by_code = {code.lower(): code for code in languages}
    for code in (wanted.lower().replace("_", "-"), wanted.lower().replace("_", "-").partition("-")[0]):
        if code in by_code:
            return by_code[code]
    raise NotAllowed("This action is not allowed")


def asked(found: Texts) -> list[str]:
    """All texts as HTML, the content first."""
    return [found.content, *map(html.escape, found.plain)]


def put_together(found: Texts, answers: list[str], detected: str, target: str, provider: str) -> Translation:
    """The translation out of the answers to `asked`, made safe anew: a service is a stranger."""
    spoiler_text, *others = map(plain, answers[1:])
    options, descriptions = others[: len(found.options)], others[len(found.options) :]
    return Translation(
        detected_source_language=detected,
        language=target,
        provider=provider,
        content=sanitize(answers[0]),
        spoiler_text=spoiler_text,
        poll=Poll(str(found.poll_id), [Option(title) for title in options]) if found.options else None,
        media_attachments=[
            Attachment(str(id_), description)
            for id_, description in zip(found.descriptions, descriptions, strict=True)
        ],
    )
