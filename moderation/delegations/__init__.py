"""Letting another member vote for oneself, for one kind of proposal. How delegations count is in `resolve`; they
are resolved when a vote closes, in `moderation.closing`."""
