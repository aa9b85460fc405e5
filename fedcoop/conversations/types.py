"""A conversation as a row. How the API shows it is `web.mastodon.conversations`."""

from __future__ import annotations

import msgspec

from fedcoop.ids import ConversationId


class Conversation(msgspec.Struct, frozen=True):
    """A row of `conversations`: one member's view. `participants` are the others, as a JSON list of ids in their
    order."""

    id: ConversationId
    account_id: int
    thread_id: int
    participants: str
    last_status_id: int
    unread: bool

    def others(self) -> list[int]:
        return msgspec.json.decode(self.participants, type=list[int])
