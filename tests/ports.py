"""A port for a server that a test starts: below those that the system gives to outgoing connections, so that none
of them takes it before the server does."""

import random
import socket

LOWEST, HIGHEST = 20_000, 31_999


def free_port() -> int:
    """A loopback port on which nobody listens."""
    while True:
        port = random.randint(LOWEST, HIGHEST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
