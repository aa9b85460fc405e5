"""What is known of the instance as a whole."""

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """A rule that is in force. `because` names the decision it comes from."""

    id: int
    text: str
    hint: str
    translations: str
    """JSON: `{"de": {"text": …, "hint": …}}`."""
    because: str


class Numbers(msgspec.Struct, frozen=True):
    """How large the instance is. `active_month`: members who posted within thirty days."""

    users: int
    active_month: int
    statuses: int
    domains: int


class Week(msgspec.Struct, frozen=True):
    """What happened in a week that begins at `start` (ms since the epoch). `authors` stands for log-ins,
    which nobody counts here."""

    start: int
    statuses: int
    authors: int
    joined: int
