"""SQL of accounts as staff looks for them."""

from sqlalchemy import Boolean, Text, and_, bindparam, func, literal, or_, select

from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import accounts, users
from fedcoop.db.schema.instance import rules
from fedcoop.overseeing.types import Overseen
from fedcoop.paging import Paged

_row = select(
    accounts.c.id,
    accounts.c.username,
    accounts.c.domain,
    accounts.c.created_at,
    accounts.c.limited_at,
    accounts.c.sensitized_at,
    accounts.c.suspended_at,
    users.c.email,
    users.c.role,
    users.c.locale,
    users.c.reason,
    users.c.confirmed_at,
    users.c.approved_at,
    users.c.disabled_at,
).select_from(accounts.outerjoin(users, users.c.account_id == accounts.c.id))
BY_IDS = statement(_row.where(any_of(accounts.c.id, "ids")), into=Overseen)

_origin, _state = bindparam("origin", type_=Text()), bindparam("state", type_=Text())
_username, _display_name = bindparam("username", type_=Text()), bindparam("display_name", type_=Text())
_domain, _email = bindparam("domain", type_=Text()), bindparam("email", type_=Text())
_whole = and_(accounts.c.suspended_at.is_(None), accounts.c.limited_at.is_(None))
# Local ones that nobody signs in to are the server's own.
_somebody = or_(accounts.c.domain.is_not(None), users.c.account_id.is_not(None))
FOUND = Paged(
    _row.where(
        accounts.c.deleted_at.is_(None),
        _somebody,
        or_(
            _origin == literal(""),
            and_(_origin == literal("local"), accounts.c.domain.is_(None)),
            and_(_origin == literal("remote"), accounts.c.domain.is_not(None)),
        ),
        or_(
            _state == literal(""),
            and_(
                _state == literal("active"),
                _whole,
                users.c.disabled_at.is_(None),
                or_(accounts.c.domain.is_not(None), users.c.approved_at.is_not(None)),
            ),
            and_(
                _state == literal("pending"), users.c.account_id.is_not(None), users.c.approved_at.is_(None)
            ),
            and_(_state == literal("disabled"), users.c.disabled_at.is_not(None)),
            and_(_state == literal("silenced"), accounts.c.limited_at.is_not(None)),
            and_(_state == literal("sensitized"), accounts.c.sensitized_at.is_not(None)),
            and_(_state == literal("suspended"), accounts.c.suspended_at.is_not(None)),
        ),
        or_(~bindparam("any_role", type_=Boolean()), any_of(users.c.role, "roles")),
        or_(_username == literal(""), func.lower(accounts.c.username).like(_username, escape="\\")),
        or_(
            _display_name == literal(""), func.lower(accounts.c.display_name).like(_display_name, escape="\\")
        ),
        or_(_domain == literal(""), accounts.c.domain == _domain),
        or_(_email == literal(""), users.c.email.like(_email, escape="\\")),
    ),
    accounts.c.id,
    into=Overseen,
)
RULES = statement(
    select(rules.c.id, rules.c.text, rules.c.hint).where(any_of(rules.c.id, "ids")).order_by(rules.c.position)
)
