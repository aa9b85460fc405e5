"""A document's version."""

import msgspec


class Version(msgspec.Struct, frozen=True):
    """A row of `documents`: Markdown, in force from `effective_at` until the next. Times are milliseconds; an
    empty text withdrew it. `because` names the decision."""

    document: str
    version: int
    text: str
    effective_at: int
    adopted_at: int
    because: str
