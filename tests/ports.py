"""Ports for servers that a test starts."""

import random
import socket
from contextlib import ExitStack

HOST = "127.0.0.1"
_FROM, _BELOW = 15_000, 32_000  # systems give outgoing connections higher ones, at any moment


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment, and that no connection is given meanwhile."""
    found: list[int] = []
    with ExitStack() as held:
        for port in random.SystemRandom().sample(range(_FROM, _BELOW), 1000):
            probe = held.enter_context(socket.socket())
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            found.append(port)
            if len(found) == count:
                return found
    raise OSError(f"No {count} ports are free between {_FROM} and {_BELOW}.")
