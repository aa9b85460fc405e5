"""The rules that members give themselves: making and repealing them. Reading is `fedcoop.instance.access`."""

from fedcoop.rules.actions import add, amend, checked, repeal

__all__ = ["add", "amend", "checked", "repeal"]
