"""SQL of uploads. Those that hang on statuses are read by `fedcoop.statuses.queries.MEDIA`."""

from sqlalchemy import BigInteger, bindparam, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import Row, Statement, any_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.arranging import scheduled_media
from fedcoop.db.schema.cards import preview_cards as cards
from fedcoop.db.schema.media import cached_files as c
from fedcoop.db.schema.media import remote_emoji as emoji
from fedcoop.db.schema.statuses import media_attachments as m

ID = bindparam("id", type_=BigInteger())
_OWNER = m.c.account_id == bindparam("account_id", type_=BigInteger())
_ours = m.c.remote_url.is_(None)

OWN = statement(select(m).where(m.c.id == ID, _OWNER))
INSERT = statement(insert(m))
DESCRIBE = statement(
    update(m)
    .where(m.c.id == bindparam("media_id", type_=BigInteger()))
    .values(
        description=bindparam("new_description"),
        meta=bindparam("new_meta"),
        preview_url=bindparam("new_preview_url"),
    )
)
BY_ID = statement(select(m).where(m.c.id == ID))
FINISH = statement(
    update(m)
    .where(m.c.id == bindparam("media_id", type_=BigInteger()), m.c.processing == "waiting")
    .values(
        type=bindparam("new_type"),
        mime_type=bindparam("new_mime_type"),
        url=bindparam("new_url"),
        preview_url=bindparam("new_preview_url"),
        blurhash=bindparam("new_blurhash"),
        meta=bindparam("new_meta"),
        processing="",
    )
)
FAIL = statement(
    update(m)
    .where(m.c.id == bindparam("media_id", type_=BigInteger()), m.c.processing == "waiting")
    .values(processing=bindparam("why"))
)
DELETE_FREE = statement(
    delete(m).where(m.c.id == ID, m.c.status_id.is_(None)).returning(m.c.url, m.c.preview_url)
)
DELETE_OLD_FREE = statement(
    delete(m)
    .where(
        any_of(m.c.id, "ids"),
        m.c.status_id.is_(None),
    )
    .returning(m.c.url, m.c.preview_url)
)
OLD_FREE = statement(
    select(m.c.id)
    .where(
        m.c.status_id.is_(None),
        _ours,
        m.c.created_at < bindparam("before"),
        ~exists().where(scheduled_media.c.media_id == m.c.id),
    )
    .limit(bindparam("most"))
)

# Files of other servers. Of whom is suspended nothing is shown.


def _picture_of_profile(column: str) -> Statement[Row]:
    return statement(
        select(
            accounts.c[column].label("url"),
            literal("").label("smaller"),
            accounts.c.domain,
            literal("image").label("type"),
        ).where(accounts.c.id == ID, accounts.c.domain.is_not(None), accounts.c.suspended_at.is_(None))
    )


ORIGIN_OF_AVATAR = _picture_of_profile("avatar")
ORIGIN_OF_HEADER = _picture_of_profile("header")
ORIGIN_OF_ATTACHMENT = statement(
    select(m.c.url, m.c.preview_url.label("smaller"), accounts.c.domain, m.c.type)
    .select_from(m.join(accounts, accounts.c.id == m.c.account_id))
    .where(
        m.c.id == ID,
        m.c.remote_url.is_not(None),
        accounts.c.domain.is_not(None),
        accounts.c.suspended_at.is_(None),
    )
)
ORIGIN_OF_CARD = statement(
    select(
        cards.c.image.label("url"),
        literal("").label("smaller"),
        literal("").label("domain"),
        literal("image").label("type"),
    ).where(cards.c.id == ID)
)
ORIGIN_OF_EMOJI = statement(
    select(emoji.c.url, literal("").label("smaller"), emoji.c.domain, literal("image").label("type")).where(
        emoji.c.digest == bindparam("digest")
    )
)
KNOW_EMOJI = statement(insert(emoji).on_conflict_do_nothing())
_keep = insert(c)
COPY = statement(select(c).where(c.c.key == bindparam("key")))
KEEP_COPY = statement(
    _keep.on_conflict_do_update(
        index_elements=[c.c.key],
        set_={name: _keep.excluded[name] for name in ("name", "size", "fetched_at", "used_at")},
    )
)
TOUCH_COPY = statement(update(c).where(c.c.key == bindparam("of_key")).values(used_at=bindparam("at")))
OLDEST_COPIES = statement(
    select(c.c.key, c.c.name, c.c.size)
    .where(c.c.used_at < bindparam("before"))
    .order_by(c.c.used_at)
    .limit(bindparam("most"))
)
SIZE_OF_COPIES = statement(select(func.sum(c.c.size)))
FORGET_COPIES = statement(delete(c).where(any_of(c.c.key, "keys")))
