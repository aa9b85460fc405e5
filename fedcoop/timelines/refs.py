"""What a page's first statement reads of each status: its id, and the revisions that decide whether what was
rendered before is still right. `fedcoop.statuses.hydrate` turns refs into entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import BigInteger, BindParameter, and_, bindparam, case, exists, func, or_, select, union_all

from fedcoop.db import json_of
from fedcoop.db.schema.accounts import accounts, blocks, follows, mutes
from fedcoop.db.schema.arranging import blocked_domains
from fedcoop.db.schema.statuses import mentions, statuses

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.sql.elements import ColumnElement


class Part(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One status as it stands on a page: by itself, repeated or quoted."""

    id: int
    revision: int
    account_id: int
    account_revision: int
    author_sensitized: bool
    """Whether all that its author posts is sensitive."""
    poll_id: int | None
    conversation_id: int
    quoted_id: int | None
    quote_state: str | None
    policy: str
    """Of a reblog, that of what it repeats."""


# SQLite's booleans are numbers.
_part = msgspec.json.Decoder(Part, strict=False).decode


class Ref(Part, frozen=True, gc=False, array_like=True):
    """One status of a page; where it is a reblog, also the status it repeats."""

    repeated_json: str | None
    """In one column, since most statuses repeat nothing and each column costs something in each row."""

    @property
    def repeated(self) -> Part | None:
        """The status that a reblog repeats."""
        return None if self.repeated_json is None else _part(self.repeated_json)

    @property
    def told(self) -> Part:
        """Whose words are read: what it repeats, or itself."""
        return self.repeated or self


s = statuses.alias("s")
a = accounts.alias("a")
r = statuses.alias("r")
ra = accounts.alias("ra")

VIEWER: BindParameter[int] = bindparam("viewer", type_=BigInteger())
"""The account that looks; 0 for nobody."""


def _part_of(status: Any, author: Any) -> list[ColumnElement[Any]]:
    """The fields of a `Part`, in their order."""
    return [
        status.c.id,
        status.c.revision,
        status.c.account_id,
        author.c.revision,
        author.c.sensitized_at.is_not(None),
        status.c.poll_id,
        status.c.conversation_id,
        status.c.quoted_id,
        status.c.quote_state,
        status.c.policy,
    ]


def refs() -> Select[Any]:
    """`SELECT` of `Ref`s from statuses `s` by accounts `a`, repeating `r` by `ra`; to be narrowed."""
    *own, policy = _part_of(s, a)
    return select(
        *own,
        func.coalesce(r.c.policy, policy),
        case((r.c.id.is_not(None), json_of(*_part_of(r, ra)))),
    ).select_from(
        s.join(a, a.c.id == s.c.account_id)
        .outerjoin(r, r.c.id == s.c.reblog_of_id)
        .outerjoin(ra, ra.c.id == r.c.account_id)
    )


def nobody_suspended() -> ColumnElement[bool]:
    """Neither the author nor the one who is repeated is suspended."""
    return and_(a.c.suspended_at.is_(None), ra.c.suspended_at.is_(None))


def not_hidden_from_viewer(viewer: ColumnElement[int] = VIEWER) -> ColumnElement[bool]:
    """Neither the author nor the one who is repeated is blocked or muted by the viewer, or blocks the viewer, or
    is of a server that the viewer wants nothing from.
    Needs the parameters `viewer` (unless that is a column, for several viewers at once) and `now`."""
    hidden = union_all(
        select(blocks.c.target_id).where(blocks.c.account_id == viewer),
        select(blocks.c.account_id).where(blocks.c.target_id == viewer),
        select(mutes.c.target_id).where(
            mutes.c.account_id == viewer,
            or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > bindparam("now")),
        ),
    )
    elsewhere = select(blocked_domains.c.domain).where(blocked_domains.c.account_id == viewer)
    # Uncorrelated lists: SQLite reads each once for the page and not once for each row.
    return and_(
        s.c.account_id.not_in(hidden),
        or_(r.c.account_id.is_(None), r.c.account_id.not_in(hidden)),
        # Asked last, and only of what is from elsewhere.
        or_(
            func.coalesce(ra.c.domain, a.c.domain).is_(None),
            and_(
                func.coalesce(a.c.domain, "").not_in(elsewhere),
                func.coalesce(ra.c.domain, "").not_in(elsewhere),
            ),
        ),
    )


def visible_to_viewer(status: Any = s) -> ColumnElement[bool]:
    """Whether the viewer may see a status at all, by its audience. Needs the parameter `viewer`."""
    return or_(
        status.c.visibility == "public",
        status.c.visibility == "unlisted",
        # What was removed by a decision is for nobody, not even its author; what is held is for its author alone.
        and_(status.c.visibility != "removed", status.c.account_id == VIEWER),
        and_(
            or_(status.c.visibility == "private", status.c.visibility == "direct"),
            exists().where(mentions.c.status_id == status.c.id, mentions.c.account_id == VIEWER),
        ),
        and_(
            status.c.visibility == "private",
            exists().where(follows.c.account_id == VIEWER, follows.c.target_id == status.c.account_id),
        ),
    )


def viewer_not_blocked(status: Any = s) -> ColumnElement[bool]:
    """The author has not blocked the viewer. Needs the parameter `viewer`."""
    return ~exists().where(blocks.c.account_id == status.c.account_id, blocks.c.target_id == VIEWER)
