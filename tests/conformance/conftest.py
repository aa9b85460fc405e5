"""One server on SQLite, for what the database makes no difference to."""

from tests.web.conftest import small

__all__ = ["small"]
