"""Data at rest: one schema, two databases. Tables are in `schema`, their history in `migrations`."""

from fedcoop.db.database import Database, opened
from fedcoop.db.statement import Bound, Row, Statement, any_of, columns_of, json_of, listed, statement
from fedcoop.db.tx import Tx

__all__ = [
    "Bound",
    "Database",
    "Row",
    "Statement",
    "Tx",
    "any_of",
    "columns_of",
    "json_of",
    "listed",
    "opened",
    "statement",
]
