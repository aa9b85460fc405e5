"""What binds two accounts: follows and requests, blocks, mutes, private notes."""

from fedcoop.relationships.access import relationships
from fedcoop.relationships.actions import (
    accept,
    accepted,
    block,
    follow,
    mute,
    note,
    reject,
    rejected,
    remove_follower,
    unblock,
    unfollow,
    unmute,
)

__all__ = [
    "accept", "accepted", "block", "follow", "mute", "note", "reject", "rejected", "relationships",
    "remove_follower", "unblock", "unfollow", "unmute",
]  # fmt: skip
