"""SQL of acts by an office."""

from sqlalchemy import bindparam, insert, select, update

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.governance import power_acts
from fedcoop.paging import Paged

from .types import Used

_columns = select(*columns_of(Used, power_acts))
_this = power_acts.c.id == bindparam("power_id")

ADD = statement(insert(power_acts))
BY_ID = statement(_columns.where(power_acts.c.id == bindparam("id")), into=Used)
BY_PROPOSAL = statement(_columns.where(power_acts.c.proposal_id == bindparam("proposal_id")), into=Used)
BY_IDS = statement(_columns.where(any_of(power_acts.c.id, "ids")), into=Used)
PAGE = Paged(_columns, power_acts.c.id, into=Used)
SET_STATE = statement(update(power_acts).where(_this).values(state=bindparam("new_state")))
SET_PROPOSAL = statement(update(power_acts).where(_this).values(proposal_id=bindparam("new_proposal")))
