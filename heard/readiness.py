"""Whether a port is free and whether a process answers."""

from __future__ import annotations

import asyncio
import errno
import socket
import time

import httpx

from heard.processes import Process, StartError
from heard.progress import Console

_PROBE_EVERY_S = 0.25
_PROBE_TIMEOUT_S = 2.0


async def until_port_is_free(spec: Process, console: Console, within_s: float) -> None:
    """Wait for the port: a process of a killed supervisor needs a moment to notice and let go.

    Raises: StartError when it is still taken after `within_s` seconds, or may not be used.
    """
    if spec.port is None:
        return
    began = time.monotonic()
    while _is_taken(spec):
        waited = time.monotonic() - began
        if waited > within_s:
            console.done_waiting(spec.name)
            another = f", or choose another with {spec.port_setting}" if spec.port_setting else ""
            raise StartError(
                f"{spec.name} cannot start: port {spec.port} is taken by another program; "
                f"stop that one (`lsof -i :{spec.port}` names it){another}."
            )
        console.waiting(spec.name, f"waiting for port {spec.port} to come free", waited)
        await asyncio.sleep(_PROBE_EVERY_S)
    console.done_waiting(spec.name)


async def until_ready(spec: Process, console: Console) -> bool:
    """Wait until it answers, telling how long that takes. Returns: whether it did in time."""
    began = time.monotonic()
    try:
        async with httpx.AsyncClient(timeout=_PROBE_TIMEOUT_S, trust_env=False) as client:
            while not await _answers(spec, client):
                waited = time.monotonic() - began
                if waited > spec.ready_within_s:
                    return False
                console.waiting(spec.name, spec.doing, waited)
                await asyncio.sleep(_PROBE_EVERY_S)
    finally:
        console.done_waiting(spec.name)
    if spec.ready is not None:
        console.line(spec.name, f"ready after {time.monotonic() - began:.1f} s")
    return True


async def _answers(spec: Process, client: httpx.AsyncClient) -> bool:
    if spec.ready is None:
        return True
    if not isinstance(spec.ready, str):
        return await spec.ready()
    try:
        response = await client.get(spec.ready)
    except httpx.HTTPError:
        return False
    return response.status_code == httpx.codes.OK


def _is_taken(spec: Process) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind(("127.0.0.1", spec.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise StartError(
                f"{spec.name} cannot start: port {spec.port} may not be used ({error.strerror}); "
                f"choose one above 1023{' with ' + spec.port_setting if spec.port_setting else ''}."
            ) from error
    return False
