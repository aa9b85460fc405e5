"""SQL of the ledger."""

from sqlalchemy import BigInteger, bindparam, case, exists, func, insert, select, update

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.governance import proposal_versions, proposals
from fedcoop.db.schema.ledger import (
    cosignatures,
    ledger,
    ledger_checkpoints,
    ledger_entries,
    ledger_hashes,
    ledger_words,
)

from .types import Log, SignedCheckpoint, StoredEntry, Words

_now = bindparam("now", type_=BigInteger)
_entry = ledger_entries.c
_version = proposal_versions.alias()
_log = columns_of(Log, ledger)
_later = case((ledger.c.last_time > _now, ledger.c.last_time), else_=_now)

ADD_LOG = statement(insert(ledger))
LOG = statement(select(*_log).where(ledger.c.id == 1), into=Log)
# Writing the row, even unchanged, makes every other writer of the ledger wait until this one is done.
TAKE = statement(update(ledger).where(ledger.c.id == 1).values(size=ledger.c.size).returning(*_log), into=Log)
GROW = statement(
    update(ledger).where(ledger.c.id == 1).values(size=ledger.c.size + 1, last_time=_later).returning(*_log),
    into=Log,
)
NEW_KEY = statement(update(ledger).where(ledger.c.id == 1).values(seed=bindparam("new_seed")))
SIGNED = statement(update(ledger).where(ledger.c.id == 1).values(signed_size=bindparam("new_size")))

ADD_ENTRY = statement(insert(ledger_entries))
ENTRY = statement(select(_entry.entry).where(_entry.position == bindparam("position")))
_from_to = (_entry.position >= bindparam("start"), _entry.position < bindparam("end"))
ENTRIES = statement(select(_entry.entry).where(*_from_to).order_by(_entry.position))
LEAVES = statement(select(_entry.leaf).where(*_from_to).order_by(_entry.position))
LATEST_OF_TYPE = statement(select(func.max(_entry.position)).where(_entry.type == bindparam("type")))
_stored = columns_of(StoredEntry, ledger_entries)
PAGE = statement(
    select(*_stored)
    .where(_entry.position < bindparam("before"))
    .order_by(_entry.position.desc())
    .limit(bindparam("limit")),
    into=StoredEntry,
)
PAGE_OF_TYPES = statement(
    select(*_stored)
    .where(_entry.position < bindparam("before"), any_of(_entry.type, "types"))
    .order_by(_entry.position.desc())
    .limit(bindparam("limit")),
    into=StoredEntry,
)

ALL_OF_TYPES = statement(
    select(*_stored).where(any_of(_entry.type, "types")).order_by(_entry.position), into=StoredEntry
)

ADD_HASH = statement(insert(ledger_hashes))
HASHES = statement(
    select(ledger_hashes.c.hash)
    .where(
        ledger_hashes.c.level == bindparam("level"),
        ledger_hashes.c.position >= bindparam("start"),
        ledger_hashes.c.position < bindparam("end"),
    )
    .order_by(ledger_hashes.c.position)
)

ADD_WORDS = statement(insert(ledger_words))
WORDS = statement(
    select(*columns_of(Words, ledger_words)).where(any_of(ledger_words.c.position, "positions")), into=Words
)
ERASE_WORDS = statement(
    update(ledger_words)
    .where(ledger_words.c.position == bindparam("at_position"), ledger_words.c.words.is_not(None))
    .values(salt=None, words=None)
)
# Proposals keep their words where they are in use as well.
ERASE_VERSION = statement(
    update(proposal_versions).where(proposal_versions.c.ledger_index == bindparam("of_index")).values(body="")
)
_erased = exists().where(
    proposal_versions.c.proposal_id == proposals.c.id,
    proposal_versions.c.ledger_index == bindparam("of_index"),
    proposal_versions.c.number
    == select(func.max(_version.c.number)).where(_version.c.proposal_id == proposals.c.id).scalar_subquery(),
)
ERASE_PROPOSAL = statement(update(proposals).where(_erased).values(body="", html=""))

ADD_CHECKPOINT = statement(insert(ledger_checkpoints))
_checkpoint = select(*columns_of(SignedCheckpoint, ledger_checkpoints))
CHECKPOINT = statement(_checkpoint.order_by(ledger_checkpoints.c.size.desc()).limit(1), into=SignedCheckpoint)
UNPOSTED = statement(
    _checkpoint.where(
        ledger_checkpoints.c.size == select(func.max(ledger_checkpoints.c.size)).scalar_subquery(),
        ledger_checkpoints.c.status_id.is_(None),
    ),
    into=SignedCheckpoint,
)
POSTED = statement(
    update(ledger_checkpoints)
    .where(ledger_checkpoints.c.size == bindparam("of_size"))
    .values(status_id=bindparam("posted_id"))
)
COSIGNATURE_LINES = statement(
    select(cosignatures.c.line).where(cosignatures.c.size == bindparam("size")).order_by(cosignatures.c.name)
)
CHECKPOINT_WITH = statement(
    _checkpoint.where(ledger_checkpoints.c.size > bindparam("index"))
    .order_by(ledger_checkpoints.c.size)
    .limit(1),
    into=SignedCheckpoint,
)

# Whose votes others cast, between the opening of a vote and its count.
DELEGATED = statement(
    select(ledger_entries.c.entry)
    .where(
        ledger_entries.c.type == "delegated",
        ledger_entries.c.position > bindparam("after"),
        ledger_entries.c.position < bindparam("before"),
    )
    .order_by(ledger_entries.c.position)
)
