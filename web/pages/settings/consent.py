"""Who may answer, favourite and boost what a member posts, and deciding on those who ask. Apps that know
GoToSocial's methods do the same with `web.mastodon.interactions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.accounts.consent import FOLLOWERS, FOLLOWING, PUBLIC, Allowed
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import InteractionId
from fedcoop.interactions import actions
from fedcoop.interactions.access import concerned
from fedcoop.paging import Page
from fedcoop.statuses.consent import access, queries, rules
from fedcoop.statuses.consent.types import Deed, Interaction
from fedcoop.statuses.types import Rules
from web.pages.posts import AccountRead, Post, post, read
from web.pages.settings.sections import shown
from web.visit import Visit, pages

HERE = "/settings/consent"
MOST = 40
CHOICES: dict[str, tuple[str, Allowed | None]] = {
    "everybody": ("Everybody", None),
    "ask_strangers": (
        "Followers and those I follow; others ask me",
        Allowed(automatic=(FOLLOWERS, FOLLOWING), manual=(PUBLIC,)),
    ),
    "ask": ("Everybody asks me", Allowed(manual=(PUBLIC,))),
    "followers": ("Followers", Allowed(automatic=(FOLLOWERS,))),
    "nobody": ("Nobody", Allowed()),
}
AS_IT_IS = "as_it_is"
"""What an app has set and this page has no words for."""
QUESTIONS: dict[Deed, str] = {
    "reply": "Who may answer?",
    "favourite": "Who may favourite?",
    "reblog": "Who may boost?",
}
DEEDS: dict[Deed, str] = {"reply": "answer", "favourite": "favourite", "reblog": "boost"}


class ConsentParams(msgspec.Struct, kw_only=True):
    reply: str = AS_IT_IS
    favourite: str = AS_IT_IS
    reblog: str = AS_IT_IS


class DecideParams(msgspec.Struct, kw_only=True):
    id: InteractionId
    yes: bool = False


class Wish(NamedTuple):
    """Somebody and what they do or want to do. `answer` is theirs, where it is an answer and still there."""

    id: int
    who: AccountRead
    deed: str
    state: str
    post: Post
    answer: Post | None


@pages.get(HERE)
async def consent(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.post(HERE)
async def save(visit: Visit, params: ConsentParams) -> web.Response:
    chosen: dict[Deed, str] = {
        "reply": params.reply,
        "favourite": params.favourite,
        "reblog": params.reblog,
    }
    if not set(chosen.values()) <= {*CHOICES, AS_IT_IS}:
        return await _page(visit, error="Choose who may do it from the list.")
    async with visit.db.write() as tx:
        before = rules.read((await accounts.user(tx, visit.member_id)).default_rules)
        await rules.save(
            tx,
            visit.member_id,
            msgspec.structs.replace(
                before,
                public=_rules(before.public, chosen),
                unlisted=_rules(before.unlisted, chosen),
                private=_rules(before.private, chosen),
            ),
        )
    return await _page(visit, notice="This holds for what you post from now on.")


def _rules(before: Rules, chosen: dict[Deed, str]) -> Rules:
    changes = {deed: CHOICES[name][1] for deed, name in chosen.items() if name != AS_IT_IS}
    return msgspec.structs.replace(before, **changes)


@pages.post(f"{HERE}/decide")
async def decide(visit: Visit, params: DecideParams) -> web.Response:
    async with visit.db.write() as tx:
        interaction = await access.own(tx, visit.member_id, params.id)
        if params.yes and interaction.state != "pending":
            raise Invalid("This was decided before")
        await (actions.accept if params.yes else actions.refuse)(tx, interaction)
    if params.yes:
        return await _page(visit, notice="Others see it now.")
    return await _page(visit, notice="It is gone, and whoever did it is told.")


async def _page(visit: Visit, *, error: str = "", notice: str = "") -> web.Response:
    async with visit.db.read() as tx:
        user = await accounts.user(tx, visit.member_id)
        asked = await queries.PENDING.all(
            tx, Page(limit=MOST), author_id=visit.member_id, deeds=list(DEEDS), status_id=0
        )
        given = await tx.all(queries.GIVEN, author_id=visit.member_id, limit=MOST)
        mine = await tx.all(queries.WISHES, account_id=visit.member_id, limit=MOST)
        wishes = await _wishes(visit, tx, [*asked, *given, *mine])
    public = rules.read(user.default_rules).public
    return await shown(
        visit,
        "settings/consent.html",
        error=error,
        notice=notice,
        here=HERE,
        questions=[(deed, words, _chosen(getattr(public, deed))) for deed, words in QUESTIONS.items()],
        choices=[(name, words) for name, (words, _) in CHOICES.items()],
        asked=[wishes[each.id] for each in asked if each.id in wishes],
        given=[wishes[each.id] for each in given if each.id in wishes],
        mine=[wishes[each.id] for each in mine if each.id in wishes],
    )


def _chosen(allowed: Allowed | None) -> str:
    return next((name for name, (_, same) in CHOICES.items() if same == allowed), AS_IT_IS)


async def _wishes(visit: Visit, tx: Tx, found: Sequence[Interaction]) -> dict[int, Wish]:
    """Each as it is drawn; as many statements for all as for one."""
    statuses, people = await concerned(tx, visit.services.show, visit.member_id, found)
    posts = {
        id_: post(each, visit.config.base_url)
        for id_, each in zip(statuses, read(statuses.values()), strict=True)
    }
    return {
        each.id: Wish(
            each.id,
            msgspec.json.decode(people[each.account_id], type=AccountRead),
            DEEDS[each.deed],
            each.state,
            posts[each.status_id],
            posts.get(each.result_id or 0) if each.deed == "reply" else None,
        )
        for each in found
        if each.account_id in people and each.status_id in posts
    }
