"""Cards as Mastodon's API shows them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts import queries as accounts
from fedcoop.accounts.hydrate import account_entity
from fedcoop.accounts.types import Account
from fedcoop.addresses import proxied
from fedcoop.cards.types import Author, Card, PreviewCard
from fedcoop.db import Row, Tx
from fedcoop.ids import AccountId

_CLAIMED = b'"missing_attribution":"'


async def of_rows(tx: Tx, rows: Sequence[Row], base_url: str) -> dict[int, PreviewCard]:
    """By status, from rows of `queries.OF_STATUSES`."""
    cards = {row["status_id"]: Card(*tuple(row)[1:]) for row in rows}
    return dict(zip(cards, await shown_cards(tx, list(cards.values()), base_url), strict=True))


async def shown_cards(tx: Tx, cards: Sequence[Card], base_url: str) -> list[PreviewCard]:
    """The cards, with the accounts of their authors."""
    wanted = list({card.author_id for card in cards if card.author_id})
    found = await tx.all(accounts.BY_IDS, ids=wanted) if wanted else []
    authors = {each.id: each for each in found if each.suspended_at is None and each.deleted_at is None}
    return [card_entity(card, authors.get(card.author_id or AccountId(0)), base_url) for card in cards]


def seen_by(card: PreviewCard, viewer: int) -> PreviewCard:
    """The card with `missing_attribution` as it is for who looks."""
    return msgspec.structs.replace(card, missing_attribution=card.missing_attribution == str(viewer))


def body_seen_by(body: bytes, viewer: int) -> bytes:
    """The same of a status that is rendered already. What somebody wrote cannot look like it: in a text the
    quotation marks have a backslash."""
    before, marker, after = body.partition(_CLAIMED)
    if not marker:
        return body
    claimed, _, after = after.partition(b'"')
    missing = b"true" if int(claimed) == viewer else b"false"
    return before + _CLAIMED[:-1] + missing + after


def card_entity(card: Card, author: Account | None, base_url: str) -> PreviewCard:
    name, url = card.author_name, card.author_url
    if author is not None:
        name, url = author.display_name or author.username, author.url or author.uri
    shown = Raw(msgspec.json.encode(account_entity(author, base_url))) if author is not None else None
    missing = str(card.claimed_id) if card.claimed_id and card.author_id is None else False
    return PreviewCard(
        url=card.url,
        title=card.title,
        description=card.description,
        language=card.language,
        type=card.type,
        author_name=name,
        author_url=url,
        authors=[Author(name, url, shown)] if name else [],
        provider_name=card.provider_name,
        provider_url=card.provider_url,
        html=card.html,
        width=card.width,
        height=card.height,
        image=image_url(card, base_url),
        image_description=card.image_description,
        embed_url=card.embed_url,
        missing_attribution=missing,
        published_at=clock.iso_or_none(card.published_at),
    )


def image_url(card: Card, base_url: str) -> str | None:
    """Where clients get the picture: small, through us."""
    return proxied(base_url, "cards", card.id, card.image, "small") or None
