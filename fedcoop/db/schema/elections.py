"""Elections and who stands in them. The votes themselves are proposals, in `governance`."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

# What an election is to fill; its vote is that of its proposal.
elections = Table(
    "elections",
    metadata,
    Column(
        "proposal_id",
        Id(),
        ForeignKey("proposals.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("office", Text, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("term", Text, nullable=False),  # "365 days"
    Column("stand_for", Id(), nullable=False),  # milliseconds
    Column("answers", Text),  # JSON: the answers that were counted, without voters
)

candidacies = Table(
    "candidacies",
    metadata,
    Column("proposal_id", Id(), ForeignKey("elections.proposal_id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), ForeignKey("members.account_id"), primary_key=True),
    Column("log_name", Text, nullable=False),  # in whose order they stand on the ballot
    Column("words", Text, nullable=False),  # the statement, in Markdown
    Column("html", Text, nullable=False),
    Column("state", Text, nullable=False),  # stands, withdrawn, elected, accepted, declined
    Column("stood_at", Time(), nullable=False),
    Column("option", Integer),  # on the ballot, from 0
    Column("answer_by", Time()),
    Column("ledger_index", Id(), nullable=False),
    Index(None, "account_id", "state"),
    sqlite_with_rowid=False,
)
