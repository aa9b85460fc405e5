"""Follower synchronisation (FEP-8fcf): two servers see whether they agree on who follows somebody, before
what is for followers alone reaches somebody who does not follow any more.

With such a delivery goes a digest of those followers that are on the receiver's server (`told`); whoever
receives one that differs from what it knows asks for the list (`document`) and puts its own right
(`synchronise`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from activitypub import queries, resolve
from activitypub.builders import collections as lists
from activitypub.builders import encode
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from activitypub.origins import origin, same_origin
from activitypub.parse.fields import MOST_ITEMS
from activitypub.vocabulary import PUBLIC, Collection
from fedcoop import jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound, Problem
from fedcoop.jobs.types import SynchroniseFollowers
from fedcoop.relationships import actions as relationships

HEADER = "Collection-Synchronization"
MOST_FOLLOWERS = 25_000
"""Above this nothing is told, as in Mastodon."""
ASKED_AGAIN = 600
"""Seconds before the same list is asked for again."""
_PARAMETER = re.compile(r'\s*(\w+)="([^"]*)"\s*(?:,|$)')


class Told(msgspec.Struct, frozen=True):
    """What a header says: whose followers, where the list is, and the digest of those on our server."""

    collection: str
    url: str
    digest: str


def digest_of(uris: Iterable[str]) -> str:
    """The XOR of the SHA-256 of each id, in hexadecimal: the order makes no difference."""
    found = 0
    for uri in uris:
        found ^= int.from_bytes(sha256(uri.encode()).digest(), "big")
    return f"{found:064x}"


def is_for_followers(document: dict[str, Any], followers: str) -> bool:
    """Is this activity for the followers and not for everybody?"""
    audience = {*_listed(document.get("to")), *_listed(document.get("cc"))}
    return followers in audience and PUBLIC not in audience


async def headers_for(tx: Tx, account: Account) -> dict[str, str]:
    """The header for each server that has followers of a local account, by origin."""
    if account.followers_count > MOST_FOLLOWERS:
        return {}
    by_origin: defaultdict[str, list[str]] = defaultdict(list)
    for uri in await tx.scalars(queries.REMOTE_FOLLOWERS, account_id=account.id):
        try:
            by_origin[origin(uri)].append(uri)
        except Invalid:
            continue
    collection = account.followers_uri or f"{account.uri}/followers"
    url = f"{account.uri}/followers_synchronization"
    return {
        server: f'collectionId="{collection}", url="{url}", digest="{digest_of(uris)}"'
        for server, uris in by_origin.items()
    }


async def document(fed: Federation, account: Account, asker: Account) -> bytes:
    """The followers of a local account who are on the asker's server, for that server alone. Raises
    `NotFound`."""
    if account.deleted_at is not None or account.suspended_at is not None:
        raise NotFound
    async with fed.db.read() as tx:
        uris = await tx.scalars(queries.REMOTE_FOLLOWERS, account_id=account.id)
    theirs = [uri for uri in uris if same_origin(uri, asker.uri)]
    return encode(lists.whole(f"{account.uri}/followers_synchronization", theirs))


def read(header: str) -> Told | None:
    """What a header says; None where it is not one that we understand."""
    found = dict(_PARAMETER.findall(header[:2_000]))
    told = Told(found.get("collectionId", ""), found.get("url", ""), found.get("digest", "").lower())
    return told if told.collection and told.url and re.fullmatch(r"[0-9a-f]{64}", told.digest) else None


async def told(fed: Federation, actor: Account, header: str) -> None:
    """Somebody elsewhere says who follows it from here. Where that is not what we know, its list is asked
    for."""
    found = read(header)
    if found is None or actor.local or found.collection != actor.followers_uri:
        return
    if not same_origin(found.url, actor.uri):
        return
    asked = f"followers of {actor.uri}"
    async with fed.db.read() as tx:
        ours = await tx.scalars(queries.LOCAL_FOLLOWERS, account_id=actor.id)
    if digest_of(ours) == found.digest or fed.failed_lately(asked):
        return
    fed.remember_failure(asked, ASKED_AGAIN)
    async with fed.db.write() as tx:
        await jobs.add(tx, SynchroniseFollowers(account_id=actor.id, url=found.url))


async def synchronise(fed: Federation, job: SynchroniseFollowers) -> None:
    """Job: end the follows that the other server does not know of, and take back those that nobody here
    means. A list that is not whole changes nothing: whom it leaves out may be on its next page."""
    async with fed.db.read() as tx:
        actor = await accounts.find(tx, job.account_id)
    try:
        found, _ = await resolve.fetch(fed, job.url)
    except (FetchError, Ignored, Problem):
        return
    listed = _whole(found)
    if listed is None:
        return
    async with fed.db.write() as tx:
        known = await tx.scalars(queries.LOCAL_FOLLOWERS, account_id=actor.id)
        for uri in set(known) - listed:
            if member := await accounts.by_uri(tx, uri):
                await relationships.end_unknown(tx, member, actor)
        for uri in listed - set(known):
            member = await accounts.by_uri(tx, uri) if fed.is_local(uri) else None
            if member is not None and member.local:
                await relationships.take_back(tx, member, actor)


def _whole(found: object) -> set[str] | None:
    """The ids of a collection that is there as a whole, else None."""
    if not isinstance(found, Collection):
        return None
    page = found.first_page or found
    if page.next or (found.first and found.first_page is None) or len(page.items) >= MOST_ITEMS:
        return None
    return set(page.items)


def _listed(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
