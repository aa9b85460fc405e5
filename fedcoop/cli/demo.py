"""`fedcoop demo`: a small believable co-op to look at, made by the same verbs that members use.

Its past is real to the record: the clock is moved back, and everything happens at its time. The story is
`demo.toml`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fedcoop import accounts, clock, favourites, relationships
from fedcoop.accounts import keys
from fedcoop.accounts.types import Account, NewAccount, ProfileEdit
from fedcoop.config import Config
from fedcoop.db import opened
from fedcoop.sessions import passwords
from fedcoop.statuses import actions as statuses
from fedcoop.statuses import reblogs
from fedcoop.statuses.types import Draft, Status

if TYPE_CHECKING:
    from fedcoop.cli import Words
    from fedcoop.wiring import Instance

PASSWORD = "demo demo demo"  # noqa: S105 # printed, and said in README
BEGINS = 22 * clock.DAY
ACCEPTED_AFTER = 9 * 24
"""Hours from the call of an election to the answer of those who won."""


def add_commands(words: Words) -> None:
    parser = words.command("demo", demo, "make a trial instance with a small co-op in it")
    parser.add_argument("--domain", metavar="DOMAIN", help="the part of every handle after the @")


async def demo(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.cli.founding import found
    from fedcoop.cli.instance import make_data_directory, write_config
    from fedcoop.wiring import assembled_on

    config = msgspec.structs.replace(config, scheme="http", title="Lanternfield co-operative")
    make_data_directory(config)
    # The story is told in its own words.
    for name in ("fedcoop", "activitypub"):
        logging.getLogger(name).setLevel(logging.WARNING)
    print(f"Making a small co-op in {config.data} …", flush=True)
    clock.advance(seconds=-BEGINS / 1000)
    async for step in found(config, "social-coop"):
        print(f"  {step}", flush=True)
    async with opened(config) as db, assembled_on(db, config) as instance:
        await _Telling(instance, config).all()
    clock.reset()
    write_config(config)
    print("Done. Sign in as maren@lanternfield.example, or any other name,")
    print(f"with the password “{PASSWORD}”, once this serves: {config.base_url}/login")
    return 0


@dataclass
class _Telling:
    """Tells the story in the order of its hours."""

    instance: Instance
    config: Config
    story: dict[str, Any] = field(
        default_factory=lambda: tomllib.loads(Path(__file__).with_name("demo.toml").read_text("utf-8"))
    )
    people: dict[str, Account] = field(default_factory=dict)
    posts: list[Status] = field(default_factory=list)
    hour: int = 0

    async def all(self) -> None:
        await self._people_join()
        print(f"  members: {', '.join(self.people)}", flush=True)
        steps: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (post["hours"], partial(self._post, post)) for post in self.story["posts"]
        ]
        steps += [(each["hours"], partial(self._delegate, each)) for each in self.story["delegations"]]
        steps += [(each["hours"], partial(self._report, each)) for each in self.story["reports"]]
        steps += [(each["hours"], partial(self._act, each)) for each in self.story["powers"]]
        for number, proposal in enumerate(self.story["proposals"], 1):
            begin = self._call if "office" in proposal else self._propose
            steps.append((proposal["hours"], partial(begin, proposal)))
            if "votes" in proposal:
                steps.append((proposal["votes_at"], partial(self._vote, number, proposal["votes"])))
            for name in proposal.get("accept", ()):
                steps.append((proposal["hours"] + ACCEPTED_AFTER, partial(self._accept, number, name)))
        for hours, step in sorted(steps, key=lambda each: each[0]):
            await self._until(hours)
            await step()
        await self._react()
        await self.instance.worker.run_until_idle()
        print(f"  posts: {len(self.posts)}; proposals: {len(self.story['proposals'])}", flush=True)

    async def _until(self, hours: int) -> None:
        """Let the hours pass one by one, and what is due in them happen."""
        while self.hour < hours:
            clock.advance(seconds=3600)
            self.hour += 1
            await self.instance.worker.lanes["governance"].run_until_idle()

    async def _people_join(self) -> None:
        from moderation.members import actions as members

        hashed = await passwords.hashed(PASSWORD)
        made = await asyncio.gather(*[asyncio.to_thread(keys.generate) for _ in self.story["people"]])
        async with self.instance.services.db.write(durable=True) as tx:
            for person, pair in zip(self.story["people"], made, strict=True):
                new = NewAccount(
                    username=person["name"],
                    email=f"{person['name']}@lanternfield.example",
                    password_hash=hashed,
                    keys=pair,
                    role="admin" if person["name"] == "tomas" else "user",
                )
                account = await accounts.actions.create(tx, self.config, new)
                edit = ProfileEdit(display_name=person["shown"], note=person["note"], discoverable=True)
                account = await accounts.actions.edit_profile(tx, self.config, account, edit)
                if person.get("member", True):
                    await members.admit(tx, account, because="founding")
                self.people[person["name"]] = account
            for one in self.people.values():
                for another in self.people.values():
                    if one is not another:
                        await relationships.actions.follow(tx, one, another)

    async def _post(self, post: dict[str, Any]) -> None:
        from moderation.proposals import access

        author = self.people[post["by"]]
        async with self.instance.services.db.write() as tx:
            answered = self.posts[post["answers"]].id if "answers" in post else None
            if "below" in post:
                answered = (await access.visible_by_number(tx, author.id, post["below"])).status_id
            draft = Draft(text=post["text"], language="en", in_reply_to_id=answered)
            self.posts.append(await statuses.post(tx, author, draft, config=self.config))

    async def _react(self) -> None:
        async with self.instance.services.db.write() as tx:
            for name, numbers in self.story["reblogs"].items():
                for number in numbers:
                    await reblogs.add(tx, self.people[name], self.posts[number])
            for name, numbers in self.story["favourites"].items():
                for number in numbers:
                    await favourites.add(tx, self.people[name], self.posts[number])

    async def _propose(self, proposal: dict[str, Any]) -> None:
        from moderation.proposals import actions
        from moderation.proposals.types import ProposalDraft

        # Who proposes, when, and how people vote is for this module; the rest is the draft itself.
        draft = msgspec.convert(proposal, ProposalDraft)
        async with self.instance.services.db.write(durable=True) as tx:
            await actions.propose(tx, self.people[proposal["by"]], draft, config=self.config)
        await self.instance.worker.lanes["governance"].run_until_idle()

    async def _call(self, wanted: dict[str, Any]) -> None:
        from moderation.elections import actions
        from moderation.elections.types import Call

        async with self.instance.services.db.write(durable=True) as tx:
            caller = self.people[wanted["by"]]
            called = await actions.call(tx, caller, msgspec.convert(wanted, Call), config=self.config)
            for name, words in wanted["stand"].items():
                await actions.stand(tx, self.people[name], called.id, words)

    async def _accept(self, number: int, name: str) -> None:
        from moderation.elections import seats
        from moderation.proposals import access

        async with self.instance.services.db.write(durable=True) as tx:
            account = self.people[name]
            election = await access.visible_by_number(tx, account.id, number)
            await seats.accept(tx, account, election.id, config=self.config)

    async def _report(self, report: dict[str, Any]) -> None:
        from fedcoop.reports import actions
        from fedcoop.reports.types import NewReport

        new = NewReport(
            target_id=self.people[report["of"]].id,
            status_ids=[self.posts[report["post"]].id],
            comment=report["comment"],
            category="spam",
        )
        async with self.instance.services.db.write(durable=True) as tx:
            await actions.file(tx, self.config, self.people[report["by"]], new)

    async def _act(self, used: dict[str, Any]) -> None:
        from fedcoop.instance import access
        from moderation.powers import actions

        async with self.instance.services.db.write(durable=True) as tx:
            rules = await access.rules(tx)
            await actions.use(
                tx,
                self.people[used["by"]],
                used["act"],
                rule=str(rules[used["rule"] - 1].id),
                reason=used["reason"],
                config=self.config,
            )

    async def _delegate(self, delegation: dict[str, Any]) -> None:
        from moderation.delegations import actions

        giver, holder = self.people[delegation["by"]], self.people[delegation["to"]]
        async with self.instance.services.db.write(durable=True) as tx:
            await actions.delegate(tx, giver, delegation["kind"], holder.id)

    async def _vote(self, number: int, votes: dict[str, str | list[str | int | list[str | int]]]) -> None:
        from moderation.ballots import actions
        from moderation.proposals import access
        from moderation.questions.answers import Marks

        for name, vote in votes.items():
            reason = ""
            async with self.instance.services.db.write(durable=True) as tx:
                account = self.people[name]
                proposal = await access.visible_by_number(tx, account.id, number)
                if isinstance(vote, str):
                    marks = Marks(choice=vote)
                elif proposal.asks is None:
                    marks, reason = Marks(choice=str(vote[0])), str(vote[1])
                elif proposal.asks.kind == "budget":
                    marks = Marks(approvals=[str(each) for each in vote])
                else:
                    marks = Marks(ranking=vote)
                await actions.cast(tx, account, proposal.id, marks, reason)
