"""A small co-operative for tests, told in a few words: who joins, what is proposed, who votes, how time
passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from fedcoop import clock
from fedcoop.accounts import access as accounts_of
from fedcoop.accounts import actions as accounts
from fedcoop.accounts.types import Account, KeyPair, NewAccount
from fedcoop.config import Config
from fedcoop.db import Database, statement
from fedcoop.db.schema.statuses import statuses as statuses_table
from fedcoop.ids import PollId, ProposalId
from fedcoop.jobs import deciding
from fedcoop.jobs.types import Job
from fedcoop.jobs.worker import Worker
from fedcoop.statuses import access as statuses_of
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft, Status
from moderation import ballots, founding, jobs, members, proposals, reconcile
from moderation.ballots.types import CastBallot
from moderation.constitution import Standing, read
from moderation.ledger import actions as ledger
from moderation.ledger import serve
from moderation.ledger.verify import Report
from moderation.proposals import queries
from moderation.proposals.types import ProposalDraft, ProposalEntity, Result

ALL_BY = statement(
    select(statuses_table.c.id)
    .where(statuses_table.c.account_id == bindparam("account_id"))
    .order_by(statuses_table.c.id)
)
CONFIG = Config(domain="coop.example")
KEYS = KeyPair("-----BEGIN PUBLIC KEY-----\n", "-----BEGIN PRIVATE KEY-----\n")
SUSPEND = {"type": "suspend_domain", "domain": "spam.example", "public_comment": "Spam and nothing else."}
RULES = """
name = "trial"
title = "Trial"
summary = "For tests."
[rules.quick]
passes = "agree > disagree; agree >= 9 * (disagree + block) if block"
window = { minimum = "5 minutes", maximum = "1 day", urgent = "1 minute" }
[rules.slow]
passes = "agree > disagree"
window = { minimum = "10 minutes" }
gates = { discussion = "2 minutes" }
after = { delay = "1 hour" }
[rules.gated]
passes = "agree > 1/2 of eligible"
window = { minimum = "5 minutes" }
gates = { endorsement_share = "50%" }
electorate = { member_for = "1 day" }
[rules.secret]
passes = "agree > disagree"
window = { minimum = "5 minutes" }
ballot = { reason_for = ["block"], secrecy = "pseudonymous", results = "after_closing", change = false }
[rules.shy]
passes = "agree > disagree"
window = { minimum = "5 minutes" }
ballot = { options = ["agree", "disagree"], results = "after_voting" }
[kinds]
bylaw = "gated"
policy = "quick"
federation = "quick"
moderation = "slow"
membership = "shy"
role = "secret"
budget = "quick"
advisory = "quick"
"""


@dataclass
class Coop:
    """One server with members. Everything goes through the functions that pages and API use."""

    db: Database
    config: Config = CONFIG
    people: dict[str, Account] = field(default_factory=dict)

    async def found(self, rules: str = RULES) -> Coop:
        async with self.db.write() as tx:
            await accounts.create_actor(tx, self.config, "assembly", "group", "The assembly", "", KEYS)
            await founding.found(tx, read(rules), config=self.config)
        return self

    async def account(self, name: str) -> Account:
        """Somebody who has an account here, member or not."""
        if name not in self.people:
            new = NewAccount(username=name, email=f"{name}@mail.example", password_hash="x", keys=KEYS)
            async with self.db.write() as tx:
                self.people[name] = await accounts.create(tx, self.config, new)
        return self.people[name]

    async def join(self, *names: str, standing: Standing = "good") -> list[Account]:
        """These become members."""
        people = [await self.account(name) for name in names]
        async with self.db.write() as tx:
            for person in people:
                await members.actions.admit(tx, person, because="admin:test", standing=standing)
        return people

    async def set_standing(self, name: str, standing: Standing) -> None:
        async with self.db.write() as tx:
            known = await members.access.member(tx, self.people[name].id)
            await members.actions.set_standing(tx, known, standing, because="admin:test")

    async def propose(self, name: str, title: str = "Cut off spam.example", **draft: Any) -> ProposalEntity:
        async with self.db.write(durable=True) as tx:
            made = await proposals.actions.propose(
                tx, await self.account_in(name), ProposalDraft(title=title, **draft), config=self.config
            )
        return await self.see(made.id, name)

    async def account_in(self, name: str) -> Account:
        return self.people[name]

    async def suspend_spam(self, name: str, **draft: Any) -> ProposalEntity:
        """A proposal to suspend spam.example, open for five minutes."""
        return await self.propose(name, kind="federation", acts=[SUSPEND], body="They **spam**.", **draft)

    async def see(self, proposal: ProposalEntity | int, name: str | None = None) -> ProposalEntity:
        viewer = None if name is None else self.people[name].id
        async with self.db.read() as tx:
            return await proposals.hydrate.show(tx, viewer, of(proposal))

    async def result(self, proposal: ProposalEntity | int, name: str | None = None) -> Result:
        viewer = None if name is None else self.people[name].id
        async with self.db.read() as tx:
            return await proposals.hydrate.result(tx, viewer, of(proposal))

    async def vote(
        self, name: str, proposal: ProposalEntity | int, choice: str, reason: str = ""
    ) -> CastBallot:
        account = await self.account(name)
        async with self.db.write(durable=True) as tx:
            return await ballots.actions.cast(tx, account, of(proposal), choice, reason)

    async def vote_in_poll(
        self, name: str, proposal: ProposalEntity, choices: Sequence[int]
    ) -> CastBallot | None:
        account = await self.account(name)
        assert proposal.poll_id is not None
        async with self.db.write(durable=True) as tx:
            return await ballots.actions.cast_by_poll(tx, account, PollId(int(proposal.poll_id)), choices)

    async def pass_time(self, **span: float) -> None:
        """Time passes, and the worker does what is due of the co-operative's."""
        clock.advance(
            seconds=span.get("minutes", 0) * 60 + span.get("seconds", 0) + span.get("days", 0) * 86_400
        )
        governance = jobs.Governance(self.db, self.config)
        handlers: dict[type[Job], Any] = {
            deciding.OpenProposal: partial(jobs.open_proposal, governance),
            deciding.CloseProposal: partial(jobs.close_proposal, governance),
            deciding.EnactProposal: partial(jobs.enact_proposal, governance),
            deciding.SettleRivals: partial(jobs.settle_rivals, governance),
            deciding.EndMandate: partial(jobs.end_mandate, governance),
            deciding.WriteLetters: partial(jobs.write_letters, governance),
            deciding.LapseElected: partial(jobs.lapse_elected, governance),
            deciding.LeaveCoop: partial(jobs.leave_coop, governance),
            deciding.ExpirePower: partial(jobs.expire_power, governance),
            deciding.ReviewProposal: partial(jobs.review_proposal, governance),
            deciding.RemindVoters: partial(jobs.remind_voters, governance),
            deciding.ExpireDecision: partial(jobs.expire_decision, governance),
            deciding.HearWords: partial(jobs.hear_words, governance),
            deciding.SignCheckpoint: partial(jobs.sign_checkpoint, governance),
        }
        await Worker(self.db, handlers, 4).lanes["governance"].run_until_idle()

    async def write(self, name: str, text: str, **more: Any) -> Status:
        """Somebody posts something, and the assembly hears it if it is mentioned."""
        async with self.db.write() as tx:
            status = await statuses.post(tx, self.people[name], Draft(text=text, **more), config=self.config)
        await self.pass_time()
        return status

    async def answers(self, status: Status) -> list[Status]:
        """What the assembly has said directly below a post, oldest first."""
        async with self.db.read() as tx:
            voice = (await accounts_of.assembly(tx)).id
            ids = await tx.scalars(queries.ANSWER_OF, account_id=voice, status_id=status.id)
            return [await statuses_of.visible(tx, voice, id_) for id_ in ids]

    async def said_by_the_assembly(self) -> list[Status]:
        """What the assembly has posted, oldest first."""
        async with self.db.read() as tx:
            voice = (await accounts_of.assembly(tx)).id
            ids = await tx.scalars(ALL_BY, account_id=voice)
            return [await statuses_of.visible(tx, voice, id_) for id_ in ids]

    async def told(self, name: str, text: str, **more: Any) -> str:
        """What the assembly answers to a direct message; empty when it stays silent."""
        said = await self.answers(await self.write(name, f"@assembly {text}", visibility="direct", **more))
        return said[0].text if said else ""

    async def verified(self) -> Report:
        """What checking the ledger finds, once it is signed."""
        async with self.db.write() as tx:
            await ledger.sign(tx)
        async with self.db.read() as tx:
            return await reconcile.verify_local(tx)

    async def files(self) -> dict[str, bytes]:
        """The ledger as the files that it serves."""
        from moderation.ledger import tiles

        async with self.db.write() as tx:
            size = (await ledger.sign(tx)).size
        async with self.db.read() as tx:
            paths = ["checkpoint", *(tile.path for tile in [*tiles.tiles_of(size), *tiles.bundles_of(size)])]
            return {path: await serve.file(tx, path) for path in paths}


def of(proposal: ProposalEntity | int) -> ProposalId:
    return ProposalId(proposal if isinstance(proposal, int) else int(proposal.id))
