"""What decisions take away of single statuses, and give back."""

from fedcoop.removals.actions import bring_back, find, mark_sensitive, take_away

__all__ = ["bring_back", "find", "mark_sensitive", "take_away"]
