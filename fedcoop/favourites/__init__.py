"""Favourites: a small yes to a status. A Like from elsewhere ends here too."""

from fedcoop.favourites.actions import add, remove, take_back

__all__ = ["add", "remove", "take_back"]
