"""Handles to actors and back (RFC 7033). What we answer ourselves is in `documents`.

A handle is believed only when it leads both ways: the domain behind its @ must name the actor, and the
actor the handle (docs/security.md E2). The actor's id stays its identity whatever the handle does.
"""

from typing import Any
from urllib.parse import quote

import msgspec

from activitypub.client import JRD, Client
from activitypub.errors import BadAnswer, FetchError, Ignored
from activitypub.origins import authority
from activitypub.parse import decode
from activitypub.vocabulary import Actor
from fedcoop.errors import Invalid

_ACTOR_TYPES = ("application/activity+json", "application/ld+json")
LONGEST = 300


class Finger(msgspec.Struct, frozen=True):
    """What a domain says about a handle: the subject (`username`, `domain`) and the actor's id."""

    username: str
    domain: str
    actor: str


def split_handle(handle: str) -> tuple[str, str]:
    """`@user@host` or `acct:user@host` to its halves, the host in lower case. Raises `Invalid`."""
    text = handle.strip().removeprefix("acct:").lstrip("@")
    user, at, host = text.partition("@")
    if (
        not at
        or not user
        or not host
        or "@" in host
        or len(text) > LONGEST
        or not text.isprintable()
        or " " in text
        or "/" in text
    ):
        raise Invalid(f"{handle[:100]} is not a handle")
    try:
        return user, (host if host.isascii() else host.encode("idna").decode()).lower().rstrip(".")
    except UnicodeError:
        raise Invalid(f"{handle[:100]} is not a handle") from None


async def lookup(client: Client, username: str, domain: str, *, scheme: str = "") -> Finger:
    """Ask `domain` who `username` is. Raises `FetchError`; `BadAnswer` where the answer names no actor."""
    resource = quote(f"acct:{username}@{domain}", safe=":@")
    error: FetchError | None = None
    for each in [scheme] if scheme else _schemes(client, domain):
        try:
            found = await client.get(
                f"{each}://{domain}/.well-known/webfinger?resource={resource}", accept=JRD
            )
            return read(found.body)
        except FetchError as problem:
            error = error or problem
    raise error or BadAnswer(f"{domain} cannot be asked", 0)


def read(body: bytes) -> Finger:
    """What a JRD says. Raises `BadAnswer` where it names no subject or no actor."""
    try:
        document = decode(body)
        username, domain = split_handle(_text(document.get("subject")))
    except (Ignored, Invalid) as error:
        raise BadAnswer(f"a webfinger answer of no use: {error}", 200) from None
    links = document.get("links")
    for link in links[:50] if isinstance(links, list) else ():
        if (
            isinstance(link, dict)
            and link.get("rel") == "self"
            and _text(link.get("type")).startswith(_ACTOR_TYPES)
        ):
            actor = _text(link.get("href"))
            if actor.startswith(("https://", "http://")):
                return Finger(username, domain, actor)
    raise BadAnswer("a webfinger answer that names no actor", 200)


async def confirmed_handle(client: Client, actor: Actor) -> tuple[str, str]:
    """The handle of an actor, asked both ways: (user name, domain).

    Where the actor's own host knows nothing, or the domain that it names does not agree, it is the
    user name at the actor's host. Raises `Invalid` for an actor without host or user name.
    """
    host = authority(actor.id)
    username, _ = split_handle(f"{actor.username}@{host}")
    scheme = actor.id.partition(":")[0]
    if (own := await _claimed(client, actor, scheme)) is not None:
        return own
    try:
        first = await lookup(client, username, host, scheme=scheme)
        if first.actor != actor.id:
            return username, host
        if first.domain == host:
            return first.username, host
        second = await lookup(client, first.username, first.domain, scheme=scheme)
    except FetchError:
        return username, host
    if second.actor == actor.id and second.domain == first.domain:
        return second.username, second.domain
    return username, host


async def _claimed(client: Client, actor: Actor, scheme: str) -> tuple[str, str] | None:
    """The handle that an actor calls its own (FEP-2c59), where the domain in it says the same of the actor."""
    if not actor.webfinger:
        return None
    try:
        username, domain = split_handle(actor.webfinger)
        found = await lookup(client, username, domain, scheme=scheme)
    except (FetchError, Invalid):
        return None
    agreed = found.actor == actor.id and (found.username.lower(), found.domain) == (username.lower(), domain)
    return (found.username, found.domain) if agreed else None


def _schemes(client: Client, domain: str) -> tuple[str, ...]:
    if not client.allow_private:
        return ("https",)
    return ("http", "https") if ":" in domain or domain == "localhost" else ("https", "http")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
