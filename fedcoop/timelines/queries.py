"""SQL of timelines: what is on a page, and who gets a new status."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import follows, users
from fedcoop.db.schema.arranging import list_accounts, list_entries, lists, pins, tag_follows
from fedcoop.db.schema.statuses import home_entries, media_attachments, mentions, status_tags, tags
from fedcoop.paging import Paged
from fedcoop.relationships.queries import in_wanted_language
from fedcoop.timelines.refs import (
    VIEWER,
    Ref,
    a,
    nobody_suspended,
    not_hidden_from_viewer,
    r,
    ra,
    refs,
    s,
    viewer_not_blocked,
    visible_to_viewer,
)

_home = refs().join(home_entries, home_entries.c.status_id == s.c.id)
HOME = Paged(
    _home.where(home_entries.c.account_id == VIEWER, nobody_suspended(), not_hidden_from_viewer()),
    home_entries.c.status_id,
    into=Ref,
)

# An entry stays when its author leaves the list with the follow; it is just not shown.
LIST = Paged(
    refs()
    .join(list_entries, list_entries.c.status_id == s.c.id)
    .where(
        list_entries.c.list_id == bindparam("list_id"),
        s.c.account_id.in_(
            select(list_accounts.c.account_id).where(list_accounts.c.list_id == bindparam("list_id"))
        ),
        nobody_suspended(),
        not_hidden_from_viewer(),
    ),
    list_entries.c.status_id,
    into=Ref,
)

_media = exists().where(media_attachments.c.status_id == s.c.id)


# Literals and not parameters, or the partial indexes are not considered.
def tagged_for(viewer: ColumnElement[int] = VIEWER) -> tuple[ColumnElement[bool], ...]:
    """What a status has to be to appear among those with its hashtags."""
    return (
        s.c.visibility == literal_column("'public'"),
        a.c.suspended_at.is_(None),
        a.c.limited_at.is_(None),
        not_hidden_from_viewer(viewer),
    )


def public_for(viewer: ColumnElement[int] = VIEWER) -> tuple[ColumnElement[bool], ...]:
    """What a status has to be to appear on the public timelines."""
    return (
        *tagged_for(viewer),
        s.c.reblog_of_id.is_(None),
        # Replies belong to their threads; going on with one's own is no reply.
        or_(s.c.in_reply_to_account_id.is_(None), s.c.in_reply_to_account_id == s.c.account_id),
    )


_local = (s.c.local,)
_remote = (~s.c.local,)

PUBLIC = {
    (scope, only_media): Paged(
        refs().where(*public_for(), *where, *([_media] if only_media else [])), s.c.id, into=Ref
    )
    for scope, where in {"all": (), "local": _local, "remote": _remote}.items()
    for only_media in (False, True)
}

_tagged = (
    refs()
    .join(status_tags, status_tags.c.status_id == s.c.id)
    .where(
        status_tags.c.tag_id == bindparam("tag_id"),
        *tagged_for(),
    )
)
TAGGED = {
    (scope, only_media): Paged(
        _tagged.where(*where, *([_media] if only_media else [])), status_tags.c.status_id, into=Ref
    )
    for scope, where in {"all": (), "local": _local, "remote": _remote}.items()
    for only_media in (False, True)
}
_tag = status_tags.alias("tag")
# Of several hashtags: any of some, all of others, none of a third kind.
TAGGED_SEVERAL = {
    (scope, only_media): Paged(
        refs().where(
            s.c.id.in_(select(_tag.c.status_id).where(any_of(_tag.c.tag_id, "any_ids"))),
            select(func.count())
            .select_from(_tag)
            .where(_tag.c.status_id == s.c.id, any_of(_tag.c.tag_id, "all_ids"))
            .scalar_subquery()
            == bindparam("all_count", type_=BigInteger()),
            ~exists().where(_tag.c.status_id == s.c.id, any_of(_tag.c.tag_id, "none_ids")),
            *tagged_for(),
            *where,
            *([_media] if only_media else []),
        ),
        s.c.id,
        into=Ref,
    )
    for scope, where in {"all": (), "local": _local, "remote": _remote}.items()
    for only_media in (False, True)
}
TAGS_NAMED = statement(select(tags.c.name, tags.c.id).where(any_of(tags.c.name, "names")))
TAG_ID = statement(select(tags.c.id).where(tags.c.name == bindparam("name")))
TAGS_FROM = statement(
    select(tags.c.id, tags.c.name, tags.c.display_name)
    .where(tags.c.name >= bindparam("beginning"), tags.c.name < bindparam("end"))
    .order_by(func.length(tags.c.name), tags.c.name)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)

# An account's own page, with or without replies and boosts, or media only.
_own = refs().where(
    s.c.account_id == bindparam("account_id"),
    ra.c.suspended_at.is_(None),
    visible_to_viewer(),
    viewer_not_blocked(),
)
_no_replies = (or_(s.c.in_reply_to_account_id.is_(None), s.c.in_reply_to_account_id == s.c.account_id),)
_no_reblogs = (s.c.reblog_of_id.is_(None),)
_with_tag = (exists().where(status_tags.c.status_id == s.c.id, status_tags.c.tag_id == bindparam("tag_id")),)
OF_ACCOUNT = {
    (no_replies, no_reblogs, only_media, with_tag): Paged(
        _own.where(
            *(_no_replies if no_replies else ()),
            *(_no_reblogs if no_reblogs else ()),
            *([_media] if only_media else []),
            *(_with_tag if with_tag else ()),
        ),
        s.c.id,
        into=Ref,
    )
    for no_replies in (False, True)
    for no_reblogs in (False, True)
    for only_media in (False, True)
    for with_tag in (False, True)
}
# What it has pinned, of which a viewer finds only what they may see.
PINNED = Paged(
    refs()
    .join(pins, pins.c.status_id == s.c.id)
    .where(
        pins.c.account_id == bindparam("account_id"),
        ra.c.suspended_at.is_(None),
        visible_to_viewer(),
        viewer_not_blocked(),
    ),
    s.c.id,
    into=Ref,
)

_reader = follows.alias("reader")
_parent = follows.alias("parent")
_beside = list_accounts.alias("beside")


def fits_list(status: Any = s) -> ColumnElement[bool]:
    """Whether a status is for the list in `lists`, by what the list wants of replies."""
    answered = status.c.in_reply_to_account_id
    return or_(
        answered.is_(None),
        answered == status.c.account_id,
        answered == lists.c.account_id,
        and_(
            lists.c.replies_policy == "followed",
            exists().where(_parent.c.account_id == lists.c.account_id, _parent.c.target_id == answered),
        ),
        and_(
            lists.c.replies_policy == "list",
            exists().where(_beside.c.list_id == lists.c.id, _beside.c.account_id == answered),
        ),
    )


_repeated = home_entries.alias("repeated")
# Who has the author in an exclusive list reads them there.
_kept_elsewhere = (
    select(lists.c.account_id)
    .join(list_accounts, list_accounts.c.list_id == lists.c.id)
    .where(list_accounts.c.account_id == s.c.account_id, lists.c.exclusive)
    .correlate(s)
)
# One statement puts a status on every home timeline that should have it.
FAN_OUT = statement(
    insert(home_entries)
    .from_select(
        ["account_id", "status_id"],
        select(_reader.c.account_id, s.c.id)
        .select_from(_reader.join(users, users.c.account_id == _reader.c.account_id).join(s, literal(True)))
        .where(
            s.c.id == bindparam("status_id"),
            _reader.c.target_id == s.c.account_id,
            _reader.c.account_id.not_in(_kept_elsewhere),
            in_wanted_language(_reader, s.c.language),
            or_(
                s.c.visibility != "direct",
                exists().where(mentions.c.status_id == s.c.id, mentions.c.account_id == _reader.c.account_id),
            ),
            or_(
                s.c.in_reply_to_account_id.is_(None),
                s.c.in_reply_to_account_id == s.c.account_id,
                s.c.in_reply_to_account_id == _reader.c.account_id,
                exists().where(
                    _parent.c.account_id == _reader.c.account_id,
                    _parent.c.target_id == s.c.in_reply_to_account_id,
                ),
            ),
        ),
    )
    .on_conflict_do_nothing()
)
FAN_OUT_REBLOG = statement(
    insert(home_entries)
    .from_select(
        ["account_id", "status_id"],
        select(_reader.c.account_id, s.c.id)
        .select_from(_reader.join(users, users.c.account_id == _reader.c.account_id).join(s, literal(True)))
        .join(r, r.c.id == s.c.reblog_of_id)
        .where(
            s.c.id == bindparam("status_id"),
            _reader.c.target_id == s.c.account_id,
            _reader.c.account_id.not_in(_kept_elsewhere),
            _reader.c.reblogs,
            r.c.account_id != _reader.c.account_id,
            # What a reader had only just now is not shown a second time.
            or_(
                r.c.id < bindparam("recent_id"),
                ~exists().where(
                    _repeated.c.account_id == _reader.c.account_id, _repeated.c.status_id == s.c.reblog_of_id
                ),
            ),
        ),
    )
    .on_conflict_do_nothing()
)
# The same for the lists that the author is in, which only those are whom the list's owner follows.
_for_lists = (
    select(lists.c.id, s.c.id)
    .select_from(list_accounts.join(lists, lists.c.id == list_accounts.c.list_id).join(s, literal(True)))
    .where(s.c.id == bindparam("status_id"), list_accounts.c.account_id == s.c.account_id)
)
FAN_OUT_LISTS = statement(
    insert(list_entries)
    .from_select(
        ["list_id", "status_id"],
        _for_lists.where(
            or_(
                s.c.visibility != "direct",
                exists().where(mentions.c.status_id == s.c.id, mentions.c.account_id == lists.c.account_id),
            ),
            fits_list(),
        ),
    )
    .on_conflict_do_nothing()
)
_listed = list_entries.alias("listed")
FAN_OUT_LISTS_REBLOG = statement(
    insert(list_entries)
    .from_select(
        ["list_id", "status_id"],
        _for_lists.join(
            _reader,
            and_(
                _reader.c.account_id == list_accounts.c.owner_id,
                _reader.c.target_id == list_accounts.c.account_id,
            ),
        )
        .join(r, r.c.id == s.c.reblog_of_id)
        .where(
            _reader.c.reblogs,
            r.c.account_id != lists.c.account_id,
            or_(
                r.c.id < bindparam("recent_id"),
                ~exists().where(_listed.c.list_id == lists.c.id, _listed.c.status_id == s.c.reblog_of_id),
            ),
        ),
    )
    .on_conflict_do_nothing()
)
# Public statuses also reach those who follow one of their hashtags, wherever they come from.
FAN_OUT_TAGS = statement(
    insert(home_entries)
    .from_select(
        ["account_id", "status_id"],
        select(tag_follows.c.account_id, s.c.id)
        .select_from(
            status_tags.join(tag_follows, tag_follows.c.tag_id == status_tags.c.tag_id)
            .join(s, s.c.id == status_tags.c.status_id)
            .join(a, a.c.id == s.c.account_id)
        )
        .where(
            status_tags.c.status_id == bindparam("status_id"),
            s.c.visibility == "public",
            a.c.limited_at.is_(None),
            a.c.suspended_at.is_(None),
            tag_follows.c.account_id.not_in(_kept_elsewhere),
        ),
    )
    .on_conflict_do_nothing()
)
ADD_HOME = statement(insert(home_entries).on_conflict_do_nothing())

# What is known of a status that goes, while it is known.
TAG_IDS = statement(select(status_tags.c.tag_id).where(status_tags.c.status_id == bindparam("status_id")))
MENTIONED_IDS = statement(
    select(mentions.c.account_id)
    .join(users, users.c.account_id == mentions.c.account_id)
    .where(mentions.c.status_id == bindparam("status_id"))
)
REPEATED = statement(
    select(s.c.id, s.c.account_id, s.c.visibility, s.c.local)
    .where(s.c.reblog_of_id == bindparam("status_id", type_=BigInteger()))
    .order_by(s.c.id.desc())
    .limit(bindparam("limit"))
)
