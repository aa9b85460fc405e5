"""ReplyRequest, LikeRequest and AnnounceRequest, and the answers to our own: who may answer, favourite and
boost what (GoToSocial). Quotes are `quote`."""

from __future__ import annotations

import msgspec

from activitypub import consenting, posts, resolve
from activitypub.errors import Ignored
from activitypub.federate.interactions import REQUESTS
from activitypub.federation import Federation
from activitypub.inbox.create import is_own
from activitypub.inbox.once import once
from activitypub.inbox.sharing import spread
from activitypub.origins import same_origin
from activitypub.parse.reader import Thing
from activitypub.vocabulary import (
    Accept,
    Activity,
    Announce,
    AnnounceRequest,
    Like,
    LikeRequest,
    Object,
    Post,
    Reject,
    ReplyRequest,
)
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.favourites import actions as favourites
from fedcoop.interactions import actions as interactions
from fedcoop.statuses import access as status_access
from fedcoop.statuses import actions as statuses
from fedcoop.statuses import holding
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import access, queries
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent.types import Deed, Interaction
from fedcoop.statuses.types import Status

Request = ReplyRequest | LikeRequest | AnnounceRequest
Deeds = Post | Like | Announce
_DEEDS: dict[type[Activity], Deed] = {
    ReplyRequest: "reply",
    LikeRequest: "favourite",
    AnnounceRequest: "reblog",
}


async def on_request(fed: Federation, actor: Account, request: Request) -> None:
    """Done and answered at once where the policy of our member's status says so; else its author decides, or it is
    refused."""
    async with fed.db.read() as tx:
        status = await tx.one(status_queries.BY_URI, uri=request.object_id)
    if status is None or not status.local or status.reblog_of_id is not None or status.held:
        raise Ignored("a request about nothing of ours")
    if not request.id:
        raise Ignored("a request that cannot be answered, without an id")
    found = await _instrument(fed, actor, request)
    if (found.in_reply_to if isinstance(found, Post) else found.object_id) != status.uri:
        raise Ignored("a request to do something to another post")
    async with fed.db.write() as tx:
        await once(tx, request)
        try:
            await status_access.visible_by_uri(tx, actor, status.uri)
        except NotFound:
            await consents.refused(
                tx, _DEEDS[type(request)], actor, status, uri=found.id, request_uri=request.id
            )
            return
        match found:
            case Post():
                await _answer(tx, actor, status, found, request.id)
            case Like():
                await favourites.add(tx, actor, status, uri=found.id, request_uri=request.id)
            case Announce():
                await spread(tx, actor, found, status, request_uri=request.id)


async def _answer(tx: Tx, actor: Account, status: Status, post: Post, request_uri: str) -> None:
    if await access.by_uri(tx, post.id) is not None:
        await consents.by_stranger(tx, "reply", actor, status, uri=post.id, request_uri=request_uri)
        return
    await posts.receive(tx, actor, post, wanted=True, request_uri=request_uri)
    answer = await tx.one(status_queries.BY_URI, uri=post.id)
    interaction = await access.by_uri(tx, post.id)
    if answer is not None and interaction is not None and interaction.result_id is None:
        # The answer came before its request.
        await tx.execute(queries.BECAME, id=interaction.id, new_result_id=answer.id)


async def _instrument(fed: Federation, actor: Account, request: Request) -> Deeds:
    """What the actor wants to do: embedded, or fetched from where it lives. Raises `Ignored`."""
    found: Object | Thing = request.instrument
    if isinstance(found, str) and found:
        found, identity = await resolve.fetch(fed, found)
        if isinstance(request, ReplyRequest):
            found = posts.own(found, identity)
    wanted = {ReplyRequest: Post, LikeRequest: Like, AnnounceRequest: Announce}[type(request)]
    if not isinstance(found, Post | Like | Announce) or not isinstance(found, wanted) or not found.id:
        raise Ignored("a request to do nothing that we know")
    own = is_own(actor, found) if isinstance(found, Post) else found.actor == actor.uri
    if not own or not same_origin(found.id, actor.uri):
        raise Ignored("a request for what somebody else does")
    return found


async def answered(fed: Federation, actor: Account, answer: Accept | Reject) -> bool:
    """Take what an author elsewhere says of an answer, a favourite or a boost. False where it is about nothing of
    that kind."""
    async with fed.db.read() as tx:
        interaction = await _meant(tx, fed, answer)
        answering = await tx.one(status_queries.BY_URI, uri=answer.object_id) if interaction is None else None
    if interaction is not None:
        if interaction.author_id != actor.id:
            raise Ignored("an answer for somebody else's post")
        await _take(fed, interaction, answer)
        return True
    if answering is not None and isinstance(answer, Reject):
        await _refused_anyway(fed, actor, answering, answer)
        return True
    if isinstance(answer, Accept) and answer.target and answer.result:
        await _heard(fed, actor, answer)
        return True
    return False


async def _take(fed: Federation, interaction: Interaction, answer: Accept | Reject) -> None:
    stamp = answer.result or answer.id
    if isinstance(answer, Accept):
        async with fed.db.read() as tx:
            status = await tx.one(status_queries.BY_ID, id=interaction.status_id)
        if status is None or not await consenting.stamped(
            fed, interaction.deed, stamp, uri=interaction.uri, status=status
        ):
            raise Ignored("consent without a stamp that fits")
    async with fed.db.write() as tx:
        await once(tx, answer)
        now = await access.find(tx, interaction.id)
        if now is None:
            raise Ignored("consent to what was taken back")
        if isinstance(answer, Accept):
            await interactions.accept(tx, now, stamp)
        else:
            await interactions.refuse(tx, now)


async def _meant(tx: Tx, fed: Federation, answer: Activity) -> Interaction | None:
    """What an answer is about: by our request, or by the thing itself."""
    asked = answer.object
    if isinstance(asked, ReplyRequest | LikeRequest | AnnounceRequest):
        instrument = asked.instrument
        return await access.by_uri(tx, instrument if isinstance(instrument, str) else instrument.id)
    uri = answer.object_id
    number = uri.rpartition(REQUESTS)[2] if fed.is_local(uri) and REQUESTS in uri else ""
    if number.isascii() and number.isdigit() and len(number) < 20:
        return await access.find(tx, int(number))
    return await access.by_uri(tx, uri) or await access.by_uri(tx, uri.removesuffix("/activity"))


async def _refused_anyway(fed: Federation, actor: Account, answering: Status, reject: Reject) -> None:
    """The author does not want an answer below their post although nobody had to ask."""
    async with fed.db.write() as tx:
        await once(tx, reject)
        parent = await tx.one(status_queries.BY_ID, id=answering.in_reply_to_id or 0)
        if parent is None or parent.account_id != actor.id or answering.account_id == actor.id:
            raise Ignored("a refusal of what is no answer to the actor")
        if answering.local:
            await consents.note_refusal(tx, parent, answering)
            await holding.hide(tx, answering)
        else:
            await statuses.remove(tx, answering)


async def _heard(fed: Federation, actor: Account, accept: Accept) -> None:
    """An author tells their followers that an answer by somebody else, which did not ask, is welcome. It is
    fetched, and its stamp looked at."""
    async with fed.db.read() as tx:
        parent = await tx.one(status_queries.BY_URI, uri=accept.target)
    if parent is None or parent.account_id != actor.id or fed.is_local(accept.object_id):
        raise Ignored("consent to something below no post of the actor")
    thing, identity = await resolve.fetch(fed, accept.object_id)
    post = posts.own(thing, identity)
    if post.in_reply_to != parent.uri:
        raise Ignored("consent to an answer to something else")
    author = await resolve.account(fed, post.attributed_to)
    async with fed.db.write() as tx:
        await once(tx, accept)
        stamped = msgspec.structs.replace(post, reply_authorization=accept.result)
        await posts.receive(tx, author, stamped, wanted=True)


async def stamp_deleted(tx: Tx, actor: Account, uri: str) -> bool:
    """Consent is taken back by whoever gave it. False where nothing here was done by this stamp."""
    interaction = await access.by_stamp(tx, uri)
    if interaction is None or interaction.author_id != actor.id:
        return False
    await interactions.refuse(tx, interaction)
    return True


async def take_back(tx: Tx, actor: Account, uri: str) -> bool:
    """The actor no longer wants what they asked for. False where they asked for no such thing."""
    interaction = await access.by_uri(tx, uri)
    if interaction is None or interaction.account_id != actor.id or interaction.state != "pending":
        return False
    await tx.execute(queries.FORGET, id=interaction.id)
    return True
