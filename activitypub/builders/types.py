"""What builders are given: a status with everything that its document tells."""

import msgspec

from fedcoop.accounts.types import Account
from fedcoop.statuses.types import Poll, Status


class Mentioned(msgspec.Struct, frozen=True):
    """Somebody whom a status names; `acct` is `user@domain`, with our own domain for local ones."""

    uri: str
    acct: str


class Media(msgspec.Struct, frozen=True):
    """A picture, sound or film; `meta` as decoded from the API's."""

    type: str
    mime_type: str
    url: str
    description: str
    blurhash: str
    width: int | None
    height: int | None
    duration: float | None
    focus: tuple[float, float] | None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A status and what hangs on it."""

    status: Status
    author: Account
    base_url: str
    mentions: tuple[Mentioned, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    in_reply_to: str = ""
    context: str = ""
    """The collection of its thread, where that began here."""
    reblog_of: str = ""
    reblog_author: str = ""
    groups: tuple[str, ...] = ()
    """Addresses of the groups that it is posted to."""
    quote: str = ""
    """The address of what it quotes, and that of the consent, where there is one."""
    quote_stamp: str = ""
    stamp: str = ""
    """The address of the consent to what it answers or repeats, where that needs one."""
