"""Adopting documents, when members have decided so."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.documents import queries
from fedcoop.documents.types import Version


async def adopt(tx: Tx, document: str, text: str, *, effective_at: int, because: str) -> Version:
    """Keep a new version of a document, in force from a moment on. An empty text withdraws it."""
    last = await tx.one(queries.LAST, document=document)
    version = Version(
        document=document,
        version=1 if last is None else last.version + 1,
        text=text,
        effective_at=effective_at,
        adopted_at=clock.now(),
        because=because,
    )
    await tx.execute(queries.ADD, **{name: getattr(version, name) for name in Version.__struct_fields__})
    return version
