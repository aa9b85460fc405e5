"""Reading what binds a member to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from fedcoop import clock
from fedcoop.accounts.queries import REVISIONS
from fedcoop.db import Tx
from fedcoop.relationships import queries


class Relationship(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Relationship/"""

    id: str
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: list[str] | None = None
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: str | None = None
    requested: bool = False
    requested_by: bool = False
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


async def relationships(tx: Tx, viewer: int, ids: Sequence[int]) -> list[Relationship]:
    """How `viewer` stands to each of these accounts, in their order; unknown ones are left out. Two statements,
    however many they are."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    ties, known = await tx.batch(queries.TIES.bind(viewer=viewer, ids=wanted), REVISIONS.bind(ids=wanted))
    there = {row["id"] for row in known}
    found = {id_: Relationship(id=str(id_)) for id_ in wanted if id_ in there}
    now = clock.now()
    for kind, other, flag1, flag2, words, at in ties:
        one = found.get(other)
        if one is None:
            continue
        match kind:
            case "following" | "requested":
                setattr(one, kind, True)
                one.showing_reblogs = kind == "following" and bool(flag1)
                one.notifying = bool(flag2)
                one.languages = msgspec.json.decode(words, type=list[str]) or None
            case "muting":
                if at == 0 or at > now:
                    one.muting, one.muting_notifications = True, bool(flag1)
                    one.muting_expires_at = clock.iso(at) if at else None
            case "note":
                one.note = words
            case _:
                setattr(one, kind, True)
    return list(found.values())


async def familiar(tx: Tx, viewer: int, ids: Sequence[int]) -> dict[int, list[int]]:
    """For each account, those whom `viewer` follows and who follow it."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for target, follower in await tx.all(queries.FAMILIAR, viewer=viewer, ids=list(ids)):
        found[target].append(follower)
    return {id_: found[id_] for id_ in ids}
