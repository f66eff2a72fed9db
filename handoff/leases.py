"""A claim on work that several processes see: one does it, the others pass by."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

log = structlog.get_logger()

# Work that a killed process leaves behind waits for the rest of its lease. Freeing it at the next
# start would be quicker, but a second process that starts would then take what the first is at.
# So the lease is short and is renewed: fifteen seconds outlast a database busy for ten.
LEASE = timedelta(seconds=15)
_RENEW_EVERY_S = 5.0


@asynccontextmanager
async def kept(renew: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `renew` regularly while the block runs."""
    renewing = asyncio.create_task(_renew(renew))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait({renewing})


async def _renew(renew: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(_RENEW_EVERY_S)
        try:
            await renew()
        except Exception:
            log.exception("lease_not_renewed")
