"""Ids: 64 bits that sort by time, 48 of milliseconds and 16 that tell apart. In JSON they are strings."""

import itertools
import secrets
from typing import NewType

from fedcoop import clock
from fedcoop.errors import NotFound

AccountId = NewType("AccountId", int)
StatusId = NewType("StatusId", int)
PollId = NewType("PollId", int)
NotificationId = NewType("NotificationId", int)
MediaId = NewType("MediaId", int)
AppId = NewType("AppId", int)
TokenId = NewType("TokenId", int)
JobId = NewType("JobId", int)
ProposalId = NewType("ProposalId", int)
ListId = NewType("ListId", int)
CollectionId = NewType("CollectionId", int)
CollectionItemId = NewType("CollectionItemId", int)
InteractionId = NewType("InteractionId", int)
FeaturedTagId = NewType("FeaturedTagId", int)
ConversationId = NewType("ConversationId", int)
ScheduledId = NewType("ScheduledId", int)
ReportId = NewType("ReportId", int)
FilterId = NewType("FilterId", int)
KeywordId = NewType("KeywordId", int)
FilteredId = NewType("FilteredId", int)

LARGEST = 2**63 - 1

# Starts anywhere, so that two processes in the same millisecond rarely meet.
_sequence = itertools.count(secrets.randbelow(1 << 16))


def id_at(ms: int) -> int:
    """A new id that sorts at this moment (milliseconds since the epoch)."""
    return (max(ms, 0) << 16) | (next(_sequence) & 0xFFFF)


_newest = 0


def new_id() -> int:
    """A new id that sorts now, and after those made before, also when the clock was set back."""
    global _newest
    made = id_at(clock.onward())
    if made <= _newest:
        # The sequence began anew within this millisecond: what comes after it sorts in the next.
        made += 1 << 16
    _newest = made
    return made


def parse_id(text: str) -> int:
    """The id a client sent. Raises `NotFound`, since no record has such an id."""
    if text.isascii() and text.isdigit() and len(text) <= 19 and (value := int(text)) <= LARGEST:
        return value
    raise NotFound
