"""From refs to what a client gets: everything a page needs, in a number of statements that does not grow with it.

What all viewers see alike is rendered once for each revision and kept as bytes; what depends on the viewer is
read and appended. The page's first statement is `fedcoop.timelines.refs`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.hydrate import account_entity, emojis
from fedcoop.cache import ByteCache
from fedcoop.cards import queries as card_queries
from fedcoop.cards.hydrate import body_seen_by
from fedcoop.cards.hydrate import of_rows as cards_of
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.filters.matching import CompiledFilters
from fedcoop.statuses import entities, queries
from fedcoop.statuses.consent.entities import policy_of
from fedcoop.statuses.filtered import NOTHING, StatusTexts, results
from fedcoop.statuses.parts import Needed, needed_for
from fedcoop.statuses.quotes import hydrate as quoting
from fedcoop.statuses.shown import application, media_entity, mention, poll_entity
from fedcoop.statuses.types import Status
from fedcoop.timelines.refs import Part, Ref

_encode = msgspec.json.Encoder().encode

NOBODY = 0
SLICE = 200
UNMARKED = b',"favourited":false,"reblogged":false,"bookmarked":false,"muted":false'
UNMARKED_OWN = UNMARKED + b',"pinned":false'


class StatusHydrator:
    """Renders statuses, accounts and polls of one instance, and keeps what it rendered."""

    def __init__(self, base_url: str, cache_bytes: int) -> None:
        self.base_url = base_url
        self._bodies = ByteCache(cache_bytes * 4 // 7)
        self._accounts = ByteCache(cache_bytes * 2 // 7)
        self._texts = StatusTexts(cache_bytes // 7)
        self._filters = CompiledFilters()

    async def statuses(self, tx: Tx, viewer: int, refs: Sequence[Ref]) -> list[Raw]:
        """The page as JSON, in the order of `refs`. `viewer` is 0 for nobody."""
        return [Raw(data) for data in (await self._rendered(tx, viewer, refs)).values()]

    async def by_ids(
        self, tx: Tx, viewer: int, ids: Iterable[int], *, checked: bool = False
    ) -> dict[int, Raw]:
        """JSON by id of those statuses that `viewer` may see. `checked` says that the ids are known to be so."""
        wanted = list(ids)
        if not wanted:
            return {}
        if checked:
            refs = await tx.all(queries.REFS, ids=wanted)
        else:
            refs = await tx.all(queries.VISIBLE_REFS, ids=wanted, viewer=viewer)
        found: dict[int, Raw] = {}
        for start in range(0, len(refs), SLICE):
            if start:
                # A thread of thousands is rendered in slices, between which others have their turn.
                await asyncio.sleep(0)
            rendered = await self._rendered(tx, viewer, refs[start : start + SLICE])
            found.update((id_, Raw(data)) for id_, data in rendered.items())
        return found

    async def status(self, tx: Tx, viewer: int, status_id: int) -> Raw:
        """One status that the caller has checked `viewer` may see. Raises `NotFound` if it is gone."""
        found = await self.by_ids(tx, viewer, [status_id], checked=True)
        if status_id not in found:
            raise NotFound
        return found[status_id]

    async def accounts(self, tx: Tx, ids: Iterable[int]) -> dict[int, Raw]:
        """JSON by id of these accounts."""
        wanted = list(ids)
        if not wanted:
            return {}
        rows = await tx.all(account_queries.REVISIONS, ids=wanted)
        rendered = await self._account_bytes(tx, {row["id"]: row["revision"] for row in rows})
        return {id_: Raw(data) for id_, data in rendered.items()}

    async def poll(self, tx: Tx, viewer: int, poll_id: int) -> Raw:
        """One poll of a status that the caller has checked. Raises `NotFound` if it is gone."""
        polls = await self._poll_bytes(tx, viewer, [poll_id])
        if poll_id not in polls:
            raise NotFound
        return Raw(polls[poll_id])

    async def media(self, tx: Tx, status_id: int) -> list[entities.MediaAttachment]:
        return [media_entity(row, self.base_url) for row in await tx.all(queries.MEDIA, ids=[status_id])]

    async def filtered_for(self, tx: Tx, status_id: int, revisions: Mapping[int, int]) -> dict[int, bytes]:
        """`filtered` of one status for each member whose filters it meets; who has which revision is given."""
        compiled = await self._filters.of(tx, revisions)
        refs = await tx.all(queries.REFS, ids=[status_id])
        bodies, polls = await self._words(tx, refs)
        met = {
            viewer: results(own, refs, self._texts, bodies, polls).get(status_id)
            for viewer, own in compiled.items()
        }
        return {viewer: found for viewer, found in met.items() if found is not None}

    async def _words(self, tx: Tx, refs: Sequence[Ref]) -> tuple[dict[int, bytes], dict[int, bytes]]:
        """Bodies and polls of what is said in these statuses."""
        told = [ref.told for ref in refs]
        bodies = await self._body_bytes(tx, {part.id: part.revision for part in told})
        polls = [part.poll_id for part in told if part.poll_id]
        return bodies, await self._poll_bytes(tx, NOBODY, polls) if polls else {}

    async def _rendered(self, tx: Tx, viewer: int, refs: Sequence[Ref]) -> dict[int, bytes]:
        repeated = {ref.id: part for ref in refs if (part := ref.repeated)}
        parts = [*refs, *repeated.values()]
        quoted = await quoting.quoted_by(tx, viewer, parts)
        needed = needed_for([*parts, *(seen.ref for seen in quoted.values())])
        body_bytes = await self._body_bytes(tx, needed.bodies)
        account_bytes = await self._account_bytes(tx, needed.accounts)
        poll_bytes = await self._poll_bytes(tx, viewer, list(needed.polls)) if needed.polls else {}
        marks = await self._marks(tx, viewer, needed)
        onlooker: quoting.Looking = "somebody" if viewer else "anybody"
        filtered: dict[int, bytes] = {}
        if revision := next((number for mark, number in marks if mark == "w"), 0):
            own = await self._filters.of(tx, {viewer: revision})
            said = [*refs, *(seen.ref for seen in quoted.values())]
            filtered = results(own[viewer], said, self._texts, body_bytes, poll_bytes)

        def approval(part: Part) -> bytes:
            author = part.account_id
            looking: quoting.Looking = "author" if viewer == author else onlooker
            if author not in needed.authors:
                return quoting.approval(part.policy, looking)
            return quoting.approval(part.policy, looking, ("y", author) in marks, ("z", author) in marks)

        def marked(part: Part) -> bytes:
            own = viewer == part.account_id
            if not marks:
                return UNMARKED_OWN if own else UNMARKED
            id_ = part.id
            pinned = b',"pinned":true' if ("p", id_) in marks else b',"pinned":false'
            return b"".join(
                (
                    b',"favourited":true' if ("f", id_) in marks else b',"favourited":false',
                    b',"reblogged":true' if ("r", id_) in marks else b',"reblogged":false',
                    b',"bookmarked":true' if ("b", id_) in marks else b',"bookmarked":false',
                    b',"muted":true' if ("m", part.conversation_id) in marks else b',"muted":false',
                    pinned if own else b"",
                )
            )

        def render(part: Part, reblog: bytes, quote: bytes) -> bytes:
            id_ = part.id
            body = body_seen_by(body_bytes[id_], viewer)
            return b"".join(
                (
                    sensitive(body) if part.author_sensitized else body,
                    b',"account":',
                    account_bytes[part.account_id],
                    b',"poll":',
                    poll_bytes.get(part.poll_id, b"null") if part.poll_id else b"null",
                    b',"quote":',
                    quote,
                    b',"quote_approval":',
                    approval(part),
                    b',"reblog":',
                    reblog,
                    marked(part),
                    b',"filtered":',
                    filtered.get(id_, NOTHING),
                    b"}",
                )
            )

        def there(part: Part) -> bool:
            # A status may have gone between the page's statement and this one.
            return part.id in body_bytes and part.account_id in account_bytes

        def with_quote(part: Part, reblog: bytes = b"null") -> bytes:
            if part.quote_state is None:
                return render(part, reblog, b"null")
            seen = quoted.get(part.quoted_id or 0)
            inner = b""
            if seen is not None and there(seen.ref):
                inner = render(seen.ref, b"null", quoting.shallow(seen))
            return render(part, reblog, quoting.whole(part.quote_state, seen, inner))

        rendered: dict[int, bytes] = {}
        for ref in refs:
            if not there(ref):
                continue
            if (part := repeated.get(ref.id)) is None:
                rendered[ref.id] = with_quote(ref)
            elif there(part):
                rendered[ref.id] = with_quote(ref, with_quote(part))
        return rendered

    async def _account_bytes(self, tx: Tx, wanted: dict[int, int]) -> dict[int, bytes]:
        found, missing = self._accounts.kept(wanted)
        if missing:
            for account in await tx.all(account_queries.BY_IDS, ids=missing):
                data = _encode(account_entity(account, self.base_url))
                self._accounts.put(account.id, account.revision, data)
                found[account.id] = data
        return found

    async def _body_bytes(self, tx: Tx, wanted: dict[int, int]) -> dict[int, bytes]:
        found, missing = self._bodies.kept(wanted)
        if missing:
            found |= await self._load_bodies(tx, missing)
        return found

    async def _load_bodies(self, tx: Tx, ids: list[int]) -> dict[int, bytes]:
        rows, media, mentioned, tagged, linked = await tx.batch(
            queries.BODIES.bind(ids=ids),
            queries.MEDIA.bind(ids=ids),
            queries.MENTIONED.bind(ids=ids),
            queries.TAGGED.bind(ids=ids),
            card_queries.OF_STATUSES.bind(ids=ids),
        )
        cards = await cards_of(tx, linked, self.base_url)
        media_of, mentions_of, tags_of = (_grouped(part) for part in (media, mentioned, tagged))
        found: dict[int, bytes] = {}
        for row in rows:
            status = Status(*tuple(row)[: len(Status.__struct_fields__)])
            body = self._body(
                status,
                application=application(row),
                media=[media_entity(item, self.base_url) for item in media_of[status.id]],
                mentions=[mention(item) for item in mentions_of[status.id]],
                tags=[
                    entities.StatusTag(item["name"], f"{self.base_url}/tags/{item['name']}")
                    for item in tags_of[status.id]
                ],
                card=cards.get(status.id),
            )
            # Without the closing brace: author and viewpoint are appended.
            data = _encode(body)[:-1]
            self._bodies.put(status.id, status.revision, data)
            found[status.id] = data
        return found

    def _body(self, status: Status, **parts: Any) -> entities.StatusBody:
        return entities.StatusBody(
            id=str(status.id),
            created_at=clock.iso(status.created_at),
            edited_at=clock.iso_or_none(status.edited_at),
            in_reply_to_id=_text(status.in_reply_to_id),
            in_reply_to_account_id=_text(status.in_reply_to_account_id),
            sensitive=status.sensitive,
            spoiler_text=status.spoiler_text,
            visibility=status.audience,
            language=status.language,
            uri=status.uri,
            url=status.url or None,
            content=quoting.without_reference(status.content)
            if status.quote_state == "accepted"
            else status.content,
            replies_count=status.replies_count,
            reblogs_count=status.reblogs_count,
            favourites_count=status.favourites_count,
            quotes_count=status.quotes_count,
            application=parts["application"],
            media_attachments=parts["media"],
            mentions=parts["mentions"],
            tags=parts["tags"],
            emojis=emojis(status.emojis, self.base_url, local=status.local),
            card=parts["card"],
            interaction_policy=policy_of(status.policy),
        )

    async def _poll_bytes(self, tx: Tx, viewer: int, ids: list[int]) -> dict[int, bytes]:
        polls, votes = await tx.batch(
            queries.POLLS.bind(ids=ids), queries.OWN_VOTES.bind(ids=ids, viewer=viewer)
        )
        own: defaultdict[int, list[int]] = defaultdict(list)
        for vote in votes:
            own[vote["poll_id"]].append(vote["choice"])
        return {poll.id: _encode(poll_entity(poll, viewer, own[poll.id], self.base_url)) for poll in polls}

    async def _marks(self, tx: Tx, viewer: int, needed: Needed) -> set[tuple[str, int]]:
        if viewer == NOBODY or not needed.bodies:
            return set()
        wanted = {
            "viewer": viewer,
            "ids": list(needed.bodies),
            "conversations": list(needed.conversations),
        }
        if needed.authors:
            rows = await tx.all(queries.MARKS_AND_TIES, **wanted, authors=list(needed.authors))
        else:
            rows = await tx.all(queries.MARKS, **wanted)
        return {(row[0], row[1]) for row in rows}


def with_filtered(rendered: bytes, results: bytes) -> bytes:
    """A status as it was rendered for nobody in particular, for somebody whose filters it meets."""
    return rendered.removesuffix(NOTHING + b"}") + results + b"}"


def _grouped(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["status_id"]].append(row)
    return groups


def _text(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)


def sensitive(body: bytes) -> bytes:
    """A rendered body of somebody whose posts are all sensitive."""
    return body.removesuffix(b"false") + b"true" if body.endswith(b'"sensitive":false') else body
