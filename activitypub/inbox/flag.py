"""Flag: another server reports local accounts or posts. Handing it to the moderators is `moderation`'s."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.vocabulary import Flag
from fedcoop.accounts.types import Account
from fedcoop.domains import gate


async def on_flag(fed: Federation, actor: Account, flag: Flag) -> None:
    """Logged with its reason; a server whose reports the members refuse is not even that."""
    async with fed.db.read() as tx:
        restriction = await gate(tx, actor.domain or "")
    if restriction is not None and restriction.reject_reports:
        raise Ignored("reports of this server are refused")
    raise Ignored(f"a report about {len(flag.objects)} things, with {len(flag.content)} characters of reason")
