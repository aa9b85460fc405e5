"""Undo: taking an earlier activity back: Follow, Like, Announce, Block."""

from typing import Any


def undo(activity: dict[str, Any]) -> dict[str, Any]:
    """Takes `activity` back, which is embedded so that the other side need not remember its id."""
    found = {
        "id": f"{activity['id']}/undo" if "#" in activity["id"] else f"{activity['id']}#undo",
        "type": "Undo",
        "actor": activity["actor"],
        "object": activity,
    }
    for key in ("to", "cc"):
        if key in activity:
            found[key] = activity[key]
    return found
