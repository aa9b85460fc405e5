"""What members decide. The record of it stands in `ledger`; enforcement, that is restricted domains, in
`instance`."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

# The one in force is the latest; earlier ones stay, since proposals were decided under them.
constitutions = Table(
    "constitutions",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON
    Column("because", Text, nullable=False),  # `founding`, or `proposal:<id>`
    Column("adopted_at", Time(), nullable=False),
    Column("ledger_index", Id(), nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),  # in the order of admission, from 1
    Column("log_name", Text, nullable=False),  # what the ledger calls them
    Column("standing", Text, nullable=False),  # probation, good, paused, lapsed, expelled
    Column("joined_at", Time(), nullable=False),
    Column("changed_at", Time(), nullable=False),  # of the standing
    Column("paid_until", Time()),
    Column("ledger_index", Id(), nullable=False),
    Index(None, "number", unique=True),
    Index(None, "log_name", unique=True),
)

# What the ledger calls somebody who is no member; a member's name stands in `members` and is the same.
log_names = Table(
    "log_names",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("log_name", Text, nullable=False),
    Index(None, "log_name", unique=True),
)

# The act that stands in each place that acts change: what a restriction, a rule, a setting … rests on.
acts_in_force = Table(
    "acts_in_force",
    metadata,
    Column("place", Text, primary_key=True),  # `domain:spam.example`
    Column("act", Text, nullable=False),  # JSON
    Column("because", Text, nullable=False),
    Column("since", Time(), nullable=False),
    Column("ledger_index", Id(), nullable=False),
)

# What holders of an office did alone, and what became of it.
power_acts = Table(
    "power_acts",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id"), nullable=False),
    Column("office", Text, nullable=False),
    Column("act", Text, nullable=False),  # JSON
    Column("inverse", Text),  # JSON
    Column("rule", Text, nullable=False),  # the id of the rule that is cited
    Column("case", Text, nullable=False),
    Column("done_at", Time(), nullable=False),
    Column("ratify_by", Time()),
    Column("state", Text, nullable=False),  # standing, ratified, expired, superseded
    Column("proposal_id", Id()),  # to ratify it
    Column("ledger_index", Id(), nullable=False),
    Index(None, "proposal_id"),
    Index(None, "account_id", "id"),
)

# What members add to a proposal once it is decided, and when they look at it again.
proposal_aftermath = Table(
    "proposal_aftermath",
    metadata,
    Column(
        "proposal_id",
        Id(),
        ForeignKey("proposals.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("outcome", Text, nullable=False),  # Markdown, by the proposer
    Column("outcome_at", Time()),
    Column("review_at", Time()),
    Column("review_id", Id()),  # the proposal that reviews it
    Column("reminded_at", Time()),
    Index(None, "review_at"),
)

# Members who do not want to be reminded of open votes.
quiet_members = Table(
    "quiet_members",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("members.account_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("since", Time(), nullable=False),
)

# Members who are reminded of open votes by mail too.
mailed_members = Table(
    "mailed_members",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("members.account_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("since", Time(), nullable=False),
)

# Which other letters about votes members want.
wanted_letters = Table(
    "wanted_letters",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("members.account_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("letter", Text, primary_key=True),  # opened, decided
    Column("since", Time(), nullable=False),
    sqlite_with_rowid=False,
)

# Offices: who holds which, from when until when. Past ones stay.
mandates = Table(
    "mandates",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("members.account_id"), nullable=False),
    Column("office", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("started_at", Time(), nullable=False),
    Column("ends_at", Time(), nullable=False),
    Column("ended_at", Time()),
    Column("ended_because", Text, nullable=False),  # term, recalled, left, resigned; empty while it is held
    Column("ledger_index", Id(), nullable=False),
    Index(
        "uq_mandates_held",
        "office",
        "account_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "account_id", "id"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),  # short, for people: `vote 12 block`
    Column("proposer_id", Id(), ForeignKey("accounts.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),  # Markdown
    Column("html", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ballot_kind", Text, nullable=False),
    Column("question", Text),  # JSON: the options and how they are voted on; NULL where members agree or not
    Column("urgent_reason", Text, nullable=False),
    Column("closes_in", Id(), nullable=False),  # the window, in milliseconds
    Column("rule", Text, nullable=False),  # canonical JSON; frozen when voting opens
    Column("created_at", Time(), nullable=False),
    Column("opens_at", Time()),
    Column("closes_at", Time()),
    Column("closed_at", Time()),
    Column("enact_at", Time()),
    Column("enacted_at", Time()),
    Column("electorate_size", Integer),
    Column("electorate_active", Integer),
    Column("electorate_root", Text),  # base64
    Column("status_id", Id()),  # the assembly's post
    Column("poll_id", Id()),
    Column("outcome_status_id", Id()),
    Column("ledger_index", Id(), nullable=False),  # of the proposal itself
    Column("opened_index", Id()),  # of the opening of the vote
    Column("instead_of", Id()),  # the proposal with which it competes, the first of them
    Index(None, "number", unique=True),
    Index(None, "state", "id"),
    Index(None, "kind", "id"),
    Index(None, "poll_id", unique=True),
    Index(None, "status_id"),
    Index(None, "instead_of"),
)

proposal_acts = Table(
    "proposal_acts",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("option", Integer),  # carried out only if this option wins, from 0
    Column("body", Text, nullable=False),  # JSON
    Column("inverse", Text),  # JSON: what would undo it, known once it is carried out
    Column("carried_out_at", Time()),
    Column("ledger_index", Id()),
    sqlite_with_rowid=False,
)

# Every version of a proposal's words, from 1; the latest is also in `proposals` and `proposal_acts`.
proposal_versions = Table(
    "proposal_versions",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),  # Markdown
    Column("acts", Text, nullable=False),  # JSON
    Column("question", Text),  # JSON
    Column("created_at", Time(), nullable=False),
    Column("ledger_index", Id(), nullable=False),
    sqlite_with_rowid=False,
)

endorsements = Table(
    "endorsements",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id"), primary_key=True),
    Column("created_at", Time(), nullable=False),
    sqlite_with_rowid=False,
)

# When voting was kept open longer, and why; the closing time that counts is the proposal's.
vote_extensions = Table(
    "vote_extensions",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("ledger_index", Id(), primary_key=True),
    Column("because", Text, nullable=False),  # proposer, quiet_ending
    Column("closes_at", Time(), nullable=False),
    Column("extended_at", Time(), nullable=False),
    sqlite_with_rowid=False,
)

# Whose vote somebody casts, for each kind of proposal, unless the owner votes.
delegations = Table(
    "delegations",
    metadata,
    Column("account_id", Id(), ForeignKey("members.account_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("delegate_id", Id(), ForeignKey("members.account_id"), nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("ledger_index", Id(), nullable=False),
    Index(None, "delegate_id"),
    sqlite_with_rowid=False,
)

# Who may vote on a proposal, frozen when voting opens.
electorate = Table(
    "electorate",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id"), primary_key=True),
    Column("voter", Text, nullable=False),  # the pseudonym, for this proposal only
    Column("salt", LargeBinary, nullable=False),
    Column("position", Integer, nullable=False),  # among the leaves of the electorate's tree
    Column("path", LargeBinary, nullable=False),  # the hashes from there to the electorate's root
    Index(None, "proposal_id", "position", unique=True),
    sqlite_with_rowid=False,
)

# The answer that counts; the replaced ones are in the ledger.
ballots = Table(
    "ballots",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id"), primary_key=True),
    Column("choice", Text, nullable=False),
    Column(
        "number", Integer, nullable=False
    ),  # 1 for the first answer of this voter, 2 for its replacement …
    Column("cast_at", Time(), nullable=False),
    Column("ledger_index", Id(), nullable=False),
    Column("receipt_id", Id(), nullable=False),
    sqlite_with_rowid=False,
)

tallies = Table(
    "tallies",
    metadata,
    Column("proposal_id", Id(), ForeignKey("proposals.id"), primary_key=True, autoincrement=False),
    Column("engine", Text, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("counts", Text, nullable=False),  # JSON
    Column("steps", Text, nullable=False),  # JSON
    Column("verdict", Text, nullable=False),
    Column("count", Text),  # JSON: how several options fared, stage by stage
    Column("counted_at", Time(), nullable=False),
    Column("ledger_index", Id(), nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id"), nullable=False),
    Column("proposal_id", Id(), ForeignKey("proposals.id"), nullable=False),
    Column("ledger_index", Id(), nullable=False),
    Column("promise", Text, nullable=False),  # a signed note
    Column("created_at", Time(), nullable=False),
    Index(None, "account_id", "id"),
)
