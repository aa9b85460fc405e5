"""Mandates: offices that members hold for a term. Who gets one is decided by a vote; it lapses by itself."""

from moderation.mandates import access, actions

__all__ = ["access", "actions"]
