"""Members: local accounts admitted to the co-operative, and their standing. Who of them may vote on
something is frozen in its electorate, in `moderation.opening`."""

from . import access, actions

__all__ = ["access", "actions"]
