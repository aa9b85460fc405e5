"""Passwords, as Argon2id hashes. Making or checking one takes tens of milliseconds, so both run in their
own two threads: more would only cost memory."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from fedcoop.errors import Invalid

SHORTEST = 8
LONGEST = 256

# OWASP's recommendation for servers with little memory: 19 MiB, two passes.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
# Checked when nobody has the name, so that an answer takes as long as for somebody.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$HkWwfFsH038lAJWflzk7lA$aN+XoewZeTVcrvqB55wVjgO76pmw1ATOOUOdxwcZ3v8"


def checked(password: str) -> str:
    """Raises `Invalid` for a password that is too short, or long enough to keep a thread busy."""
    if len(password) < SHORTEST:
        raise Invalid(
            f"Password is too short (minimum is {SHORTEST} characters)", "password", "ERR_TOO_SHORT"
        )
    if len(password) > LONGEST:
        raise Invalid(f"Password is too long (maximum is {LONGEST} characters)", "password", "ERR_TOO_LONG")
    return password


async def hashed(password: str) -> str:
    """The password's hash as it is kept."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(password: str, kept: str) -> bool:
    """Whether this is the password that `kept` was made of."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _matches, password, kept)


def _matches(password: str, kept: str) -> bool:
    try:
        return len(password) <= LONGEST and _hasher.verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False
