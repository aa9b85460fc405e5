"""SQL of collections. What somebody sees of one is decided in `_shown` alone."""

from sqlalchemy import BigInteger, Boolean, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.collections.types import Collection, Item
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, users
from fedcoop.db.schema.collections import collection_items, collections

_id = bindparam("id", type_=BigInteger())
_account = bindparam("account_id", type_=BigInteger())
_viewer = bindparam("viewer", type_=BigInteger())
_collection = select(*columns_of(Collection, collections))
_item = select(*columns_of(Item, collection_items))

# Collections

BY_ID = statement(_collection.where(collections.c.id == _id), into=Collection)
BY_URI = statement(_collection.where(collections.c.uri == bindparam("uri")), into=Collection)
_owner = accounts.alias("owner")
_visible = and_(
    _owner.c.suspended_at.is_(None),
    _owner.c.deleted_at.is_(None),
    ~exists().where(blocks.c.account_id == collections.c.account_id, blocks.c.target_id == _viewer),
)
_with_owner = _collection.join(_owner, _owner.c.id == collections.c.account_id)
VISIBLE = statement(_with_owner.where(collections.c.id == _id, _visible), into=Collection)
BY_IDS = statement(_collection.where(any_of(collections.c.id, "ids")), into=Collection)
VISIBLE_ONES = statement(_with_owner.where(any_of(collections.c.id, "ids"), _visible), into=Collection)
OF_ACCOUNT = statement(
    _with_owner.where(
        collections.c.account_id == _account,
        _visible,
        or_(collections.c.discoverable, collections.c.account_id == _viewer),
    )
    .order_by(collections.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset")),
    into=Collection,
)
WITH_ACCOUNT = statement(
    _with_owner.join(collection_items, collection_items.c.collection_id == collections.c.id)
    .where(collection_items.c.account_id == _account, collection_items.c.state == "accepted", _visible)
    .order_by(collections.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset")),
    into=Collection,
)
COUNT = statement(select(func.count()).select_from(collections).where(collections.c.account_id == _account))
MEMBERS_AT = statement(
    select(collections.c.id, collections.c.account_id)
    .join(users, users.c.account_id == collections.c.account_id)
    .where(any_of(collections.c.uri, "uris"))
    .order_by(collections.c.id)
)
URIS_OF = statement(select(collections.c.uri).where(collections.c.account_id == _account))
INSERT = statement(insert(collections).on_conflict_do_nothing())
UPDATE = statement(
    update(collections)
    .where(collections.c.id == _id)
    .values(
        **{
            name: bindparam(f"new_{name}")
            for name in ("url", "name", "description", "language", "tag", "updated_at")
        },
        **{name: bindparam(f"new_{name}", type_=Boolean()) for name in ("sensitive", "discoverable")},
    )
)
TOUCH = statement(
    update(collections).where(collections.c.id == _id).values(updated_at=bindparam("new_updated_at"))
)
DELETE = statement(delete(collections).where(collections.c.id == _id))
DELETE_OTHERS = statement(
    delete(collections).where(collections.c.account_id == _account, ~any_of(collections.c.uri, "uris"))
)

# Items

ITEM = statement(_item.where(collection_items.c.id == _id), into=Item)
ITEM_OF = statement(
    _item.where(
        collection_items.c.collection_id == bindparam("collection_id", type_=BigInteger()),
        collection_items.c.account_id == _account,
    ),
    into=Item,
)
BY_STAMP = statement(_item.where(collection_items.c.stamp_uri == bindparam("uri")), into=Item)
_here = collection_items.c.collection_id == bindparam("collection_id", type_=BigInteger())
ITEMS_OF = statement(_item.where(_here), into=Item)
COUNT_ITEMS = statement(
    select(func.count())
    .select_from(collection_items)
    .where(_here, or_(collection_items.c.state == "pending", collection_items.c.state == "accepted"))
)
LAST_POSITION = statement(select(func.coalesce(func.max(collection_items.c.position), 0)).where(_here))
INSERT_ITEM = statement(insert(collection_items).on_conflict_do_nothing())
SET_ITEM = statement(
    update(collection_items)
    .where(collection_items.c.id == _id)
    .values(state=bindparam("new_state"), stamp_uri=bindparam("new_stamp_uri"))
)
PLACE_ITEM = statement(
    update(collection_items)
    .where(collection_items.c.id == _id)
    .values(uri=bindparam("new_uri"), position=bindparam("new_position"))
)
DELETE_ITEM = statement(delete(collection_items).where(collection_items.c.id == _id))

# What a viewer sees in collections: who consents and is there; its owner also who was asked. Nobody is shown where
# one of the two blocks the other, nor to whoever blocks them.
_shown = and_(
    or_(
        collection_items.c.state == "accepted",
        and_(collection_items.c.state == "pending", collections.c.account_id == _viewer),
    ),
    accounts.c.suspended_at.is_(None),
    accounts.c.deleted_at.is_(None),
    ~exists().where(
        or_(
            and_(
                blocks.c.account_id == collection_items.c.account_id,
                blocks.c.target_id == collections.c.account_id,
            ),
            and_(
                blocks.c.account_id == collections.c.account_id,
                blocks.c.target_id == collection_items.c.account_id,
            ),
            and_(blocks.c.account_id == _viewer, blocks.c.target_id == collection_items.c.account_id),
        )
    ),
)
SHOWN = statement(
    _item.join(collections, collections.c.id == collection_items.c.collection_id)
    .join(accounts, accounts.c.id == collection_items.c.account_id)
    .where(any_of(collection_items.c.collection_id, "ids"), _shown)
    .order_by(collection_items.c.position, collection_items.c.id),
    into=Item,
)
FEATURED = statement(
    select(*columns_of(Item, collection_items), accounts.c.uri.label("account_uri"))
    .join(collections, collections.c.id == collection_items.c.collection_id)
    .join(accounts, accounts.c.id == collection_items.c.account_id)
    .where(_here, _shown)
    .order_by(collection_items.c.position, collection_items.c.id)
)
"""The same of one collection, with the accounts' addresses."""
MEMBER_IDS = statement(
    select(collection_items.c.account_id).where(_here, collection_items.c.state == "accepted")
)
