"""Who may answer, favourite and boost what a member posts, unless they say otherwise: by whom a post is for.
The words of the API are `web.mastodon.interactions`."""

from __future__ import annotations

import msgspec

from fedcoop.db import Tx
from fedcoop.statuses.consent import queries
from fedcoop.statuses.types import Rules, Visibility


class Defaults(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `users.default_rules` keeps."""

    public: Rules = Rules()
    unlisted: Rules = Rules()
    private: Rules = Rules()
    direct: Rules = Rules()

    def of(self, visibility: Visibility) -> Rules:
        found: Rules = getattr(self, visibility)
        return found


def read(stored: str) -> Defaults:
    """What a member has chosen."""
    return _decode(stored) if stored else Defaults()


async def save(tx: Tx, account_id: int, defaults: Defaults) -> None:
    """Keep what a member chooses for what they post from now on."""
    stored = "" if defaults == Defaults() else msgspec.json.encode(defaults).decode()
    await tx.execute(queries.SAVE_RULES, of_account=account_id, rules=stored)


_decode = msgspec.json.Decoder(Defaults).decode
