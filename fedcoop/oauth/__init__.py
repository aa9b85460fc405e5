"""Applications and what members let them do: registration, codes, tokens, scopes. Its HTTP is `web.oauth`."""

from fedcoop.oauth import access, actions, queries, scopes

__all__ = ["access", "actions", "queries", "scopes"]
