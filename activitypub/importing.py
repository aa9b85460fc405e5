"""Doing what an imported file asks for: the job `ImportLines`. Reading the file is `fedcoop.transfers.files`.

A line may need the network, to find who is meant; each is done in a transaction of its own, and a process that
dies goes on where it was."""

from __future__ import annotations

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from fedcoop import jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.bookmarks import actions as bookmarks
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import NotFound, Problem
from fedcoop.jobs.types import ImportLines
from fedcoop.lists import access as lists
from fedcoop.lists import actions as list_actions
from fedcoop.relationships import actions as relationships
from fedcoop.relationships import domain_blocks
from fedcoop.statuses import access as statuses
from fedcoop.transfers import access, actions, queries
from fedcoop.transfers.types import Import, Line

AT_ONCE = 20


async def import_lines(fed: Federation, job: ImportLines) -> None:
    """Do the next lines, and add a job for those after them. What is not in a file that replaces goes first."""
    async with fed.db.read() as tx:
        found = await tx.one(queries.BY_ID, id=job.import_id)
        if found is None or found.finished_at is not None:
            return
    if job.first and found.overwrite:
        await _remove_others(fed, found)
    async with fed.db.read() as tx:
        waiting = await tx.all(queries.NEXT_LINES, import_id=found.id, most=AT_ONCE)
    for each in waiting:
        line, problem = access.line_of(each), ""
        try:
            await _do(fed, found, line)
        except FetchError:
            problem = "Its server did not answer, or does not know it."
        except (Problem, Ignored) as why:
            problem = getattr(why, "message", "") or "It could not be found."
        async with fed.db.write() as tx:
            if problem:
                await actions.failed(tx, each, problem)
            else:
                await actions.done(tx, each)
    async with fed.db.write() as tx:
        await jobs.finish(tx)
        if len(waiting) < AT_ONCE:
            await actions.finish(tx, found.id)
        else:
            await jobs.add(tx, ImportLines(import_id=found.id))


async def _do(fed: Federation, found: Import, line: Line) -> None:
    """What one line asks for. Raises `Problem`, `FetchError` or `Ignored` where that cannot be."""
    if found.kind == "bookmarks":
        await resolve.status(fed, line.name)
        async with fed.db.write() as tx:
            member = await accounts.find(tx, found.account_id)
            status = await statuses.visible_by_uri(tx, member, line.name)
            await bookmarks.add(tx, member, status)
        return
    if found.kind == "domain_blocks":
        async with fed.db.write() as tx:
            member = await accounts.find(tx, found.account_id)
            await domain_blocks.block(tx, member, line.name, config=fed.config)
        return
    target = await _meant(fed, line.name)
    async with fed.db.write() as tx:
        member = await accounts.find(tx, found.account_id)
        match found.kind:
            case "following":
                await relationships.follow(
                    tx, member, target,
                    reblogs=line.reblogs, notify=line.notify, languages=line.languages,
                )  # fmt: skip
            case "blocks":
                await relationships.block(tx, member, target)
            case "mutes":
                await relationships.mute(tx, member, target, line.notifications)
            case "lists":
                await _put_into_list(tx, member, target, line.list)


async def _put_into_list(tx: Tx, member: Account, target: Account, title: str) -> None:
    own = await lists.own(tx, member.id)
    found = next((each for each in own if each.title == title), None)
    if found is None:
        found = await list_actions.create(tx, member.id, title)
    try:
        await list_actions.add(tx, found, [target.id])
    except NotFound:
        raise NotFound("Only whom you follow can be in a list. Import whom you follow first.") from None


async def _meant(fed: Federation, handle: str) -> Account:
    """The account with this handle, asked for at its server where it is not known."""
    handle = _short(fed.config, handle)
    async with fed.db.read() as tx:
        known = await accounts.by_handle(tx, handle)
    if known is not None:
        return known
    if "@" not in handle:
        raise NotFound("There is no such account here.")
    return await resolve.by_handle(fed, handle)


async def _remove_others(fed: Federation, found: Import) -> None:
    """Take away what the member has and the file has not. Lists go whole."""
    async with fed.db.scan() as tx:
        waiting = await tx.all(queries.NEXT_LINES, import_id=found.id, most=found.total)
        present = await access.named(tx, fed.config, found.account_id, found.kind)
    wanted = {access.line_of(each).name for each in waiting}
    async with fed.db.write() as tx:
        member = await accounts.find(tx, found.account_id)
        if found.kind == "lists":
            for each in await lists.own(tx, member.id):
                await list_actions.delete(tx, each)
            return
        for name in sorted(present - wanted):
            await _remove(tx, fed.config, member, found, name)


async def _remove(tx: Tx, config: Config, member: Account, found: Import, name: str) -> None:
    if found.kind == "bookmarks":
        try:
            await bookmarks.remove(tx, member, await statuses.visible_by_uri(tx, member, name))
        except NotFound:
            return
    if found.kind == "domain_blocks":
        await domain_blocks.unblock(tx, member, name)
        return
    other = await accounts.by_handle(tx, _short(config, name))
    if other is None:
        return
    match found.kind:
        case "following":
            # The assembly asks members to vote in their home timelines; a file from elsewhere does not know it.
            if other.handle != accounts.ASSEMBLY:
                await relationships.unfollow(tx, member, other)
        case "blocks":
            await relationships.unblock(tx, member, other)
        case "mutes":
            await relationships.unmute(tx, member, other)


def _short(config: Config, handle: str) -> str:
    """A handle as it is kept: those of this server have no domain."""
    name, _, domain = handle.partition("@")
    return name if domain == config.domain else handle
