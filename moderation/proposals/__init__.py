"""Proposals: a question, a rule, a window, and what happens if it passes. Voting is in
`moderation.ballots`, opening and closing in `moderation.opening` and `moderation.closing`."""

from . import access, actions, hydrate, timeline

__all__ = ["access", "actions", "hydrate", "timeline"]
