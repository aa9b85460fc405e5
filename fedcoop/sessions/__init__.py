"""Being signed in with a browser: passwords and sessions. Its pages are `web.oauth.login`."""

from fedcoop.sessions import access, actions, passwords, queries

__all__ = ["access", "actions", "passwords", "queries"]
