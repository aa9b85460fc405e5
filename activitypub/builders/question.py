"""What makes a Note a Question: its choices with their totals, its end. Votes are `vote`."""

from typing import Any

from fedcoop import clock
from fedcoop.statuses.types import Poll


def question(poll: Poll) -> dict[str, Any]:
    """The properties of a poll; totals are left out while they are hidden."""
    over = poll.over(clock.now())
    shown = over or not poll.hide_totals
    choices = [
        {
            "type": "Note",
            "name": title,
            "replies": {"type": "Collection", "totalItems": votes if shown else 0},
        }
        for title, votes in zip(poll.titles(), poll.votes(), strict=False)
    ]
    found: dict[str, Any] = {
        "type": "Question",
        "anyOf" if poll.multiple else "oneOf": choices,
        "votersCount": poll.voters_count if shown else 0,
    }
    if poll.expires_at is not None:
        found["endTime"] = clock.iso(poll.expires_at)
    if over:
        found["closed"] = clock.iso(poll.expires_at or clock.now())
    return found
