"""What we show to other servers: actors, statuses, collections, and how to find them. Pages for people are
`web`.

Each answer is the bytes to send. `NotFound` hides what the asker may not see in the same words as what is not
there; `Gone` is for what was deleted. Who asks is told by `receive.requester`.
"""

from __future__ import annotations

from activitypub import loading, queries
from activitypub.builders import actor as actor_builder
from activitypub.builders import collections as lists
from activitypub.builders import delete as delete_builder
from activitypub.builders import encode, featuring, stamps
from activitypub.builders.announce import announce
from activitypub.builders.create import create
from activitypub.builders.interaction import stamp_type
from activitypub.builders.note import counted, hashtag, note
from activitypub.builders.types import Written
from activitypub.federate.featuring import featured as featured_entries
from activitypub.federation import Federation
from activitypub.signatures.keys import multikey
from fedcoop.accounts import access as account_access
from fedcoop.accounts import attribution
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.collections import access as collections
from fedcoop.collections import queries as collection_queries
from fedcoop.collections.types import MOST_COLLECTIONS
from fedcoop.db import Row, Statement, Tx
from fedcoop.errors import Gone, NotFound
from fedcoop.statuses import access as status_access
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import threads
from fedcoop.statuses.consent import access as consent
from fedcoop.statuses.quotes.actions import stamp_uri
from fedcoop.statuses.types import Status
from fedcoop.tags import access as tags

PAGE = 20
PAGE_OF_PEOPLE = 40
MOST_OF_THREAD = 1_000
ACTIVITY = "application/activity+json"
"""The content type of all documents but those that say otherwise."""


async def actor(fed: Federation, account_id: int) -> bytes:
    """The actor of a local account. Raises `NotFound`, `Gone`."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        moved_to = ""
        if account.moved_to_id is not None:
            target = await tx.one(account_queries.BY_ID, id=account.moved_to_id)
            moved_to = target.uri if target is not None else ""
        domains = await attribution.domains_of(tx, account.id)
    key = multikey((await fed.signer(account_id)).proof_key.public_key())
    document = actor_builder.actor(
        account, fed.config.base_url, moved_to=moved_to, multikey=key, domains=domains
    )
    return encode(document)


async def instance_actor(fed: Federation) -> bytes:
    """The actor of the server itself."""
    async with fed.db.read() as tx:
        account = await account_access.instance_actor(tx)
    key = multikey((await fed.signer(account.id)).proof_key.public_key())
    document = actor_builder.actor(account, fed.config.base_url, multikey=key)
    return encode({**document, "manuallyApprovesFollowers": True})


async def status(fed: Federation, account_id: int, status_id: int, viewer: Account | None = None) -> bytes:
    """A local status as a Note or Question, for whoever may see it. Raises `NotFound`, `Gone`."""
    written = await _written(fed, account_id, status_id, viewer)
    if written.status.reblog_of_id is not None:
        raise NotFound
    return encode(note(written))


async def activity(fed: Federation, account_id: int, status_id: int, viewer: Account | None = None) -> bytes:
    """The Create or Announce that made a local status. Raises `NotFound`, `Gone`."""
    return encode(_activity(await _written(fed, account_id, status_id, viewer)))


async def outbox(fed: Federation, account_id: int, *, page: bool = False, max_id: int | None = None) -> bytes:
    """Public statuses and reblogs of a local account, newest first; with `page` one page of them."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        identity = account.outbox or f"{account.uri}/outbox"
        if not page:
            return encode(lists.collection(identity, account.statuses_count))
        found = await tx.all(queries.OUTBOX, account_id=account.id, max_id=max_id or _LAST_ID, limit=PAGE)
        documents = [_activity(one) for one in await loading.all_written(tx, fed.config, found)]
    following = f"page=true&max_id={found[-1].id}" if len(found) == PAGE else ""
    return encode(lists.page(identity, _query(max_id), documents, following))


async def followers(
    fed: Federation, account_id: int, *, page: bool = False, max_id: int | None = None
) -> bytes:
    """Who follows a local account; only how many, where the member hides it."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        identity = account.followers_uri or f"{account.uri}/followers"
        people = queries.FOLLOWERS if page else None
        return await _people(tx, account, identity, account.followers_count, people, max_id)


async def following(
    fed: Federation, account_id: int, *, page: bool = False, max_id: int | None = None
) -> bytes:
    """Whom a local account follows; only how many, where the member hides it."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        identity = account.following_uri or f"{account.uri}/following"
        people = queries.FOLLOWING if page else None
        return await _people(tx, account, identity, account.following_count, people, max_id)


async def _people(
    tx: Tx, account: Account, identity: str, count: int, people: Statement[Row] | None, max_id: int | None
) -> bytes:
    """The collection itself, or with `people` a page of it."""
    if people is None or account.hide_collections:
        return encode(lists.collection(identity, count, paged=not account.hide_collections))
    rows = await tx.all(people, account_id=account.id, max_id=max_id or _LAST_ID, limit=PAGE_OF_PEOPLE)
    after = f"page=true&max_id={rows[-1]['id']}" if len(rows) == PAGE_OF_PEOPLE else ""
    return encode(lists.page(identity, _query(max_id), [row["uri"] for row in rows], after))


async def featured(fed: Federation, account_id: int) -> bytes:
    """What a local account has pinned to its profile, as far as everybody may see it."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        found = await tx.all(queries.PINNED, account_id=account.id)
        documents = [note(one) for one in await loading.all_written(tx, fed.config, found)]
    return encode(lists.whole(account.featured_uri or f"{account.uri}/collections/featured", documents))


async def featured_tags(fed: Federation, account_id: int) -> bytes:
    """The hashtags that a local account shows on its profile."""
    async with fed.db.scan() as tx:
        account = await _local(tx, account_id)
        found = await tags.featured(tx, account.id)
    base = fed.config.base_url
    items = [hashtag(row["display_name"] or row["name"], row["name"], base) for row in found]
    return encode(lists.unordered(f"{account.uri}/collections/tags", items))


async def replies(
    fed: Federation,
    account_id: int,
    status_id: int,
    viewer: Account | None = None,
    *,
    page: bool = False,
    others: bool = False,
    min_id: int = 0,
) -> bytes:
    """The public answers to a local status, those by its author first: all at once where they are few, else
    page by page, after the answer `min_id` of the author or of `others`. Raises `NotFound`, `Gone`."""
    written = await _written(fed, account_id, status_id, viewer)
    place = {"status_id": status_id, "author_id": written.author.id, "after_rank": int(others)}
    async with fed.db.read() as tx:
        rows = await tx.all(queries.REPLIES, **place, min_id=min_id, limit=PAGE_OF_PEOPLE + 1)
    shown, more = rows[:PAGE_OF_PEOPLE], len(rows) > PAGE_OF_PEOPLE
    identity = f"{written.status.uri}/replies"
    uris = [row["uri"] for row in shown]
    if not page:
        return encode(lists.unsized(identity) if more else lists.whole(identity, uris))
    this = _replies_query(others=others, min_id=min_id)
    following = _replies_query(others=bool(shown[-1]["rank"]), min_id=shown[-1]["id"]) if more else ""
    return encode(lists.page(identity, this, uris, following))


def _replies_query(*, others: bool, min_id: int) -> str:
    return "page=true" + ("&others=true" if others else "") + (f"&min_id={min_id}" if min_id else "")


async def context(fed: Federation, conversation_id: int, *, page: bool = False, min_id: int = 0) -> bytes:
    """The thread that a local status began, as a collection of its public posts in their order (FEP-7888).
    Raises `NotFound`."""
    async with fed.db.read() as tx:
        root = await status_access.visible(tx, 0, conversation_id)
        if not root.local or root.reblog_of_id is not None or root.conversation_id != root.id:
            raise NotFound
        author = await _local(tx, root.account_id)
        _, below = await threads.context(tx, _EVERYTHING, root.id)
        found = await tx.all(status_queries.BY_IDS, ids=below[:MOST_OF_THREAD]) if below else []
    uris = {one.id: one.uri for one in (root, *found) if one.public}
    ids = sorted(uris)
    identity = f"{fed.config.base_url}/ap/contexts/{root.id}"
    if not page:
        document = lists.collection(identity, len(ids)) | {"attributedTo": author.uri}
        return encode(document)
    shown = [id_ for id_ in ids if id_ > min_id][: PAGE_OF_PEOPLE + 1]
    after = f"page=true&min_id={shown[PAGE_OF_PEOPLE - 1]}" if len(shown) > PAGE_OF_PEOPLE else ""
    this = "page=true" + (f"&min_id={min_id}" if min_id else "")
    return encode(lists.page(identity, this, [uris[id_] for id_ in shown[:PAGE_OF_PEOPLE]], after))


async def quote_authorization(fed: Federation, account_id: int, status_id: int) -> bytes:
    """The consent of a local account to being quoted by this status. Raises `NotFound`."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        quoting = await tx.one(status_queries.BY_ID, id=status_id)
        if quoting is None or quoting.quote_state != "accepted" or quoting.quoted_id is None:
            raise NotFound
        quoted = await tx.one(status_queries.BY_ID, id=quoting.quoted_id)
    if quoted is None or quoted.account_id != account.id or quoting.account_id == account.id:
        raise NotFound
    stamp = stamp_uri(account.uri, quoting.id)
    return encode(stamps.authorization("QuoteAuthorization", stamp, account.uri, quoting.uri, quoted.uri))


async def authorization(fed: Federation, account_id: int, interaction_id: int) -> bytes:
    """The consent of a local account to an answer, a favourite or a boost. Raises `NotFound`."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        found = await consent.find(tx, interaction_id)
        status = await tx.one(status_queries.BY_ID, id=found.status_id) if found is not None else None
    if found is None or status is None or found.state != "accepted" or found.author_id != account.id:
        raise NotFound
    kind = stamp_type(found.deed)
    return encode(stamps.authorization(kind, found.stamp_uri, account.uri, found.uri, status.uri))


async def featured_collections(fed: Federation, account_id: int) -> bytes:
    """The collections of accounts that a local account recommends to everybody."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        found = await collections.of_account(tx, 0, account.id, limit=MOST_COLLECTIONS, offset=0)
    return encode(lists.whole(actor_builder.featured_collections(account), [each.uri for each in found]))


async def featured_collection(fed: Federation, account_id: int, collection_id: int) -> bytes:
    """A collection of a local account, with those in it who consent. Raises `NotFound`, `Gone`."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        found = await collections.visible(tx, 0, collection_id)
        if found.account_id != account.id:
            raise NotFound
        entries = await featured_entries(tx, found)
    return encode(featuring.collection(account, found, entries, fed.config.base_url))


async def featured_item(fed: Federation, account_id: int, collection_id: int, item_id: int) -> bytes:
    """One entry of a collection of a local account. Raises `NotFound`, `Gone`."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        found = await collections.visible(tx, 0, collection_id)
        entries = await featured_entries(tx, found) if found.account_id == account.id else []
    entry = next((each for each in entries if each.uri == f"{found.uri}/items/{item_id}"), None)
    if entry is None:
        raise NotFound
    return encode(featuring.item(entry))


async def feature_authorization(fed: Federation, account_id: int, item_id: int) -> bytes:
    """The consent of a local account to being in a collection. Raises `NotFound`."""
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        item = await tx.one(collection_queries.ITEM, id=item_id)
        if item is None or item.account_id != account.id or item.state != "accepted":
            raise NotFound
        found = await tx.one(collection_queries.BY_ID, id=item.collection_id)
    if found is None:
        raise NotFound
    return encode(
        stamps.authorization("FeatureAuthorization", item.stamp_uri, account.uri, found.uri, account.uri)
    )


async def likes(fed: Federation, account_id: int, status_id: int, viewer: Account | None = None) -> bytes:
    """How many favourite a local status. Raises `NotFound`, `Gone`."""
    found = (await _written(fed, account_id, status_id, viewer)).status
    return encode(counted(f"{found.uri}/likes", found.favourites_count))


async def shares(fed: Federation, account_id: int, status_id: int, viewer: Account | None = None) -> bytes:
    """How many reblogged a local status. Raises `NotFound`, `Gone`."""
    found = (await _written(fed, account_id, status_id, viewer)).status
    return encode(counted(f"{found.uri}/shares", found.reblogs_count))


def tombstone(uri: str) -> bytes:
    """What answers, with 410, where something was."""
    return encode(delete_builder.tombstone(uri))


def wants_document(accept: str) -> bool:
    """Does this Accept header ask for ActivityPub rather than for a page?"""
    for part in accept.lower().split(","):
        essence = part.partition(";")[0].strip()
        if essence in ("text/html", "application/xhtml+xml", "*/*"):
            return False
        if essence in (ACTIVITY, "application/ld+json", "application/json"):
            return True
    return False


_LAST_ID = 2**63 - 1
_EVERYTHING = -1
"""Nobody in particular, to whom a thread is given as far as it goes; what is not public is left out of it."""


def _query(max_id: int | None) -> str:
    return "page=true" if max_id is None else f"page=true&max_id={max_id}"


def _activity(written: Written) -> dict[str, object]:
    return create(written) if written.status.reblog_of_id is None else announce(written)


async def _local(tx: Tx, account_id: int) -> Account:
    account = await tx.one(account_queries.BY_ID, id=account_id)
    if account is None or not account.local:
        raise NotFound
    if account.deleted_at is not None or account.suspended_at is not None:
        raise Gone("This account is gone.")
    return account


async def _written(fed: Federation, account_id: int, status_id: int, viewer: Account | None) -> Written:
    async with fed.db.read() as tx:
        account = await _local(tx, account_id)
        found: Status | None = await tx.one(status_queries.BY_ID, id=status_id)
        if found is None:
            uri = f"{account.uri}/statuses/{status_id}"
            if await tx.one(status_queries.TOMBSTONE, uri=uri) is not None:
                raise Gone("This status is gone.")
            raise NotFound
        if found.account_id != account.id:
            raise NotFound
        if found.visibility == "removed":
            raise Gone("This status was removed.")
        found = await status_access.visible(tx, viewer.id if viewer else 0, status_id)
        return await loading.written(tx, fed.config, found)
