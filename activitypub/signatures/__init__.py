"""Signed HTTP requests: draft-cavage-12 and RFC 9421, making and checking.

Checking has two halves, so that nothing is fetched for a request that could not be right anyway: `read` takes
a request apart under our rules and gives a `Claim` (whose key, what was signed), `proven_by` tries a key.
Strictness: docs/security.md section B. Where keys come from is `activitypub.keyring`.
"""

from activitypub.signatures.claim import Claim, read
from activitypub.signatures.keys import KeyCache, load_private, load_public, public_pem
from activitypub.signatures.message import Message
from activitypub.signatures.signing import sign_cavage, sign_rfc9421

__all__ = [
    "Claim",
    "KeyCache",
    "Message",
    "load_private",
    "load_public",
    "public_pem",
    "read",
    "sign_cavage",
    "sign_rfc9421",
]
