"""Putting a letter in the queue, in the transaction whose consequence it is. Sending it is `smtp`."""

from collections.abc import Sequence

from fedcoop import clock, jobs
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.jobs.types import SendMail

PATIENCE = 2 * clock.DAY


async def send(tx: Tx, config: Config, to: str, letter: str, **values: str) -> bool:
    """Have the letter of this name (a template without its ending) sent to an address, once this transaction is
    committed. False where the server sends no mail; then nothing is queued."""
    if not config.sends_mail:
        return False
    await jobs.add(tx, SendMail(to=to, letter=letter, values=values, until=clock.now() + PATIENCE))
    return True


async def send_all(
    tx: Tx, config: Config, letter: str, letters: Sequence[tuple[str, dict[str, str]]]
) -> None:
    """The same to many at once: each an address with the values of its letter."""
    if not config.sends_mail or not letters:
        return
    until = clock.now() + PATIENCE
    await jobs.add_all(
        tx, [SendMail(to=to, letter=letter, values=values, until=until) for to, values in letters]
    )
