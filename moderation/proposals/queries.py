"""SQL of proposals, their acts, endorsements and tallies."""

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, users
from fedcoop.db.schema.governance import (
    ballots,
    electorate,
    endorsements,
    mailed_members,
    proposal_acts,
    proposal_aftermath,
    proposal_versions,
    proposals,
    quiet_members,
    receipts,
    tallies,
    vote_extensions,
    wanted_letters,
)
from fedcoop.db.schema.statuses import polls, statuses
from fedcoop.paging import Paged

from .types import Aftermath, Extension, Proposal, StoredAct, StoredTally, Version

_proposal = proposals.c
_columns = columns_of(Proposal, proposals)

ADD = statement(insert(proposals))
BY_ID = statement(select(*_columns).where(_proposal.id == bindparam("id")), into=Proposal)
BY_IDS = statement(select(*_columns).where(any_of(_proposal.id, "ids")), into=Proposal)
# On what somebody has voted, the latest first.
VOTED_ON = statement(
    select(receipts.c.proposal_id)
    .where(receipts.c.account_id == bindparam("account_id"))
    .group_by(receipts.c.proposal_id)
    .order_by(func.max(receipts.c.id).desc())
    .limit(bindparam("limit"))
)
# Those that compete with each other, by the first of each, in the order in which they were made.
FAMILIES = statement(
    select(*_columns)
    .where(or_(any_of(_proposal.id, "ids"), any_of(_proposal.instead_of, "ids")))
    .order_by(_proposal.number),
    into=Proposal,
)
BY_NUMBER = statement(select(*_columns).where(_proposal.number == bindparam("number")), into=Proposal)
BY_POLL = statement(select(*_columns).where(_proposal.poll_id == bindparam("poll_id")), into=Proposal)
BY_STATUS = statement(select(*_columns).where(_proposal.status_id == bindparam("status_id")), into=Proposal)
LAST_NUMBER = statement(select(func.max(_proposal.number)))
COUNT_BY_STATE = statement(select(_proposal.state, func.count()).group_by(_proposal.state))
PAGE = Paged(
    select(*_columns).where(
        any_of(_proposal.state, "states"),
        or_(bindparam("any_kind") == True, _proposal.kind == bindparam("kind")),  # noqa: E712 # SQL
        or_(bindparam("drafts") == True, _proposal.opens_at.is_not(None)),  # noqa: E712 # SQL
    ),
    _proposal.id,
    into=Proposal,
)

TO_DISCUSSION = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(state="discussion", opens_at=bindparam("at"))
)
TO_DRAFT = statement(
    update(proposals).where(_proposal.id == bindparam("proposal_id")).values(state="draft", opens_at=None)
)
OPEN = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(
        state="open",
        rule=bindparam("new_rule"),
        opens_at=bindparam("at"),
        closes_at=bindparam("until"),
        electorate_size=bindparam("size"),
        electorate_active=bindparam("active"),
        electorate_root=bindparam("root"),
        opened_index=bindparam("index"),
    )
)
SET_RULE = statement(
    update(proposals).where(_proposal.id == bindparam("proposal_id")).values(rule=bindparam("new_rule"))
)
POSTED = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(status_id=bindparam("posted_id"), poll_id=bindparam("new_poll_id"))
)
OUTCOME_POSTED = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(outcome_status_id=bindparam("posted_id"))
)
EXTEND = statement(
    update(proposals).where(_proposal.id == bindparam("proposal_id")).values(closes_at=bindparam("until"))
)
AMEND = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(
        title=bindparam("new_title"),
        body=bindparam("new_body"),
        html=bindparam("new_html"),
        state=bindparam("new_state"),
        opens_at=bindparam("at"),
        ledger_index=bindparam("index"),
        question=bindparam("new_question"),
        ballot_kind=bindparam("new_ballot_kind"),
    )
)
ADD_VERSION = statement(insert(proposal_versions))
VERSIONS = statement(
    select(*columns_of(Version, proposal_versions))
    .where(proposal_versions.c.proposal_id == bindparam("proposal_id"))
    .order_by(proposal_versions.c.number),
    into=Version,
)
ADD_EXTENSION = statement(insert(vote_extensions))
EXTENSIONS = statement(
    select(*columns_of(Extension, vote_extensions))
    .where(vote_extensions.c.proposal_id == bindparam("proposal_id"))
    .order_by(vote_extensions.c.ledger_index),
    into=Extension,
)
POLL_ENDS = statement(
    update(polls).where(polls.c.id == bindparam("of_poll")).values(expires_at=bindparam("until"))
)
CLOSE = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(state=bindparam("new_state"), closed_at=bindparam("at"))
)
ENACT_AT = statement(
    update(proposals).where(_proposal.id == bindparam("proposal_id")).values(enact_at=bindparam("at"))
)
YIELDED = statement(update(proposals).where(_proposal.id == bindparam("proposal_id")).values(state="failed"))
ENACTED = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(state="enacted", enacted_at=bindparam("at"))
)
EXPIRED = statement(update(proposals).where(_proposal.id == bindparam("proposal_id")).values(state="expired"))
WITHDRAW = statement(
    update(proposals)
    .where(_proposal.id == bindparam("proposal_id"))
    .values(state="withdrawn", closed_at=bindparam("at"))
)

ADD_ACT = statement(insert(proposal_acts))
ACTS = statement(
    select(*columns_of(StoredAct, proposal_acts))
    .where(any_of(proposal_acts.c.proposal_id, "ids"))
    .order_by(proposal_acts.c.proposal_id, proposal_acts.c.position),
    into=StoredAct,
)
REMOVE_ACTS = statement(delete(proposal_acts).where(proposal_acts.c.proposal_id == bindparam("proposal_id")))
ACT_DONE = statement(
    update(proposal_acts)
    .where(
        proposal_acts.c.proposal_id == bindparam("of_proposal"),
        proposal_acts.c.position == bindparam("at_position"),
    )
    .values(inverse=bindparam("new_inverse"), carried_out_at=bindparam("at"), ledger_index=bindparam("index"))
)

ADD_ENDORSEMENT = statement(insert(endorsements))
REMOVE_ENDORSEMENTS = statement(
    delete(endorsements).where(endorsements.c.proposal_id == bindparam("proposal_id"))
)
ENDORSED = statement(
    select(endorsements.c.created_at).where(
        endorsements.c.proposal_id == bindparam("proposal_id"),
        endorsements.c.account_id == bindparam("account_id"),
    )
)
ENDORSEMENTS = statement(
    select(endorsements.c.proposal_id, func.count())
    .where(any_of(endorsements.c.proposal_id, "ids"))
    .group_by(endorsements.c.proposal_id)
)

ADD_TALLY = statement(insert(tallies))
OVERRULED = statement(
    update(tallies)
    .where(tallies.c.proposal_id == bindparam("of_proposal"))
    .values(passed=False, verdict=bindparam("new_verdict"))
)
TALLIES = statement(
    select(*columns_of(StoredTally, tallies)).where(any_of(tallies.c.proposal_id, "ids")), into=StoredTally
)

ANSWER_OF = statement(
    select(statuses.c.id)
    .where(
        statuses.c.in_reply_to_id == bindparam("status_id"), statuses.c.account_id == bindparam("account_id")
    )
    .limit(1)
)

# What comes after, and reminders before the end.
_aftermath = proposal_aftermath.c
AFTERMATH = statement(
    select(*columns_of(Aftermath, proposal_aftermath)).where(
        _aftermath.proposal_id == bindparam("proposal_id")
    ),
    into=Aftermath,
)
AFTERMATHS = statement(
    select(*columns_of(Aftermath, proposal_aftermath)).where(any_of(_aftermath.proposal_id, "ids")),
    into=Aftermath,
)
_put = upsert(proposal_aftermath)
PUT_AFTERMATH = statement(
    _put.on_conflict_do_update(
        index_elements=["proposal_id"],
        set_={name: _put.excluded[name] for name in Aftermath.__struct_fields__ if name != "proposal_id"},
    )
)
# Says once for each proposal that it is the first time.
REMINDED = statement(
    upsert(proposal_aftermath)
    .values(
        proposal_id=bindparam("proposal_id"),
        outcome="",
        outcome_at=None,
        review_at=None,
        review_id=None,
        reminded_at=bindparam("at"),
    )
    .on_conflict_do_nothing()
)
SILENT = statement(
    select(accounts.c.id, accounts.c.username, users.c.email, mailed_members.c.since)
    .join(users, users.c.account_id == accounts.c.id)
    .outerjoin(mailed_members, mailed_members.c.account_id == accounts.c.id)
    .join(electorate, electorate.c.account_id == accounts.c.id)
    .where(
        electorate.c.proposal_id == bindparam("proposal_id"),
        ~exists().where(
            ballots.c.proposal_id == electorate.c.proposal_id, ballots.c.account_id == electorate.c.account_id
        ),
        ~exists().where(quiet_members.c.account_id == electorate.c.account_id),
        accounts.c.suspended_at.is_(None),
        accounts.c.deleted_at.is_(None),
    )
    .order_by(accounts.c.username)
)
BE_MAILED = statement(upsert(mailed_members).on_conflict_do_nothing())
BE_MAILED_NO_MORE = statement(
    delete(mailed_members).where(mailed_members.c.account_id == bindparam("account_id"))
)
MAILED = statement(
    select(mailed_members.c.since).where(mailed_members.c.account_id == bindparam("account_id"))
)
_wanted = wanted_letters.c
# Who of an electorate wants a letter, a batch after an account.
WANTING = statement(
    select(accounts.c.id, accounts.c.username, users.c.email)
    .join(users, users.c.account_id == accounts.c.id)
    .join(wanted_letters, _wanted.account_id == accounts.c.id)
    .join(electorate, electorate.c.account_id == accounts.c.id)
    .where(
        electorate.c.proposal_id == bindparam("proposal_id"),
        _wanted.letter == bindparam("letter"),
        accounts.c.id > bindparam("after"),
        accounts.c.suspended_at.is_(None),
        accounts.c.deleted_at.is_(None),
    )
    .order_by(accounts.c.id)
    .limit(bindparam("limit"))
)
WANTED_LETTERS = statement(select(_wanted.letter).where(_wanted.account_id == bindparam("account_id")))
WANT_LETTER = statement(insert(wanted_letters))
WANT_NO_LETTERS = statement(delete(wanted_letters).where(_wanted.account_id == bindparam("account_id")))
BE_QUIET = statement(upsert(quiet_members).on_conflict_do_nothing())
BE_REMINDED = statement(delete(quiet_members).where(quiet_members.c.account_id == bindparam("account_id")))
QUIET = statement(select(quiet_members.c.since).where(quiet_members.c.account_id == bindparam("account_id")))
