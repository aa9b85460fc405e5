"""Consent to being quoted (FEP-044f), featured (FEP-7aa9), answered, liked and shared (GoToSocial): asked
for, given by a stamp, refused, and taken back."""

from collections.abc import Sequence
from typing import Any


def request(kind: str, identity: str, actor: str, target: str, instrument: Any, to: str) -> dict[str, Any]:
    """Asks the author of `target` whether the note, Like or Announce in `instrument` may be."""
    return {
        "id": identity,
        "type": kind,
        "actor": actor,
        "object": target,
        "instrument": instrument,
        "to": [to],
    }


def answer(identity: str, actor: str, asked: dict[str, Any], stamp: str = "") -> dict[str, Any]:
    """Yes to a request, with the address of the stamp; without one, no."""
    document = {
        "id": identity,
        "type": "Accept" if stamp else "Reject",
        "actor": actor,
        "object": asked,
        "to": [asked["actor"]],
    }
    return document | ({"result": stamp} if stamp else {})


def authorization(kind: str, stamp: str, author: str, interacting: str, target: str) -> dict[str, Any]:
    """The stamp: `author` consents to what `interacting`, a note, a collection, a Like or an Announce, does with
    `target`."""
    return {
        "id": stamp,
        "type": kind,
        "attributedTo": author,
        "interactingObject": interacting,
        "interactionTarget": target,
    }


def revoked(actor: str, stamp: str, to: Sequence[str]) -> dict[str, Any]:
    """The stamp counts no more."""
    return {"id": f"{stamp}#delete", "type": "Delete", "actor": actor, "object": stamp, "to": list(to)}
