"""Putting a letter in the queue, in the transaction whose consequence it is. Sending it is `smtp`."""

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
