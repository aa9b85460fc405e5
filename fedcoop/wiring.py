"""Where everything meets: who does which job, and what a running server consists of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from activitypub import (
    archiving,
    consenting,
    delivery,
    featured,
    featuring,
    federate,
    importing,
    inbox,
    newcomers,
    previews,
    quoting,
    relays,
    synchronising,
    threads,
    verifying,
)
from activitypub.copying import Copier
from activitypub.delivery import Deliverer, push
from activitypub.errors import FetchError
from activitypub.federation import Federation, new_client
from activitypub.inbox import create, forwarded, once
from activitypub.translator import Translator
from fedcoop import (
    announcements,
    archives,
    clock,
    domains,
    emails,
    jobs,
    media,
    oauth,
    polls,
    relationships,
    sessions,
    settings,
    statuses,
)
from fedcoop.accounts.leaving import actions as leaving
from fedcoop.annual import actions as annual
from fedcoop.cards import actions as cards
from fedcoop.config import Config
from fedcoop.db import Database, migrate, opened
from fedcoop.db.locking import lock_keys
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from fedcoop.jobs import dead, deciding
from fedcoop.jobs import types as kinds
from fedcoop.jobs.types import Job
from fedcoop.jobs.worker import Handler, Worker
from fedcoop.mail import smtp
from fedcoop.media.storage import Storage
from fedcoop.moves import actions as moves
from fedcoop.push import keys as vapid
from fedcoop.relationships import domain_blocks
from fedcoop.scheduled import actions as scheduled
from fedcoop.search import actions as search
from fedcoop.second_factors import actions as second_factors
from fedcoop.statuses.hydrate import StatusHydrator
from fedcoop.trends import actions as trends
from moderation import founding
from moderation import jobs as governance
from moderation.jobs import Governance, ListTrouble
from moderation.members import queries as members
from moderation.witness import asking
from web.services import Services

CLEAN_EVERY = clock.DAY
LARGEST_COSIGNATURE = 16_384
LARGEST_LIST = 4_194_304
LISTS = "text/csv, text/plain, application/ld+json, application/json;q=0.9"


@dataclass(slots=True, kw_only=True)
class Instance:
    """A server that is ready to serve and to work."""

    services: Services
    worker: Worker
    deliverer: Deliverer
    members: int
    """How many members there were at the start."""

    async def take_over(self) -> None:
        """Before work begins: take up at once what a process that died has left, unless others work on the
        same database; their claims last a minute. Raises `Invalid` where two would work on one SQLite
        file."""
        db = self.services.db
        async with db.alone() as alone:
            if alone:
                await self.worker.release()
                await self.deliverer.release()
                async with db.write() as tx:
                    await jobs.ensure(tx, deciding.TendLedger(), run_at=clock.now() + clock.MINUTE)
            elif db.dialect == "sqlite":
                raise Invalid(
                    "Another fedcoop works on this database; with SQLite there can be only one. Stop it first."
                )

    def start_work(self, group: asyncio.TaskGroup) -> None:
        """Do jobs and deliveries until the group is cancelled."""
        group.create_task(self.worker.run())
        group.create_task(self.deliverer.run())

    async def work_until_idle(self) -> bool:
        """Do everything that is due. For tests; says whether there was anything."""
        return any([await self.worker.run_until_idle(), await self.deliverer.run_until_idle()])


def handlers(
    db: Database, federation: Federation, config: Config, storage: Storage
) -> Mapping[type[Job], Handler]:
    """Who does each kind of job. A test compares it with the list of kinds."""
    coop = Governance(db, config)

    async def publish_scheduled(job: kinds.PublishScheduled) -> None:
        async with jobs.effect(db) as tx:
            await scheduled.publish(tx, job.scheduled_id, config=await settings.applied(tx, config))

    async def leave_domain(job: kinds.LeaveDomain) -> None:
        async with jobs.effect(db) as tx:
            await domain_blocks.leave(tx, job)

    async def close_poll(job: kinds.ClosePoll) -> None:
        async with jobs.effect(db) as tx:
            await polls.actions.close(tx, job.poll_id)

    async def tell_totals(job: kinds.TellTotals) -> None:
        async with jobs.effect(db) as tx:
            await polls.actions.tell_totals(tx, job.poll_id)

    async def credit_cards(job: kinds.CreditCards) -> None:
        async with db.write() as tx:
            await cards.credit(tx, job.account_id)

    async def index_account(job: kinds.IndexAccount) -> None:
        async with jobs.effect(db) as tx:
            await search.index_account(tx, job)

    async def compute_trends(job: kinds.ComputeTrends) -> None:
        if config.trends != "off":
            await trends.compute(db)
        async with jobs.effect(db) as tx:
            await jobs.add(tx, kinds.ComputeTrends(), run_at=clock.now() + trends.EVERY)

    async def restore_follows(job: kinds.RestoreFollows) -> None:
        async with jobs.effect(db) as tx:
            if await domains.restore_follows(tx, job.domain):
                await jobs.add(tx, job)

    async def tell_announcement(job: kinds.TellAnnouncement) -> None:
        async with jobs.effect(db) as tx:
            await announcements.actions.tell(tx, job)

    async def clean_up(job: kinds.CleanUp) -> None:
        await asyncio.to_thread(media.files.clean_up, config)
        async with jobs.effect(db) as tx:
            await once.forget(tx)
            await newcomers.forget(tx)
            await delivery.clean_up(tx)
            await dead.forget(tx)
            await oauth.actions.clean_up(tx)
            await sessions.actions.clean_up(tx)
            await emails.actions.clean_up(tx)
            await second_factors.clean_up(tx)
            await relationships.actions.end_mutes(tx)
            await cards.clean_up(tx)
            await archives.actions.clean_up(tx)
            await tx.execute(statuses.queries.FORGET_KEYS, before=clock.now() - clock.DAY)
            more = await media.actions.clean_up(tx) or await media.copies.clean_up(tx, storage, config)
            await jobs.add(tx, kinds.CleanUp(), run_at=clock.now() + (0 if more else CLEAN_EVERY))

    async def go_along(job: kinds.GoAlong) -> None:
        async with jobs.effect(db) as tx:
            await moves.go_along(tx, job)

    async def erase_account(job: kinds.EraseAccount) -> None:
        async with jobs.effect(db) as tx:
            await leaving.erase(tx, AccountId(job.account_id))

    async def remind_of_password(job: kinds.RemindOfPassword) -> None:
        async with jobs.effect(db) as tx:
            await emails.actions.ask_to_reset(tx, config, job.email)

    return {
        kinds.Federate: partial(federate.federate, federation),
        kinds.ReceiveActivity: partial(inbox.process, federation),
        kinds.ReceiveForwarded: partial(forwarded.receive, federation),
        kinds.SynchroniseFollowers: partial(synchronising.synchronise, federation),
        kinds.FetchThread: partial(create.fetch_thread, federation),
        kinds.RefreshThread: partial(threads.refresh, federation),
        kinds.FetchFeatured: partial(featured.fetch, federation),
        kinds.PublishScheduled: publish_scheduled,
        kinds.LeaveDomain: leave_domain,
        kinds.FetchCollection: partial(featuring.fetch_collection, federation),
        kinds.AskRelay: partial(relays.ask, federation),
        kinds.VerifyAnswer: partial(consenting.verify, federation),
        kinds.VerifyItem: partial(featuring.verify_item, federation),
        kinds.VerifyLinks: partial(verifying.verify_links, federation),
        kinds.FetchQuote: partial(quoting.fetch, federation),
        kinds.ClosePoll: close_poll,
        kinds.TellTotals: tell_totals,
        kinds.FetchCard: partial(previews.fetch_card, federation),
        kinds.CreditCards: credit_cards,
        kinds.IndexAccount: index_account,
        kinds.MakeAnnualReport: partial(annual.make, db),
        kinds.ComputeTrends: compute_trends,
        kinds.TellAnnouncement: tell_announcement,
        kinds.Push: partial(push.push, federation),
        kinds.PushTo: partial(push.push_to, federation),
        kinds.RestoreFollows: restore_follows,
        kinds.CleanUp: clean_up,
        kinds.MakeArchive: partial(archiving.make, federation, storage),
        kinds.RemoveFiles: partial(media.developing.remove, storage),
        kinds.ProcessMedia: partial(media.developing.process, db, config, storage),
        kinds.GoAlong: go_along,
        kinds.EraseAccount: erase_account,
        kinds.ImportLines: partial(importing.import_lines, federation),
        kinds.SendMail: partial(smtp.send, config),
        kinds.RemindOfPassword: remind_of_password,
        deciding.OpenProposal: partial(governance.open_proposal, coop),
        deciding.CloseProposal: partial(governance.close_proposal, coop),
        deciding.EnactProposal: partial(governance.enact_proposal, coop),
        deciding.SettleRivals: partial(governance.settle_rivals, coop),
        deciding.EndMandate: partial(governance.end_mandate, coop),
        deciding.WriteLetters: partial(governance.write_letters, coop),
        deciding.LapseElected: partial(governance.lapse_elected, coop),
        deciding.LeaveCoop: partial(governance.leave_coop, coop),
        deciding.ExpirePower: partial(governance.expire_power, coop),
        deciding.ExpireDecision: partial(governance.expire_decision, coop),
        deciding.ReviewProposal: partial(governance.review_proposal, coop),
        deciding.RemindVoters: partial(governance.remind_voters, coop),
        deciding.ReadSharedList: partial(governance.read_shared_list, coop, list_fetcher(federation)),
        deciding.HearWords: partial(governance.hear_words, coop),
        deciding.SignCheckpoint: partial(governance.sign_checkpoint, coop),
        deciding.TendLedger: partial(governance.tend_ledger, coop),
        deciding.AskWitness: partial(governance.ask_witness, coop, witness_asker(federation)),
    }


def witness_asker(federation: Federation) -> asking.Ask:
    """How a witness is asked: with the client that all requests to others go through."""

    async def send(url: str, body: bytes) -> asking.Answer:
        try:
            reply = await federation.client.ask(
                url, body, "text/plain; charset=utf-8", limit=LARGEST_COSIGNATURE
            )
        except FetchError as problem:
            raise asking.TroubleAsking(str(problem)) from None
        return asking.Answer(reply.status, reply.body.decode("utf-8", "replace"))

    return send


def list_fetcher(federation: Federation) -> Callable[[str], Awaitable[str]]:
    """How a shared list is fetched: with the client that all requests to others go through."""

    async def fetch(url: str) -> str:
        try:
            found = await federation.client.get(url, accept=LISTS, limit=LARGEST_LIST)
        except FetchError as problem:
            raise ListTrouble(str(problem)) from None
        return found.body.decode("utf-8", "replace")

    return fetch


@asynccontextmanager
async def assembled(config: Config) -> AsyncIterator[Instance]:
    """The server that the settings describe. Raises `Invalid` where there is none, or one of another
    version."""
    if not config.database_exists():
        raise Invalid(f"There is no instance in {config.data}; make one with `fedcoop init`.")
    async with opened(config) as db:
        if not await migrate.is_current(db):
            raise Invalid(
                "The database has the schema of another version; bring it up to date: fedcoop migrate"
            )
        await lock_keys(db)
        async with assembled_on(db, config) as instance:
            yield instance


@asynccontextmanager
async def assembled_on(db: Database, config: Config) -> AsyncIterator[Instance]:
    """The same on a database that is open already. Raises `Invalid` where nobody has run `init`."""
    async with db.read() as tx:
        if not await founding.founded(tx):
            raise Invalid("There is no instance in this database; make one with `fedcoop init`.")
        count = await tx.scalar(members.LAST_NUMBER) or 0
    federation = Federation(db=db, client=new_client(config), config=config)
    translator = Translator(config)
    await federation.start()
    storage = media.storage.opened(config)
    copier = Copier(federation, storage)
    try:
        yield Instance(
            services=Services(
                db=db,
                config=config,
                show=StatusHydrator(config.base_url, config.entity_cache_bytes),
                storage=storage,
                copier=copier,
                federation=federation,
                vapid_key=(await vapid.own(db)).public,
                translator=translator,
            ),
            worker=Worker(db, handlers(db, federation, config, storage), config.worker_concurrency),
            deliverer=Deliverer(federation),
            members=count,
        )
    finally:
        await translator.close()
        await copier.close()
        await federation.close()
