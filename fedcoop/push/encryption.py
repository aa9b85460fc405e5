"""Encrypting a message for one device: RFC 8291 (aes128gcm), or the draft that older clients read (aesgcm). Both
come from `pywebpush`, of which only this is used, and the proof of who sends from `py_vapid`."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid01, Vapid02
from pywebpush import WebPusher

from fedcoop import clock
from fedcoop.errors import Invalid
from fedcoop.push.keys import VapidKey, base64url
from fedcoop.push.types import Subscription, Wish

KEPT_FOR = 48 * clock.HOUR // clock.SECOND
"""Seconds for which a push service keeps a message for a device that is off."""
PROVEN_FOR = 12 * clock.HOUR // clock.SECOND
"""Seconds for which the proof of who sends holds; a service accepts a day at most."""


def check(wish: Wish) -> None:
    """Raises `Invalid` for keys that no device has."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(wish.p256dh))
    except ValueError:
        raise Invalid("Validation failed: Subscription keys p256dh is not a P-256 key", "p256dh") from None
    try:
        secret = _bytes(wish.auth)
    except ValueError:
        secret = b""
    if len(secret) != 16:
        raise Invalid("Validation failed: Subscription keys auth is not 16 bytes of base64", "auth")


def request(
    key: VapidKey, subscription: Subscription, message: bytes, contact: str
) -> tuple[dict[str, str], bytes]:
    """Headers and body of what a push service gets. `contact` is where its operators can write to."""
    encoding = "aes128gcm" if subscription.standard else "aesgcm"
    # Devices write base64 in either alphabet.
    keys = {name: base64url(_bytes(getattr(subscription, name))) for name in ("p256dh", "auth")}
    pusher = WebPusher({"endpoint": subscription.endpoint, "keys": keys})
    sealed = pusher.encode(message, content_encoding=encoding)
    parts = urlsplit(subscription.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": clock.now() // clock.SECOND + PROVEN_FOR,
        "sub": f"mailto:{contact}",
    }
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": encoding,
        "TTL": str(KEPT_FOR),
        "Urgency": "normal",
    }
    if subscription.standard:
        return headers | Vapid02.from_pem(key.pem.encode()).sign(claims), sealed["body"]
    headers["Encryption"] = f"salt={sealed['salt'].decode()}"
    ours = f"dh={sealed['crypto_key'].decode()}"
    return headers | Vapid01.from_pem(key.pem.encode()).sign(claims, crypto_key=ours), sealed["body"]


def _bytes(text: str) -> bytes:
    """Raises `ValueError` for what is no base64."""
    try:
        return urlsafe_b64decode(text.rstrip("=").replace("+", "-").replace("/", "_") + "==")
    except Error as problem:
        raise ValueError(str(problem)) from None
