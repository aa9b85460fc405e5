"""Relays (FEP-ae0c): servers that pass on public posts between many, which members decide to join or to leave."""

from . import access, actions

__all__ = ["access", "actions"]
