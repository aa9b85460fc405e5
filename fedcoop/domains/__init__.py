"""Servers that this one restricts. Who decides it is not known here: `moderation` does, this obeys."""

from fedcoop.domains.access import all_restrictions, gate, impact
from fedcoop.domains.actions import lift, restrict
from fedcoop.text.domains import canonical, parents

__all__ = ["all_restrictions", "canonical", "gate", "impact", "lift", "parents", "restrict"]
