"""SQL of elections."""

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.elections import candidacies, elections
from fedcoop.db.schema.governance import proposals
from fedcoop.paging import Paged

from .types import Candidacy, Election

_this = candidacies.c.proposal_id == bindparam("proposal_id")
_columns = columns_of(Candidacy, candidacies)

ADD = statement(insert(elections))
OF = statement(
    select(*columns_of(Election, elections)).where(elections.c.proposal_id == bindparam("proposal_id")),
    into=Election,
)
OF_MANY = statement(
    select(*columns_of(Election, elections)).where(any_of(elections.c.proposal_id, "ids")), into=Election
)
# The ids of elections, newest first; drafts are for members.
PAGE = Paged(
    select(elections.c.proposal_id)
    .join(proposals, proposals.c.id == elections.c.proposal_id)
    .where(
        or_(bindparam("any_office") == True, elections.c.office == bindparam("office")),  # noqa: E712 # SQL
        or_(bindparam("drafts") == True, proposals.c.opens_at.is_not(None)),  # noqa: E712 # SQL
    ),
    elections.c.proposal_id,
)
SET_QUESTION = statement(
    update(proposals)
    .where(proposals.c.id == bindparam("proposal_id"))
    .values(question=bindparam("new_question"))
)

_put = upsert(candidacies)
PUT = statement(
    _put.on_conflict_do_update(
        index_elements=["proposal_id", "account_id"],
        set_={
            name: _put.excluded[name]
            for name in Candidacy.__struct_fields__
            if name not in ("proposal_id", "account_id")
        },
    )
)
ONE = statement(
    select(*_columns).where(_this, candidacies.c.account_id == bindparam("account_id")), into=Candidacy
)
# In the order of the ballot: by pseudonym, which is drawn by lot.
ALL = statement(select(*_columns).where(_this).order_by(candidacies.c.log_name), into=Candidacy)
NAMES = statement(
    select(candidacies.c.account_id, accounts.c.username)
    .join(accounts, accounts.c.id == candidacies.c.account_id)
    .where(any_of(candidacies.c.proposal_id, "ids"))
)
OF_ALL = statement(
    select(*_columns)
    .where(any_of(candidacies.c.proposal_id, "ids"))
    .order_by(candidacies.c.proposal_id, candidacies.c.log_name),
    into=Candidacy,
)
SET_STATE = statement(
    update(candidacies)
    .where(_this, candidacies.c.account_id == bindparam("candidate_id"))
    .values(state=bindparam("new_state"), answer_by=bindparam("by"))
)
SET_OPTION = statement(
    update(candidacies)
    .where(_this, candidacies.c.account_id == bindparam("candidate_id"))
    .values(option=bindparam("new_option"))
)
WAITING_OF = statement(
    select(*_columns).where(
        candidacies.c.account_id == bindparam("account_id"), any_of(candidacies.c.state, "states")
    ),
    into=Candidacy,
)

# The answers that were counted, of the vote as a whole and of nobody: who is next is found by them.
KEEP_ANSWERS = statement(
    update(elections)
    .where(elections.c.proposal_id == bindparam("proposal_id"))
    .values(answers=bindparam("counted"))
)
ANSWERS = statement(select(elections.c.answers).where(elections.c.proposal_id == bindparam("proposal_id")))
