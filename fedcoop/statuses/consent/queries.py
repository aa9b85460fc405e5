"""SQL of interactions that need consent."""

from sqlalchemy import BigInteger, bindparam, delete, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import users
from fedcoop.db.schema.interactions import interactions
from fedcoop.db.schema.statuses import home_entries, statuses
from fedcoop.paging import Paged
from fedcoop.statuses.consent.types import Interaction

MOST_ANSWERS = 1_000
ID = bindparam("id", type_=BigInteger())
_row = select(*columns_of(Interaction, interactions))

INSERT = statement(insert(interactions).on_conflict_do_nothing())
BY_ID = statement(_row.where(interactions.c.id == ID), into=Interaction)
BY_URI = statement(_row.where(interactions.c.uri == bindparam("uri")), into=Interaction)
PENDING = Paged(
    _row.where(
        interactions.c.author_id == bindparam("author_id", type_=BigInteger()),
        interactions.c.state == "pending",
        any_of(interactions.c.deed, "deeds"),
        or_(
            bindparam("status_id", type_=BigInteger()) == 0,
            interactions.c.status_id == bindparam("status_id", type_=BigInteger()),
        ),
    ),
    interactions.c.id,
    into=Interaction,
)
GIVEN = statement(
    _row.where(
        interactions.c.author_id == bindparam("author_id", type_=BigInteger()),
        interactions.c.state == "accepted",
    )
    .order_by(interactions.c.id.desc())
    .limit(bindparam("limit")),
    into=Interaction,
)
WISHES = statement(
    _row.where(
        interactions.c.account_id == bindparam("account_id", type_=BigInteger()),
        interactions.c.state != "accepted",
    )
    .order_by(interactions.c.id.desc())
    .limit(bindparam("limit")),
    into=Interaction,
)
SAVE_RULES = statement(
    update(users)
    .where(users.c.account_id == bindparam("of_account", type_=BigInteger()))
    .values(default_rules=bindparam("rules"))
)
BY_RESULTS = statement(_row.where(any_of(interactions.c.result_id, "ids")), into=Interaction)
BY_STAMP = statement(
    _row.where(
        interactions.c.stamp_uri == bindparam("uri"), interactions.c.stamp_uri != literal_column("''")
    ),
    into=Interaction,
)
OF = statement(
    _row.where(
        interactions.c.status_id == bindparam("status_id", type_=BigInteger()),
        interactions.c.account_id == bindparam("account_id", type_=BigInteger()),
        interactions.c.deed == bindparam("deed"),
    ).order_by(interactions.c.id.desc()),
    into=Interaction,
)
"""What an account did to a status; of favourites and boosts there is one at most."""
DECIDE = statement(
    update(interactions)
    .where(interactions.c.id == ID)
    .values(
        state=bindparam("new_state"),
        stamp_uri=bindparam("new_stamp_uri"),
        decided_at=bindparam("now", type_=BigInteger()),
    )
)
ASKED_BY = statement(
    update(interactions).where(interactions.c.id == ID).values(request_uri=bindparam("new_request_uri"))
)
BECAME = statement(
    update(interactions)
    .where(interactions.c.id == ID)
    .values(result_id=bindparam("new_result_id", type_=BigInteger()))
)
LET_GO = statement(
    update(interactions).where(interactions.c.result_id == ID).values(result_id=null(), visibility="")
)
"""What it became is removed, and the decision is remembered."""
FORGET = statement(delete(interactions).where(interactions.c.id == ID))

ANSWERS_ELSEWHERE = statement(
    select(statuses.c.id)
    .where(
        statuses.c.in_reply_to_id == ID,
        statuses.c.account_id != bindparam("author_id", type_=BigInteger()),
        ~statuses.c.local,
    )
    .order_by(statuses.c.id)
    .limit(MOST_ANSWERS)
)
"""What was here before that which it answers."""

# Statuses that are held

SHOW = statement(
    update(statuses)
    .where(statuses.c.id == ID)
    .values(visibility=bindparam("new_visibility"), revision=statuses.c.revision + 1)
)
DROP_BOOSTS = statement(delete(statuses).where(statuses.c.reblog_of_id == ID))
TAKE_HOME = statement(delete(home_entries).where(home_entries.c.status_id == ID))
DROP_HELD = statement(
    delete(statuses).where(
        statuses.c.in_reply_to_id == ID, statuses.c.visibility.startswith("held_"), ~statuses.c.local
    )
)
"""What wanted to answer something that is gone; members keep their words."""
