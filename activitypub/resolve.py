"""From an address or handle of another server to an account or status of ours: known, else fetched and
stored.

Everything here goes out to the network before it opens a transaction. What may be believed is decided by
`origins`: a document counts only when it was fetched from the origin that its id names.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from activitypub import keyring, newcomers, posts, webfinger
from activitypub.errors import FetchError, Gone, Ignored
from activitypub.federation import Federation
from activitypub.origins import authority, same_origin
from activitypub.parse import decode, normalise_aside, read_normal
from activitypub.parse.reader import Thing
from activitypub.vocabulary import PUBLIC, Actor, Create, Post
from fedcoop import clock, jobs
from fedcoop.accounts import access as account_access
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts import attribution, consent
from fedcoop.accounts.consent import Allowed
from fedcoop.accounts.types import Account, Kind, RemoteAccount
from fedcoop.db import Tx
from fedcoop.domains import gate
from fedcoop.errors import Invalid, NotFound
from fedcoop.jobs.types import FetchFeatured
from fedcoop.media import copies
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Status
from fedcoop.text.domains import canonical

STALE_MS = 24 * clock.HOUR
"""A profile older than this is fetched anew when its owner does something."""
MOST_NAMED = 100
"""Accounts that a policy of another server names one by one."""
MOST_ANCESTORS = 20
"""Statuses fetched upwards for one reply; the rest of a longer thread comes with time."""
_KINDS: dict[str, Kind] = {
    "Person": "person",
    "Service": "bot",
    "Group": "group",
    "Application": "application",
    "Organization": "organization",
}


async def account(fed: Federation, uri: str, *, refresh: bool = False) -> Account:
    """The account with this actor id, fetched if it is unknown or stale.

    Raises `FetchError`, `Ignored` (no actor, or a blocked server) and `NotFound` (ours, and not there).
    """
    async with fed.db.read() as tx:
        found = await account_access.by_uri(tx, uri)
        stale = found is not None and not found.local and _is_stale(found)
        if fed.is_local(uri):
            if found is None or found.deleted_at is not None:
                raise NotFound
            return found
        if found is not None and not refresh and not stale:
            return found  # whoever is restricted carries a mark of it
        await refuse_blocked(tx, uri)
    try:
        return await save_actor(fed, await fetch_actor(fed, uri))
    except (FetchError, Ignored, Invalid):
        if found is None or refresh:
            raise
        return found


async def speaker(fed: Federation, uri: str) -> Account:
    """The account of somebody elsewhere who says something. Raises `Ignored` where it is ours, gone or
    suspended, and what `account` raises."""
    found = await account(fed, uri)
    if found.local or found.deleted_at is not None or found.suspended_at is not None:
        raise Ignored("the actor is ours, gone or suspended")
    return found


async def by_handle(fed: Federation, handle: str) -> Account:
    """The account that `user@domain` names, asked for by WebFinger if unknown here.

    Raises `Invalid`, `NotFound`, `FetchError`, `Ignored`.
    """
    if "@" not in handle.strip().lstrip("@"):
        handle = f"{handle}@{fed.config.domain}"
    username, domain = webfinger.split_handle(handle)
    local = domain == fed.config.domain
    async with fed.db.read() as tx:
        found = await account_access.by_handle(tx, username if local else f"{username}@{domain}")
        if local and found is None:
            raise NotFound
        if found is not None and (local or not _is_stale(found)):
            return found
        await refuse_blocked(tx, f"https://{domain}/")
    try:
        finger = await webfinger.lookup(fed.client, username, domain)
        return await account(fed, finger.actor, refresh=found is not None)
    except (FetchError, Ignored):
        if found is None:
            raise
        return found


async def status(fed: Federation, uri: str) -> Status | None:
    """The status with this id, fetched from where it lives if unknown, with some of what it answers.

    None where it was deleted or may not be stored. Raises `FetchError`, `Ignored`, `NotFound`.
    """
    async with fed.db.read() as tx:
        found = await tx.one(status_queries.BY_URI, uri=uri)
        if found is not None:
            return found
        if fed.is_local(uri):
            raise NotFound
        if await tx.one(status_queries.TOMBSTONE, uri=uri) is not None:
            return None
        await refuse_blocked(tx, uri)
    chain = await _fetch_upwards(fed, uri)
    for post in reversed(chain):
        author = await account(fed, post.attributed_to)
        async with fed.db.write() as tx:
            stored = await posts.receive(tx, author, post, wanted=True)
            if stored is not None and post is chain[0]:
                await posts.look_below(tx, stored, post)
    async with fed.db.read() as tx:
        return await tx.one(status_queries.BY_URI, uri=chain[0].id)


async def anything(fed: Federation, address: str) -> Account | Status | None:
    """What lives at an address that somebody typed into the search: an account, a status, or nothing.

    Raises `FetchError`, `Ignored`, `NotFound`, `Invalid`.
    """
    async with fed.db.read() as tx:
        known = await account_access.by_uri(tx, address)
        if known is not None:
            return known
        written = await tx.one(status_queries.BY_URI, uri=address)
        if written is not None:
            return written
        if fed.is_local(address):
            raise NotFound
        await refuse_blocked(tx, address)
    found, _ = await fetch(fed, address)
    if isinstance(found, Actor):
        return await save_actor(fed, found)
    if isinstance(found, Create) and isinstance(found.object, Post):
        found = found.object
    if isinstance(found, Post):
        return await status(fed, found.id)
    raise Ignored("neither an account nor a status")


async def fetch(fed: Federation, url: str) -> tuple[Thing, str]:
    """The thing at `url`, and its id. Asked once more at its own id where that is of another origin.

    Raises `FetchError`, `Ignored`.
    """
    if fed.failed_lately(url):
        raise Gone(f"{url} could not be had a short while ago", 404)
    for _ in range(2):
        try:
            fetched = await fed.client.document(url)
        except FetchError as error:
            fed.remember_failure(url, 600 if isinstance(error, Gone) else 60)
            raise
        thing = read_normal(await normalise_aside(decode(fetched.body)))
        identity = thing.id
        if not identity:
            raise Ignored("a document without an id")
        if same_origin(identity, fetched.url):
            return thing, identity
        url = identity
    raise Ignored("a document that does not live where it says")


async def fetch_actor(fed: Federation, uri: str) -> Actor:
    """The actor with this very id. Raises `FetchError`, `Ignored`."""
    known = fed.actors.get(uri)
    if known is not None:
        fed.actors.drop(uri)
        return known
    await newcomers.admit(fed, uri)
    found, identity = await fetch(fed, uri)
    if not isinstance(found, Actor):
        raise Ignored("not an actor")
    if identity != uri and not same_origin(identity, uri):
        raise Ignored("an actor of another origin than asked")
    return found


async def save_actor(fed: Federation, actor: Actor) -> Account:
    """Store what was fetched from an actor's own origin: its account, its keys, its confirmed handle.

    Raises `Ignored` for an actor that cannot be one of ours: no user name, no inbox, a blocked server.
    """
    if not actor.username or not actor.inbox:
        raise Ignored("an actor without user name or inbox")
    if fed.is_local(actor.id):
        raise Ignored("nobody else tells us who our own are")
    username, domain = await webfinger.confirmed_handle(fed.client, actor)
    domain = canonical(domain)
    remote = described(actor, username, domain)
    async with fed.db.write() as tx:
        await refuse_blocked(tx, actor.id)
        await refuse_blocked(tx, f"https://{domain}/")
        before = await account_access.by_uri(tx, actor.id)
        saved = await account_actions.save_remote(tx, remote)
        several = saved.featured_uri or saved.featured_tags_uri or saved.collections_uri
        if several and (before is None or _is_stale(before)):
            await jobs.add(tx, FetchFeatured(account_id=saved.id))
        await copies.know_emoji(tx, domain, (each.url for each in actor.emojis))
        await keyring.save(tx, actor)
        await attribution.believe(tx, saved.id, actor.attribution_domains)
    keyring.remember(fed, actor)
    return saved


def described(actor: Actor, username: str, domain: str) -> RemoteAccount:
    """An actor in the domain's words. Inboxes and collections of another origin are left out."""
    rsa = next((key for key in actor.keys if key.pem and key.owner == actor.id), None)
    return RemoteAccount(
        uri=actor.id,
        url=actor.url or actor.id,
        username=username,
        domain=domain,
        kind=_KINDS.get(actor.type, "person"),
        display_name=actor.name,
        note=actor.summary,
        fields=[(field.name, field.value) for field in actor.fields],
        emojis=[
            {"shortcode": one.shortcode, "url": one.url, "static_url": one.static_url or one.url}
            for one in actor.emojis
        ],
        avatar=actor.icon,
        avatar_description=actor.icon_description,
        header=actor.image,
        header_description=actor.image_description,
        locked=actor.manually_approves,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        memorial=actor.memorial,
        show_media=actor.show_media,
        show_media_replies=actor.show_media_replies,
        show_featured=actor.show_featured,
        also_known_as=list(actor.also_known_as),
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox if same_origin(actor.shared_inbox, actor.inbox) else "",
        outbox=actor.outbox,
        followers_uri=actor.followers if same_origin(actor.followers, actor.id) else "",
        following_uri=actor.following if same_origin(actor.following, actor.id) else "",
        featured_uri=actor.featured if same_origin(actor.featured, actor.id) else "",
        featured_tags_uri=actor.featured_tags if same_origin(actor.featured_tags, actor.id) else "",
        collections_uri=actor.featured_collections
        if same_origin(actor.featured_collections, actor.id)
        else "",
        feature_policy=_feature_policy(actor),
        public_key_id=rsa.id if rsa else "",
        public_key=rsa.pem if rsa else "",
        created_at=actor.published,
    )


def _feature_policy(actor: Actor) -> Allowed | None:
    """Who may put the actor into a collection, in the domain's words."""
    if actor.can_feature is None:
        return None
    words = {PUBLIC: consent.PUBLIC, actor.followers: consent.FOLLOWERS, actor.following: consent.FOLLOWING}
    automatic, manual = (
        tuple(words.get(one, one) for one in named[:MOST_NAMED] if one != actor.id)
        for named in (actor.can_feature.automatic, actor.can_feature.manual)
    )
    return Allowed(automatic=automatic, manual=manual)


async def refuse_blocked(tx: Tx, uri: str) -> None:
    """Raises `Ignored` when the members decided not to talk to the server behind this address."""
    try:
        host = urlsplit(uri).hostname or ""
        names = {authority(uri), host}
    except (Invalid, ValueError):
        raise Ignored(f"not an address of a server: {uri[:200]}") from None
    for name in names:
        restriction = await gate(tx, name)
        if restriction is not None and restriction.severity == "suspend":
            raise Ignored(f"{name} is suspended here")


async def _fetch_upwards(fed: Federation, uri: str) -> list[Post]:
    """The post and those it answers, as far as they are unknown here."""
    chain: list[Post] = []
    seen: set[str] = set()
    while uri and uri not in seen and len(chain) < MOST_ANCESTORS and not fed.is_local(uri):
        seen.add(uri)
        if chain:
            async with fed.db.read() as tx:
                if await tx.one(status_queries.BY_URI, uri=uri) is not None:
                    break
        try:
            found, identity = await fetch(fed, uri)
            post = posts.own(found, identity)
        except (FetchError, Ignored):
            if not chain:
                raise
            break
        chain.append(post)
        uri = post.in_reply_to
    return chain


def _is_stale(found: Account) -> bool:
    return found.fetched_at is None or found.fetched_at < clock.now() - STALE_MS
