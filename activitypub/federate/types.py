"""What is told, and to whom."""

from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True):
    """Documents (mostly one) without context, and the inboxes they go to."""

    documents: list[dict[str, Any]]
    inboxes: list[str]
