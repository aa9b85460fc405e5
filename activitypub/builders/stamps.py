"""Consent to being quoted (FEP-044f) or featured (FEP-7aa9): given by a stamp, refused, and taken back."""

from collections.abc import Sequence
from typing import Any, Literal

Kind = Literal["QuoteAuthorization", "FeatureAuthorization"]


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


def authorization(kind: Kind, stamp: str, author: str, interacting: str, target: str) -> dict[str, Any]:
    """The stamp: `author` consents that `interacting`, a note or a collection, shows `target`."""
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
