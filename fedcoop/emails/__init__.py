"""E-mail addresses of members: that they are theirs, changing them, and the way back in by them."""

from fedcoop.emails import access, actions

__all__ = ["access", "actions"]
