"""One server on SQLite, for what the database makes no difference to."""

from tests.web.conftest import limited, small

__all__ = ["limited", "small"]
