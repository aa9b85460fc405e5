"""Sending what waits in the table `deliveries`, until it has arrived or is given up visibly.

`sender` runs, `attempt` is one try, `policy` decides what an answer means, `record` writes the outcome. Putting
deliveries into the table is `activitypub.federate`.
"""

from activitypub.delivery.overview import HostState, clean_up, hosts, retry_host, stop_host
from activitypub.delivery.sender import Deliverer

__all__ = ["Deliverer", "HostState", "clean_up", "hosts", "retry_host", "stop_host"]
