"""SQL of relays; there are never more than a handful."""

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.federation import relays

from .types import Relay

_all = select(*columns_of(Relay, relays))
_this = relays.c.url == bindparam("of_relay")

ADD = statement(insert(relays).on_conflict_do_nothing())
ALL = statement(_all.order_by(relays.c.since, relays.c.url), into=Relay)
ONE = statement(_all.where(_this), into=Relay)
BY_FOLLOW = statement(_all.where(relays.c.follow_uri == bindparam("uri")), into=Relay)
BY_ACTOR = statement(
    _all.where(relays.c.actor_uri == bindparam("uri"), relays.c.state == "accepted"), into=Relay
)
ACCEPTED = statement(_all.where(relays.c.state == "accepted").order_by(relays.c.url), into=Relay)
FOUND = statement(
    update(relays)
    .where(_this)
    .values(actor_uri=bindparam("now_actor"), inbox=bindparam("now_inbox"), problem="")
)
ANSWERED = statement(
    update(relays)
    .where(_this)
    .values(actor_uri=bindparam("now_actor"), state=bindparam("now_state"), problem="")
)
FAILED = statement(update(relays).where(_this).values(problem=bindparam("why")))
REMOVE = statement(delete(relays).where(_this))
