"""Posting, editing, deleting and reading statuses. https://docs.joinmastodon.org/methods/statuses/
What others do with them is in `marks`."""

from __future__ import annotations

from typing import get_args

import msgspec
from msgspec import Raw

from fedcoop import clock, media
from fedcoop.accounts.types import QuotePolicy, User
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import MediaId, StatusId
from fedcoop.refreshes import access as refreshes
from fedcoop.refreshes.actions import begin as begin_refresh
from fedcoop.refreshes.types import FIRST_AFTER
from fedcoop.scheduled.actions import schedule_once
from fedcoop.statuses import access, actions, threads
from fedcoop.statuses.consent import rules
from fedcoop.statuses.consent.entities import PolicyParams, rules_of
from fedcoop.statuses.entities import Context, StatusEdit, StatusSource
from fedcoop.statuses.history import versions
from fedcoop.statuses.types import Draft, PollDraft, Status
from web.api import api
from web.call import Call
from web.limits import DELETE
from web.mastodon import scheduled
from web.mastodon.async_refreshes import announce
from web.mastodon.elsewhere import meet_mentioned
from web.mastodon.scheduled import ScheduledStatus

MOST_IDS = 40


class StatusParams(msgspec.Struct, kw_only=True):
    id: StatusId


class PollParams(msgspec.Struct, kw_only=True):
    options: list[str] = []
    expires_in: int | None = None
    multiple: bool = False
    hide_totals: bool = False


class DraftParams(msgspec.Struct, kw_only=True):
    status: str = ""
    media_ids: list[StatusId] = []
    poll: PollParams | None = None
    in_reply_to_id: StatusId | None = None
    sensitive: bool | None = None
    spoiler_text: str = ""
    visibility: str | None = None
    language: str | None = None
    scheduled_at: str | None = None
    quoted_status_id: StatusId | None = None
    quote_approval_policy: str | None = None
    content_type: str | None = None
    interaction_policy: PolicyParams | None = None
    """GoToSocial's: who may answer, favourite and boost."""


class MediaAttributesParams(msgspec.Struct, kw_only=True):
    id: MediaId
    description: str | None = None
    focus: str | None = None


class EditParams(DraftParams, kw_only=True):
    id: StatusId
    media_attributes: list[MediaAttributesParams] = []


class DeleteParams(StatusParams, kw_only=True):
    delete_media: bool = False


class _WithQuote(msgspec.Struct):
    """Of a status as it is shown, what it quotes."""

    quote: Raw


class IdsParams(msgspec.Struct, kw_only=True):
    id: list[StatusId] = []


@api.post("/api/v1/statuses", scope="write:statuses")
async def create(call: Call, params: DraftParams) -> Raw | ScheduledStatus:
    key = call.request.headers.get("Idempotency-Key", "")[:200]
    await meet_mentioned(call, params.status)
    config = await call.services.as_decided()
    async with call.db.write() as tx:
        author, user = await call.member(tx)
        draft = _draft(call, params, user)
        at = scheduled.moment(params.scheduled_at) if params.scheduled_at else 0
        # What should have been posted already is posted now, as Mastodon does.
        if at > clock.now():
            kept = await schedule_once(tx, author, draft, at, key, config=config)
            return (await scheduled.shown(tx, [kept], config.base_url))[0]
        if key:
            status_id = await actions.post_once(tx, author, draft, key, config=config)
        else:
            status_id = (await actions.post(tx, author, draft, config=config)).id
    async with call.db.read() as tx:
        return await call.show.status(tx, call.viewer, status_id)


def _draft(call: Call, params: DraftParams, user: User) -> Draft:
    """What was sent, completed by the member's own defaults. Raises `Invalid` for what cannot be done here:
    posting something else instead would be worse than refusing."""
    visibility = params.visibility or user.default_visibility
    if visibility not in ("public", "unlisted", "private", "direct"):
        raise Invalid("Visibility is not included in the list", field="visibility")
    if params.content_type not in (None, "", "text/plain", "text/markdown"):
        raise Invalid("Content type is not included in the list", field="content_type")
    sensitive = params.sensitive
    if sensitive is None:
        sensitive = user.default_sensitive
    return Draft(
        text=params.status,
        visibility=visibility,  # type: ignore[arg-type] # checked above
        spoiler_text=params.spoiler_text,
        sensitive=sensitive or bool(params.spoiler_text),
        language=_language(params.language) or user.default_language,
        in_reply_to_id=params.in_reply_to_id,
        poll=_poll(params.poll),
        media_ids=tuple(params.media_ids),
        app_id=call.app_id,
        content_type="text/markdown" if params.content_type == "text/markdown" else "text/plain",
        quoted_id=params.quoted_status_id,
        quote_policy=quote_policy(params.quote_approval_policy, user.default_quote_policy),
        may=rules_of(params.interaction_policy)
        if params.interaction_policy is not None
        else rules.read(user.default_rules).of(visibility),  # type: ignore[arg-type] # checked above
    )


def quote_policy(sent: str | None, otherwise: QuotePolicy) -> QuotePolicy:
    """Who may quote, as it was sent. Raises `Invalid`."""
    if not sent:
        return otherwise
    if sent not in get_args(QuotePolicy):
        raise Invalid("Quote approval policy is not included in the list", field="quote_approval_policy")
    return sent  # type: ignore[return-value] # checked above


def _poll(params: PollParams | None) -> PollDraft | None:
    if params is None or not params.options:
        return None
    if params.expires_in is None:
        raise Invalid("Expires in can't be blank", field="poll.expires_in")
    return PollDraft(
        options=params.options,
        expires_at=clock.now() + params.expires_in * clock.SECOND,
        multiple=params.multiple,
        hide_totals=params.hide_totals,
    )


def _language(code: str | None) -> str | None:
    if code and len(code) <= 20 and code.replace("-", "").isalnum() and code.isascii():
        return code
    return None


@api.get("/api/v1/statuses", scope="read:statuses", public=True)
async def several(call: Call, params: IdsParams) -> list[Raw]:
    async with call.db.read() as tx:
        found = await call.show.by_ids(tx, call.viewer, params.id[:MOST_IDS])
    return [found[id_] for id_ in dict.fromkeys(params.id[:MOST_IDS]) if id_ in found]


@api.get("/api/v1/statuses/{id}", scope="read:statuses", public=True)
async def show(call: Call, params: StatusParams) -> Raw:
    async with call.db.read() as tx:
        await access.visible(tx, call.viewer, params.id)
        return await call.show.status(tx, call.viewer, params.id)


@api.put("/api/v1/statuses/{id}", scope="write:statuses")
async def edit(call: Call, params: EditParams) -> Raw:
    await meet_mentioned(call, params.status)
    config = await call.services.as_decided()
    async with call.db.write() as tx:
        status = await own_status(tx, call, params.id)
        params.visibility = status.audience
        author, user = await call.member(tx)
        draft = _draft(call, params, user)
        if not params.quote_approval_policy:
            draft = msgspec.structs.replace(draft, quote_policy=None)
        if params.interaction_policy is None:
            draft = msgspec.structs.replace(draft, may=None)
        for each in params.media_attributes:
            row = await media.access.free(tx, call.account_id, each.id, status_id=status.id)
            await media.actions.describe(
                tx, call.storage, call.config, row, description=each.description, focus=each.focus
            )
        await actions.edit(tx, author, status, draft, config=config)
        return await call.show.status(tx, call.viewer, status.id)


@api.delete("/api/v1/statuses/{id}", scope="write:statuses", limit=DELETE)
async def delete(call: Call, params: DeleteParams) -> bytes:
    """Answers with the status once more, and with what was typed, so that it can be written anew."""
    async with call.db.write() as tx:
        status = await own_status(tx, call, params.id)
        shown = await call.show.status(tx, call.viewer, status.id)
        await actions.delete(tx, status, keep_media=not params.delete_media)
    return bytes(shown)[:-1] + b',"text":' + msgspec.json.encode(status.text) + b"}"


async def own_status(tx: Tx, call: Call, status_id: StatusId) -> Status:
    """The member's own status, which is no reblog. Raises `NotFound`."""
    status = await access.own(tx, call.account_id, status_id)
    if status.reblog_of_id is not None:
        raise Invalid("A reblog has no words of its own: take it back with unreblog")
    return status


@api.get("/api/v1/statuses/{id}/context", scope="read:statuses", public=True)
async def context(call: Call, params: StatusParams) -> Context:
    async with call.db.read() as tx:
        before, after = await threads.context(tx, call.viewer, params.id)
        found = await call.show.by_ids(tx, call.viewer, [params.id, *before, *after])
    if params.id not in found:
        raise NotFound
    await _look_again(call, params.id, found[params.id])
    return Context(
        ancestors=[found[id_] for id_ in before if id_ in found],
        descendants=[found[id_] for id_ in after if id_ in found],
    )


class _Head(msgspec.Struct):
    """What of an entity says whether its thread is elsewhere."""

    uri: str
    created_at: str


async def _look_again(call: Call, status_id: int, shown: Raw) -> None:
    """Have the thread of a status from elsewhere brought up to date for a member who reads it; a status of ours
    costs nothing."""
    head = msgspec.json.decode(shown, type=_Head)
    if not call.viewer or head.uri.startswith(f"{call.config.base_url}/"):
        return
    if clock.parse(head.created_at) > clock.now() - FIRST_AFTER:
        return
    async with call.db.read() as tx:
        refresh = await refreshes.latest(tx, status_id)
    if refresh is None:
        async with call.db.write() as tx:
            refresh = await begin_refresh(tx, status_id)
    announce(call, refresh)


@api.get("/api/v1/statuses/{id}/source", scope="read:statuses")
async def source(call: Call, params: StatusParams) -> StatusSource:
    async with call.db.read() as tx:
        status = await access.own(tx, call.account_id, params.id)
    return StatusSource(
        id=str(status.id),
        text=status.text,
        spoiler_text=status.spoiler_text,
        content_type=status.content_type,
    )


@api.get("/api/v1/statuses/{id}/history", scope="read:statuses", public=True)
async def history(call: Call, params: StatusParams) -> list[StatusEdit]:
    async with call.db.read() as tx:
        status = await access.original(tx, call.viewer, params.id)
        author = (await call.show.accounts(tx, [status.account_id]))[status.account_id]
        shown = msgspec.json.decode(await call.show.status(tx, call.viewer, status.id), type=_WithQuote)
        return await versions(tx, status, author, shown.quote, call.config.base_url)
