"""SQL of preview cards: whose link leads to which, and what is on them."""

from sqlalchemy import BigInteger, BindParameter, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.cards.types import Card
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.cards import card_addresses, preview_cards, status_cards
from fedcoop.db.schema.statuses import statuses

URL: BindParameter[str] = bindparam("url")
CARD_ID = bindparam("card_id", type_=BigInteger())

OF_STATUSES = statement(
    select(status_cards.c.status_id, *columns_of(Card, preview_cards))
    .select_from(
        status_cards.join(card_addresses, card_addresses.c.url == status_cards.c.url).join(
            preview_cards, preview_cards.c.id == card_addresses.c.card_id
        )
    )
    .where(any_of(status_cards.c.status_id, "ids"))
)
BY_URL = statement(select(*columns_of(Card, preview_cards)).where(preview_cards.c.url == URL), into=Card)
BY_IDS = statement(
    select(*columns_of(Card, preview_cards)).where(any_of(preview_cards.c.id, "ids")), into=Card
)
CLAIMED = statement(
    select(preview_cards.c.id, preview_cards.c.url, preview_cards.c.author_id)
    .where(preview_cards.c.claimed_id == bindparam("account_id", type_=BigInteger()))
    .order_by(preview_cards.c.id.desc())
    .limit(bindparam("limit"))
)
CREDIT = statement(
    update(preview_cards)
    .where(preview_cards.c.id == CARD_ID)
    .values(author_id=bindparam("to", type_=BigInteger()))
)
_save = insert(preview_cards)
SAVE = statement(
    _save.on_conflict_do_update(
        index_elements=[preview_cards.c.url],
        set_={
            column.name: _save.excluded[column.name]
            for column in preview_cards.c
            if column.name not in ("id", "url")
        },
    )
)

ADDRESS = statement(
    select(card_addresses.c.card_id, card_addresses.c.asked_at).where(card_addresses.c.url == URL)
)
_ask = insert(card_addresses)
ASK = statement(
    _ask.on_conflict_do_update(
        index_elements=[card_addresses.c.url], set_={"asked_at": _ask.excluded.asked_at}
    )
)
LEAD = statement(
    update(card_addresses)
    .where(card_addresses.c.url == bindparam("of_url"))
    .values(card_id=bindparam("to", type_=BigInteger()))
)
_attach = insert(status_cards)
ATTACH = statement(
    _attach.on_conflict_do_update(
        index_elements=[status_cards.c.status_id], set_={"url": _attach.excluded.url}
    )
)
DETACH = statement(
    delete(status_cards).where(status_cards.c.status_id == bindparam("status_id", type_=BigInteger()))
)

_linking = select(status_cards.c.status_id).join(card_addresses, card_addresses.c.url == status_cards.c.url)
LINKING = statement(
    _linking.where(card_addresses.c.card_id == CARD_ID)
    .order_by(status_cards.c.status_id.desc())
    .limit(bindparam("limit"))
)
TOUCH = statement(
    update(statuses)
    .where(statuses.c.id.in_(_linking.where(any_of(card_addresses.c.card_id, "card_ids"))))
    .values(revision=statuses.c.revision + 1)
)
# Addresses that no status has any more.
FORGET = statement(
    delete(card_addresses).where(
        card_addresses.c.asked_at < bindparam("before"),
        card_addresses.c.url.not_in(select(status_cards.c.url)),
    )
)
