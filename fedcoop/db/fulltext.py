"""Full-text search in both databases: a column of words, and what is asked of it.

The words are folded already (`fedcoop.text.tokens`), so that both databases find the same. SQLite keeps an FTS5
index beside the table, PostgreSQL a GIN index of a `tsvector`; neither is known to SQLAlchemy, hence the DDL here,
which migrations and the tests' databases share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import BigInteger, Table, Text, bindparam
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from fedcoop.db.statement import DialectName

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.types import TypeEngine

MOST_WORDS = 16_000
"""Positions beyond this are none to PostgreSQL."""


class Phrase(msgspec.Struct, frozen=True):
    """Words that follow one another. `begun`: the last one may go on."""

    words: tuple[str, ...]
    begun: bool = False


class Wanted(msgspec.Struct, frozen=True):
    """What a row must have, and what it must not have. Marks are phrases of one word with a `_` in it."""

    having: tuple[Phrase, ...]
    lacking: tuple[Phrase, ...] = ()


def Words() -> TypeEngine[str]:
    """The type of a column of words."""
    return Text().with_variant(TSVECTOR(), "postgresql")


def stored(words: list[str], marks: Iterable[str], dialect: DialectName) -> str:
    """The words, and marks that no word can be, as the column keeps them."""
    words = words[:MOST_WORDS]
    if dialect == "sqlite":
        return " ".join([*words, *marks])
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(words, 1):
        places[word].append(str(place))
    # No quote is a letter, so that none needs escaping.
    return " ".join(
        [*(f"'{word}':{','.join(at[:255])}" for word, at in places.items()), *(f"'{mark}'" for mark in marks)]
    )


def asked(wanted: Wanted, dialect: DialectName) -> str:
    """The question in the database's own language. There must be something that a row has."""
    if dialect == "sqlite":
        having = " AND ".join(map(_fts5, wanted.having))
        return " NOT ".join([f"({having})", *map(_fts5, wanted.lacking)])
    return " & ".join(
        [*map(_tsquery, wanted.having), *(f"!({_tsquery(phrase)})" for phrase in wanted.lacking)]
    )


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.begun else "")


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(f"'{word}'" for word in phrase.words) + (":*" if phrase.begun else "")


class found(FunctionElement[int]):
    """The keys of the rows that have what the parameter asks for: `found(table, "asked").table_valued("id")`."""

    type = BigInteger()
    inherit_cache = False

    def __init__(self, table: Table, parameter: str) -> None:
        self.table = table
        (self.key,) = (column.name for column in table.primary_key)
        super().__init__(bindparam(parameter, type_=Text()))


@compiles(found, "sqlite")
def _found_sqlite(element: found, compiler: SQLCompiler, **kw: object) -> str:
    index, asked = index_of(element.table), compiler.process(element.clauses, **kw)
    return f"(SELECT rowid AS id FROM {index} WHERE {index} MATCH {asked})"  # noqa: S608 # no input


@compiles(found, "postgresql")
def _found_postgresql(element: found, compiler: SQLCompiler, **kw: object) -> str:
    name, asked = element.table.name, compiler.process(element.clauses, **kw)
    return f"(SELECT {element.key} AS id FROM {name} WHERE words @@ CAST({asked} AS tsquery))"  # noqa: S608


class unaided(FunctionElement[int]):
    """A column by which SQLite must not look into its index of words, row by row; PostgreSQL knows better."""

    type = BigInteger()
    inherit_cache = False

    def __init__(self, column: ColumnElement[int]) -> None:
        super().__init__(column)


@compiles(unaided, "sqlite")
def _unaided_sqlite(element: unaided, compiler: SQLCompiler, **kw: object) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(unaided, "postgresql")
def _unaided_postgresql(element: unaided, compiler: SQLCompiler, **kw: object) -> str:
    return compiler.process(element.clauses, **kw)


INDEX = "fulltext_"


def index_of(table: Table) -> str:
    return INDEX + table.name


def ours(name: str | None) -> bool:
    """Whether a table, index or trigger of this name is kept here and not by SQLAlchemy's metadata."""
    return bool(name) and str(name).startswith(INDEX)


def ddl(table: Table, dialect: str) -> list[str]:
    """What makes the index of a table that has just been made."""
    name, index = table.name, index_of(table)
    if dialect == "postgresql":
        return [f"CREATE INDEX {index} ON {name} USING gin (words)"]
    (key,) = (column.name for column in table.primary_key)
    drop = f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', old.{key}, old.words);"  # noqa: S608
    add = f"INSERT INTO {index} (rowid, words) VALUES (new.{key}, new.words);"  # noqa: S608 # no input
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5(words, content='{name}', content_rowid='{key}', columnsize=0, "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
        f"CREATE TRIGGER {index}_added AFTER INSERT ON {name} BEGIN {add} END",
        f"CREATE TRIGGER {index}_removed AFTER DELETE ON {name} BEGIN {drop} END",
        f"CREATE TRIGGER {index}_changed AFTER UPDATE ON {name} BEGIN {drop} {add} END",
    ]
