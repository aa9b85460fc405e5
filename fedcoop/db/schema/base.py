"""What every table is made of: one metadata, 64-bit ids, and names for constraints so that migrations
can speak of them."""

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def Id() -> TypeEngine[int]:
    """A 64-bit id. On SQLite a sole primary key of this type is the row id itself: no second B-tree."""
    return BigInteger().with_variant(Integer(), "sqlite")


def Time() -> TypeEngine[int]:
    """Milliseconds since the epoch."""
    return BigInteger().with_variant(Integer(), "sqlite")
