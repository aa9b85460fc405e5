"""Bookmarks: statuses to find again, seen by nobody else."""

from fedcoop.bookmarks.actions import add, remove

__all__ = ["add", "remove"]
