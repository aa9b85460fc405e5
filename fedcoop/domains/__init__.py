"""Servers that this one restricts. Who decides it is not known here: `moderation` does, this obeys."""

from fedcoop.domains.access import all_restrictions, allowed, gate, impact
from fedcoop.domains.actions import lift, mark_again, restore_follows, restrict
from fedcoop.text.domains import canonical, parents

__all__ = [
    "all_restrictions", "allowed", "canonical", "gate", "impact", "lift", "mark_again", "parents",
    "restore_follows", "restrict",
]  # fmt: skip
