"""Statements: SQLAlchemy Core expressions compiled once for each database, and run without SQLAlchemy.

They are made at import in the features' `queries.py`; running them is `fedcoop.db.tx`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypeVar, overload

import msgspec
from sqlalchemy import ARRAY, BigInteger, Boolean, Table, Text, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import Dialect
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement, KeyedColumnElement

DialectName = Literal["sqlite", "postgresql"]

_dialects: dict[DialectName, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": asyncpg.dialect(),  # type: ignore[no-untyped-call] # SQLAlchemy's own gap
}

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S", bound=msgspec.Struct)


class Row(Protocol):
    """A row as `sqlite3.Row` and `asyncpg.Record` both give it."""

    def __getitem__(self, key: int | str) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...


class Compiled(NamedTuple):
    """SQL text of one database, and the parameters in the order in which it wants them."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]

    def arrange(self, params: dict[str, Any]) -> list[Any]:
        """Raises `KeyError` for a parameter that was forgotten, `TypeError` for one too many."""
        if self.constants:
            params = {**self.constants, **params}
        arranged = [params[name] for name in self.names]
        if len(params) > len(arranged) and (strange := params.keys() - set(self.names)):
            raise TypeError(f"parameters that the statement does not have: {sorted(strange)}")
        return arranged


class Statement(Generic[T_co]):
    """A compiled statement whose rows become `T_co`. `planned_anew`: how best to find them depends so much on what
    is asked for that PostgreSQL plans each time; else it keeps a plan that fits on average."""

    __slots__ = ("_compiled", "expression", "make", "planned_anew")

    def __init__(
        self, expression: Executable, make: Callable[..., T_co] | None, planned_anew: bool = False
    ) -> None:
        self.expression = expression
        self.make = make
        self.planned_anew = planned_anew
        self._compiled: dict[DialectName, Compiled] = {}

    def compiled(self, dialect: DialectName) -> Compiled:
        try:
            return self._compiled[dialect]
        except KeyError:
            self._compiled[dialect] = made = compile_for(self.expression, dialect)
            return made

    def bind(self, **params: Any) -> Bound[T_co]:
        """The statement with its parameters, for `Tx.batch`."""
        return Bound(self, params)


class Bound(NamedTuple, Generic[T_co]):
    statement: Statement[T_co]
    params: dict[str, Any]


def compile_for(expression: Executable, dialect: DialectName) -> Compiled:
    """Raises `ValueError` for a literal `in_([…])`, whose text would change with its length: use `any_of`."""
    compiled = expression.compile(dialect=_dialects[dialect])  # type: ignore[attr-defined] # all of ours have it
    sql = str(compiled)
    if "POSTCOMPILE" in sql:
        raise ValueError(f"use any_of() instead of in_() in: {sql}")
    names = tuple(compiled.positiontup or ())
    params = compiled.construct_params(_check=False)
    constants = {key: value for key, value in params.items() if not compiled.binds[key].required}
    return Compiled(sql, names, constants)


@overload
def statement(expression: Executable) -> Statement[Row]: ...
@overload
def statement(
    expression: Executable, into: Callable[..., T], *, planned_anew: bool = False
) -> Statement[T]: ...
def statement(
    expression: Executable, into: Callable[..., Any] | None = None, *, planned_anew: bool = False
) -> Statement[Any]:
    """A statement to keep as a module's constant. With `into`, each row becomes `into(*row)`."""
    return Statement(expression, into, planned_anew)


def columns_of(struct: type[S], table: Table | Any) -> list[KeyedColumnElement[Any]]:
    """The table's columns named as the struct's fields, in their order. Raises `KeyError` for a stranger."""
    return [table.c[field] for field in struct.__struct_fields__]


class any_of(FunctionElement[bool]):
    """`column IN (…)` with a list as one parameter, so that one compiled text serves every length."""

    type = Boolean()
    inherit_cache = False
    # Without this SQLAlchemy appends `= 1` on SQLite, and the index is lost.
    _is_implicitly_boolean = True

    def __init__(self, column: ColumnElement[Any], parameter: str) -> None:
        kind = Text() if isinstance(column.type, Text) else BigInteger()
        super().__init__(column, bindparam(parameter, type_=ARRAY(kind)))


@compiles(any_of, "sqlite")
def _any_of_sqlite(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    listed = compiler.process(values, **kw)
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 # no input


@compiles(any_of, "postgresql")
def _any_of_postgresql(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} = ANY({compiler.process(values, **kw)})"


class listed(FunctionElement[int]):
    """A list of ids as one parameter, to be selected from: `listed("ids").table_valued("value")`. In a CTE it is
    read once for several subqueries."""

    type = BigInteger()
    inherit_cache = False

    def __init__(self, parameter: str) -> None:
        super().__init__(bindparam(parameter, type_=ARRAY(BigInteger())))


@compiles(listed, "sqlite")
def _listed_sqlite(element: listed, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **kw)}))"  # noqa: S608 # no input


@compiles(listed, "postgresql")
def _listed_postgresql(element: listed, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **kw)}) AS value)"


class json_of(FunctionElement[str]):
    """Columns as the text of one JSON array."""

    type = Text()
    inherit_cache = False


@compiles(json_of, "sqlite")
def _json_of_sqlite(element: json_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(json_of, "postgresql")
def _json_of_postgresql(element: json_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(json_build_array({compiler.process(element.clauses, **kw)}) AS TEXT)"
