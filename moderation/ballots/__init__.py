"""Ballots: one answer of each voter, replaceable until closing, each on the record. Counting is
`moderation.tally`."""

from . import access, actions

__all__ = ["access", "actions"]
