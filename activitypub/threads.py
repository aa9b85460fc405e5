"""Fetching what is said elsewhere in a thread: the collections that a post names, and what they hold.

Order: `contextHistory`, `context` (FEP-7888, FEP-f228), then `replies` and those of the answers. Nothing is
believed but what stands at its own origin, and nothing kept but what belongs to the thread.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from activitypub import posts, resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from activitypub.vocabulary import Collection, Post
from fedcoop import jobs
from fedcoop.db import Tx
from fedcoop.errors import Problem
from fedcoop.jobs.types import RefreshThread
from fedcoop.refreshes import actions as refreshes
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Status

log = logging.getLogger(__name__)

MOST_PAGES = 500
AT_ONCE = 20
"""Requests of one job; then others have their turn."""


async def refresh(fed: Federation, job: RefreshThread) -> None:
    """Job: do a few of the requests that are left, and leave the rest to another job of its kind."""
    async with fed.db.read() as tx:
        status = await tx.one(status_queries.BY_ID, id=job.status_id)
    walk = _Walk(fed, status, job)
    going = status is not None and not status.local
    for _ in range(AT_ONCE):
        going = going and await walk.step()
    async with fed.db.write() as tx:
        await jobs.finish(tx)
        if job.refresh_id:
            await refreshes.tell(tx, job.refresh_id, more=walk.found, ended=not going)
        if going:
            await jobs.add(tx, walk.rest())


class _Walk:
    """What is left to be asked, and what was found by this job."""

    def __init__(self, fed: Federation, status: Status | None, job: RefreshThread) -> None:
        self.fed = fed
        self.status = status
        self.job = job
        self.begun = job.begun
        self.context = job.context
        self.sources = list(job.sources)
        self.replies = job.replies
        self.answering = job.answering
        self.pages = list(job.pages)
        self.posts = list(job.posts)
        self.pages_read = job.pages_read
        self.posts_read = job.posts_read
        self.found = 0

    def rest(self) -> RefreshThread:
        """The job that goes on from here."""
        left: dict[str, Any] = {name: getattr(self, name) for name in _CARRIED}
        return msgspec.structs.replace(self.job, **left)

    async def step(self) -> bool:
        """Make one request, the next in order; what cannot be had is left out. False where there is none left."""
        try:
            if not self.begun:
                await self._begin()
            elif self.posts and self.posts_read < self.job.most:
                await self._take(self.posts.pop(0))
            elif self.pages_read < MOST_PAGES and (self.pages or self.sources):
                await self._read((self.pages or self.sources).pop(0))
            elif self.pages_read < MOST_PAGES and self.replies:
                url, self.replies, self.answering = self.replies, "", True
                await self._read(url)
            else:
                return False
        except (FetchError, Ignored, Problem) as problem:
            log.info("a part of the thread of %s was not had: %s", self.job.status_id, problem)
        return True

    async def _begin(self) -> None:
        self.begun = True
        if self.status is not None:
            post = await self._post(self.status.uri)
            self.sources, self.context, self.replies = (
                posts.whole_threads(post),
                posts.context(post),
                post.replies,
            )

    async def _read(self, url: str) -> None:
        self.pages_read += 1
        thing = await self._thing(url)
        if not isinstance(thing, Collection):
            raise Ignored("no collection")
        page = thing.first_page
        items = thing.items or (page.items if page is not None else ())
        following = thing.next or (page.next if page is not None else "" if thing.items else thing.first)
        room = max(self.job.most - self.posts_read - len(self.posts), 0)
        self.posts += [uri for uri in items if uri not in self.posts][:room]
        if following and following != url:
            self.pages.append(following)
        if items and not self.answering:
            # This collection has the thread as a whole; its parts need not be asked for.
            self.sources, self.replies = [], ""

    async def _take(self, uri: str) -> None:
        if self.fed.is_local(uri) or (self.status is not None and uri == self.status.uri):
            return
        async with self.fed.db.read() as tx:
            known = await tx.one(status_queries.BY_URI, uri=uri)
        if known is not None and not self.answering:
            return
        self.posts_read += 1
        post = await self._post(uri)
        if known is None:
            if not await self._keep(post):
                return
            self.found += 1
        if post.replies and self.answering:
            self.pages.append(post.replies)

    async def _keep(self, post: Post) -> bool:
        if posts.visibility(post.to, post.cc, "") not in ("public", "unlisted"):
            return False
        author = await resolve.speaker(self.fed, post.attributed_to)
        async with self.fed.db.write() as tx:
            return await self._belongs(tx, post) and (
                await posts.receive(tx, author, post, wanted=True) is not None
            )

    async def _belongs(self, tx: Tx, post: Post) -> bool:
        """Does it answer something in this thread, or say itself that it is in the same context?"""
        if self.context and post.context == self.context:
            return True
        parent = await tx.one(status_queries.BY_URI, uri=post.in_reply_to) if post.in_reply_to else None
        return (
            parent is not None
            and self.status is not None
            and (parent.conversation_id == self.status.conversation_id)
        )

    async def _post(self, uri: str) -> Post:
        thing = await self._thing(uri)
        if isinstance(thing, Collection):
            raise Ignored("a collection in place of a post")
        return posts.own(thing, thing.id)

    async def _thing(self, url: str) -> Any:
        async with self.fed.db.read() as tx:
            await resolve.refuse_blocked(tx, url)
        return (await resolve.fetch(self.fed, url))[0]


_CARRIED = (
    "begun", "context", "sources", "replies", "answering", "pages", "posts", "pages_read", "posts_read",
)  # fmt: skip
