"""SQL of accounts and users. Removing them is `leaving`; what binds accounts together is in
`fedcoop.relationships.queries`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.accounts.types import Account, User
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.fulltext import found
from fedcoop.db.schema.accounts import (
    accounts,
    attribution_domains,
    blocks,
    follow_requests,
    follows,
    private_keys,
    users,
)
from fedcoop.db.schema.instance import restricted_domains
from fedcoop.db.schema.search import account_words

_account = select(*columns_of(Account, accounts))
_user = select(*columns_of(User, users))

BY_ID = statement(_account.where(accounts.c.id == bindparam("id")), into=Account)
STANDING = statement(
    select(accounts.c.suspended_at, accounts.c.deleted_at).where(accounts.c.id == bindparam("id"))
)
BY_IDS = statement(_account.where(any_of(accounts.c.id, "ids")), into=Account)
BY_HANDLE = statement(_account.where(accounts.c.handle == bindparam("handle")), into=Account)
BY_HANDLES = statement(_account.where(any_of(accounts.c.handle, "handles")), into=Account)
BY_URI = statement(_account.where(accounts.c.uri == bindparam("uri")), into=Account)
REVISIONS = statement(select(accounts.c.id, accounts.c.revision).where(any_of(accounts.c.id, "ids")))
# The instance actor is the one local application; it has no user. Asked once when the server starts.
INSTANCE_ACTOR = statement(
    _account.where(accounts.c.domain.is_(None), accounts.c.kind == "application").limit(1), into=Account
)
PRIVATE_KEY = statement(
    select(private_keys.c.pem).where(private_keys.c.account_id == bindparam("account_id"))
)
PRIVATE_SEED = statement(
    select(private_keys.c.seed).where(private_keys.c.account_id == bindparam("account_id"))
)
_viewer = bindparam("viewer", type_=BigInteger())
_f = found(account_words, "asked").table_valued("id").alias("f")
_followed = exists().where(follows.c.account_id == _viewer, follows.c.target_id == accounts.c.id)
SEARCH = statement(
    _account.join(_f, _f.c.id == accounts.c.id)
    .where(
        accounts.c.deleted_at.is_(None),
        accounts.c.suspended_at.is_(None),
        accounts.c.moved_to_id.is_(None),
        ~exists().where(blocks.c.account_id == accounts.c.id, blocks.c.target_id == _viewer),
        or_(~bindparam("following", type_=Boolean()), _followed),
    )
    .order_by(
        func.lower(accounts.c.username) != bindparam("handle", type_=Text()),
        ~_followed,
        accounts.c.domain.is_not(None),
        accounts.c.followers_count.desc(),
        accounts.c.id,
    )
    .limit(bindparam("limit"))
    .offset(bindparam("offset")),
    into=Account,
    planned_anew=True,
)
_keep = upsert(account_words)
KEEP_WORDS = statement(
    _keep.on_conflict_do_update(
        index_elements=[account_words.c.account_id], set_={"words": _keep.excluded.words}
    )
)
UNKEPT = statement(
    _account.where(
        accounts.c.id < bindparam("below", type_=BigInteger()),
        ~exists().where(account_words.c.account_id == accounts.c.id),
    )
    .order_by(accounts.c.id.desc())
    .limit(bindparam("limit")),
    into=Account,
)

INSERT = statement(upsert(accounts).on_conflict_do_nothing())
INSERT_KEY = statement(insert(private_keys))
INSERT_USER = statement(upsert(users).on_conflict_do_nothing())

USER = statement(_user.where(users.c.account_id == bindparam("account_id")), into=User)
USER_BY_EMAIL = statement(_user.where(users.c.email == bindparam("email")), into=User)
USERS = statement(_user.order_by(users.c.account_id).limit(bindparam("limit")), into=User)
TIES = statement(
    select(
        accounts.c.id,
        _followed.label("follows"),
        exists()
        .where(follows.c.account_id == accounts.c.id, follows.c.target_id == _viewer)
        .label("followed"),
        exists()
        .where(
            or_(
                and_(blocks.c.account_id == accounts.c.id, blocks.c.target_id == _viewer),
                and_(blocks.c.account_id == _viewer, blocks.c.target_id == accounts.c.id),
            )
        )
        .label("blocked"),
    ).where(any_of(accounts.c.id, "ids"))
)
"""Of each account: whether the viewer follows it, is followed by it, and whether one blocks the other."""
COUNT_REQUESTS = statement(
    select(func.count())
    .select_from(follow_requests)
    .where(follow_requests.c.target_id == bindparam("account_id"))
)


def not_excepted(names: str) -> ColumnElement[bool]:
    """Whether a restriction is of a domain closer than every exception among these names."""
    excepting = restricted_domains.alias("excepting")
    closest = (
        select(func.coalesce(func.max(func.length(excepting.c.domain)), 0))
        .where(any_of(excepting.c.domain, names), excepting.c.severity == literal("allow"))
        .scalar_subquery()
    )
    return func.length(restricted_domains.c.domain) > closest


# Which of a domain's names, its own and those above it, are restricted.
RESTRICTIONS = statement(
    select(restricted_domains.c.severity, restricted_domains.c.created_at).where(
        any_of(restricted_domains.c.domain, "domains"),
        restricted_domains.c.severity != literal("allow"),
        not_excepted("domains"),
    )
)

_this = accounts.c.id == bindparam("account_id")
_next = accounts.c.revision + 1

PROFILE = (
    "kind", "display_name", "note", "note_source", "fields", "emojis", "avatar", "avatar_static",
    "avatar_description", "header", "header_static", "show_media", "show_media_replies", "show_featured",
    "header_description", "locked", "discoverable", "indexable", "hide_collections", "updated_at",
)  # fmt: skip
SAVE_PROFILE = statement(
    update(accounts)
    .where(_this)
    .values(revision=_next, **{name: bindparam(f"new_{name}") for name in PROFILE})
)
SAVE_FIELDS = statement(update(accounts).where(_this).values(fields=bindparam("new_fields"), revision=_next))
SAVE_DEFAULTS = statement(
    update(users)
    .where(users.c.account_id == bindparam("of_account"))
    .values(
        default_visibility=bindparam("visibility"),
        default_sensitive=bindparam("sensitive"),
        default_language=bindparam("language"),
        default_quote_policy=bindparam("quote_policy"),
    )
)

REMOTE = (
    "username", "domain", "handle", "url", "kind", "display_name", "note", "fields", "emojis", "avatar",
    "avatar_description", "header", "header_description", "locked", "discoverable", "indexable",
    "hide_collections", "memorial", "also_known_as", "inbox", "shared_inbox", "outbox", "followers_uri",
    "following_uri", "featured_uri", "featured_tags_uri", "collections_uri", "feature_policy",
    "public_key_id", "public_key", "followers_count", "following_count", "statuses_count", "deleted_at",
    "show_media", "show_media_replies", "show_featured",
)  # fmt: skip
"""The columns that another server's document decides."""
SAVE_REMOTE = statement(
    update(accounts)
    .where(_this)
    .values(
        revision=_next,
        updated_at=bindparam("at"),
        fetched_at=bindparam("at"),
        **{name: bindparam(f"new_{name}") for name in REMOTE},
    )
)
TOUCH = statement(update(accounts).where(_this).values(fetched_at=bindparam("at")))
RENAME_HANDLE = statement(
    update(accounts).where(_this).values(handle=bindparam("new_handle"), revision=_next)
)
MOVE = statement(update(accounts).where(_this).values(moved_to_id=bindparam("to"), revision=_next))
SUSPEND = statement(update(accounts).where(_this).values(suspended_at=bindparam("at"), revision=_next))
SENSITIZE = statement(update(accounts).where(_this).values(sensitized_at=bindparam("at"), revision=_next))
LIMIT = statement(update(accounts).where(_this).values(limited_at=bindparam("at"), revision=_next))
_that_user = users.c.account_id == bindparam("of_account")
APPROVE = statement(
    update(users).where(_that_user, users.c.approved_at.is_(None)).values(approved_at=bindparam("at"))
)
CONFIRM = statement(
    update(users).where(_that_user, users.c.confirmed_at.is_(None)).values(confirmed_at=bindparam("at"))
)
DISABLE = statement(update(users).where(_that_user).values(disabled_at=bindparam("at")))
SET_ROLE = statement(update(users).where(_that_user).values(role=bindparam("new_role")))
SET_PASSWORD = statement(
    update(users)
    .where(_that_user)
    .values(password_hash=bindparam("new_hash"), password_changed_at=bindparam("at"))
)

_attributed = attribution_domains.c.account_id == bindparam("account_id", type_=BigInteger())
ATTRIBUTION = statement(
    select(attribution_domains.c.domain).where(_attributed).order_by(attribution_domains.c.domain)
)
ATTRIBUTED = statement(
    select(attribution_domains.c.domain)
    .where(_attributed, any_of(attribution_domains.c.domain, "domains"))
    .limit(1)
)
ADD_ATTRIBUTION = statement(upsert(attribution_domains).on_conflict_do_nothing())
FORGET_ATTRIBUTION = statement(delete(attribution_domains).where(_attributed))
