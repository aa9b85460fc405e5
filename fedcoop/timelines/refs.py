"""What a page's first statement reads of each status: its id, and the revisions that decide whether what was
rendered before is still right. `fedcoop.statuses.hydrate` turns refs into entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import BigInteger, BindParameter, and_, bindparam, exists, func, or_, select

from fedcoop.db.schema.accounts import accounts, blocks, follows, mutes
from fedcoop.db.schema.arranging import blocked_domains
from fedcoop.db.schema.statuses import mentions, statuses

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.sql.elements import ColumnElement


class Part(msgspec.Struct, frozen=True, gc=False):
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


class Ref(Part, frozen=True, gc=False):
    """One status of a page; where it is a reblog, also the status it repeats."""

    reblog_id: int | None
    reblog_revision: int
    reblog_account_id: int
    reblog_account_revision: int
    reblog_author_sensitized: bool
    reblog_poll_id: int | None
    reblog_conversation_id: int
    reblog_quoted_id: int | None
    reblog_quote_state: str | None

    @property
    def repeated(self) -> Part | None:
        """The status that a reblog repeats."""
        if self.reblog_id is None:
            return None
        return Part(
            self.reblog_id,
            self.reblog_revision,
            self.reblog_account_id,
            self.reblog_account_revision,
            self.reblog_author_sensitized,
            self.reblog_poll_id,
            self.reblog_conversation_id,
            self.reblog_quoted_id,
            self.reblog_quote_state,
            self.policy,
        )

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


def refs() -> Select[Any]:
    """`SELECT` of `Ref`s from statuses `s` by accounts `a`, repeating `r` by `ra`; to be narrowed."""
    return select(
        s.c.id,
        s.c.revision,
        s.c.account_id,
        a.c.revision,
        a.c.sensitized_at.is_not(None),
        s.c.poll_id,
        s.c.conversation_id,
        s.c.quoted_id,
        s.c.quote_state,
        func.coalesce(r.c.policy, s.c.policy),
        r.c.id,
        r.c.revision,
        r.c.account_id,
        ra.c.revision,
        ra.c.sensitized_at.is_not(None),
        r.c.poll_id,
        r.c.conversation_id,
        r.c.quoted_id,
        r.c.quote_state,
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
    hiding = select(blocks.c.target_id).where(blocks.c.account_id == viewer)
    hiding_us = select(blocks.c.account_id).where(blocks.c.target_id == viewer)
    muted = select(mutes.c.target_id).where(
        mutes.c.account_id == viewer,
        or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > bindparam("now")),
    )
    elsewhere = select(blocked_domains.c.domain).where(blocked_domains.c.account_id == viewer)
    # Uncorrelated lists: SQLite reads each once for the page and not once for each row.
    return and_(
        *[s.c.account_id.not_in(listed) for listed in (hiding, hiding_us, muted)],
        *[
            or_(r.c.account_id.is_(None), r.c.account_id.not_in(listed))
            for listed in (hiding, hiding_us, muted)
        ],
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
