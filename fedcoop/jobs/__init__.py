"""What must happen after a transaction: a row written inside it. All kinds are in `types`,
running them is `worker`."""

from fedcoop.jobs.queue import add, add_all, adding, effect, ensure, finish
from fedcoop.jobs.types import GiveUp, Job

__all__ = ["GiveUp", "Job", "add", "add_all", "adding", "effect", "ensure", "finish"]
