"""Cards as Mastodon's API shows them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts import queries as accounts
from fedcoop.accounts.hydrate import account_entity
from fedcoop.addresses import proxied
from fedcoop.cards.types import Author, Card, PreviewCard
from fedcoop.db import Row, Tx


async def of_rows(tx: Tx, rows: Sequence[Row], base_url: str) -> dict[int, PreviewCard]:
    """By status, from rows of `queries.OF_STATUSES`."""
    cards = {row["status_id"]: Card(*tuple(row)[1:]) for row in rows}
    return dict(zip(cards, await shown_cards(tx, list(cards.values()), base_url), strict=True))


async def shown_cards(tx: Tx, cards: Sequence[Card], base_url: str) -> list[PreviewCard]:
    """The cards, with the accounts of their authors."""
    wanted = list({card.author_id for card in cards if card.author_id})
    found = await tx.all(accounts.BY_IDS, ids=wanted) if wanted else []
    authors: dict[int, Raw] = {
        each.id: Raw(msgspec.json.encode(account_entity(each, base_url)))
        for each in found
        if each.suspended_at is None and each.deleted_at is None
    }
    return [card_entity(card, authors.get(card.author_id or 0), base_url) for card in cards]


def card_entity(card: Card, author: Raw | None, base_url: str) -> PreviewCard:
    named = author is not None or bool(card.author_name)
    return PreviewCard(
        url=card.url,
        title=card.title,
        description=card.description,
        language=card.language,
        type=card.type,
        author_name=card.author_name,
        author_url=card.author_url,
        authors=[Author(card.author_name, card.author_url, author)] if named else [],
        provider_name=card.provider_name,
        provider_url=card.provider_url,
        html=card.html,
        width=card.width,
        height=card.height,
        image=image_url(card, base_url),
        image_description=card.image_description,
        embed_url=card.embed_url,
        published_at=clock.iso_or_none(card.published_at),
    )


def image_url(card: Card, base_url: str) -> str | None:
    """Where clients get the picture: small, through us."""
    return proxied(base_url, "cards", card.id, card.image, "small") or None
