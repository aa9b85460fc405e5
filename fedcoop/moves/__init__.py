"""Moving from one account to another, here or elsewhere: aliases, the move itself, and followers who go along."""

from fedcoop.moves import actions

__all__ = ["actions"]
