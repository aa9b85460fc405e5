"""The ledger that records what members decide, and the witnesses that sign it. What they decide stands in
`governance`."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

# One row: the log of this server. Taking its lock is what keeps indexes dense.
ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("seed", LargeBinary, nullable=False),  # the private key
    Column("size", Id(), nullable=False),
    Column("signed_size", Id(), nullable=False),  # of the latest checkpoint
    Column("last_time", Time(), nullable=False),  # of the latest entry; times never go back
    Column(
        "witness_seed", LargeBinary
    ),  # with which checkpoints of others are cosigned; made when first needed
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("position", Id(), primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("time", Time(), nullable=False),
    Column("entry", LargeBinary, nullable=False),  # canonical JSON
    Column("leaf", LargeBinary, nullable=False),
    Index(None, "type", "position"),
)

# The hashes of full tiles, that is the levels 8, 16 … of the tree; level 0 stands in the entries.
ledger_hashes = Table(
    "ledger_hashes",
    metadata,
    Column("level", Integer, primary_key=True),  # of tiles: 1, 2 …
    Column("position", Id(), primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The words behind an entry's commitment. Erasing both leaves the log whole.
ledger_words = Table(
    "ledger_words",
    metadata,
    Column("position", Id(), ForeignKey("ledger_entries.position"), primary_key=True, autoincrement=False),
    Column("salt", LargeBinary),
    Column("words", Text),  # canonical JSON
)

ledger_checkpoints = Table(
    "ledger_checkpoints",
    metadata,
    Column("size", Id(), primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", Time(), nullable=False),
    Column("status_id", Id()),  # of the assembly's post that tells it to other servers
)

# Servers that cosign this server's checkpoints.
witnesses = Table(
    "witnesses",
    metadata,
    Column("name", Text, primary_key=True),
    Column("vkey", Text, nullable=False),
    Column("url", Text, nullable=False),  # below which `add-checkpoint` stands
    Column("size", Id(), nullable=False),  # of the latest checkpoint that it is known to have
    Column("cosigned_at", Time()),
    Column("failed_at", Time()),  # since when it does not answer as it should
    Column("failure", Text, nullable=False),
    Column("added_at", Time(), nullable=False),
)

cosignatures = Table(
    "cosignatures",
    metadata,
    Column("size", Id(), ForeignKey("ledger_checkpoints.size", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("line", Text, nullable=False),
    Column("seen_at", Time(), nullable=False),
    sqlite_with_rowid=False,
)

# Logs of other servers that this server cosigns, as they were last seen.
witnessed_logs = Table(
    "witnessed_logs",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("vkey", Text, nullable=False),
    Column("size", Id(), nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("seen_at", Time()),
    Column("fork", Text, nullable=False),  # a signed checkpoint that contradicts `note`, as evidence
    Column("added_at", Time(), nullable=False),
)
