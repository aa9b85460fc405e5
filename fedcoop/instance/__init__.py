"""The instance as a whole: its rules, how many people use it, whom it knows."""

from fedcoop.instance import access, queries

__all__ = ["access", "queries"]
