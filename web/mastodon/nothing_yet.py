"""Lists that are correct and empty until what would be in them is built."""

from __future__ import annotations

from typing import Any

from web.api import ANY_TOKEN, api
from web.call import Call

EMPTY: dict[str, str | tuple[str, ...]] = {
    "/api/v1/endorsements": "read:accounts",
    "/api/v1/domain_blocks": ("read:blocks", "follow"),
    "/api/v1/accounts/{id}/identity_proofs": ANY_TOKEN,
}
EMPTY_FOR_ALL = ("/api/v1/accounts/{id}/endorsements",)


async def nothing(call: Call) -> list[Any]:
    return []


for path, scope in EMPTY.items():
    api.get(path, scope=scope)(nothing)
for path in EMPTY_FOR_ALL:
    api.get(path)(nothing)
