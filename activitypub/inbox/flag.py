"""Flag: another server reports members, or what is theirs. Ours go out by `activitypub.federate.reports`."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Flag
from fedcoop.accounts.types import Account
from fedcoop.domains import gate
from fedcoop.reports import actions as reports


async def on_flag(fed: Federation, actor: Account, flag: Flag) -> None:
    """Kept for staff with what it names and we have; a server whose reports the members refuse is not heard."""
    named = [each if isinstance(each, str) else each.id for each in flag.objects]
    async with fed.db.write() as tx:
        await once(tx, flag)
        restriction = await gate(tx, actor.domain or "")
        if restriction is not None and restriction.reject_reports:
            raise Ignored("reports of this server are refused")
        found = await reports.receive(tx, fed.config, actor, named, flag.content)
        if not found:
            raise Ignored("a report about nothing here")
