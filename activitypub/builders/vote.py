"""A vote in a poll: a Create of a Note that has a name and answers the Question (as Mastodon does it)."""

from typing import Any


def vote(identity: str, actor: str, question: str, author: str, choice: str) -> dict[str, Any]:
    """One vote for one choice, to the author of the poll alone."""
    return {
        "id": f"{identity}/activity",
        "type": "Create",
        "actor": actor,
        "to": [author],
        "object": {
            "id": identity,
            "type": "Note",
            "attributedTo": actor,
            "inReplyTo": question,
            "name": choice,
            "to": [author],
        },
    }
