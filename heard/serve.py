"""The app process: website, desk, review, action endpoint and background work in one loop."""

import asyncio
import gc
import signal

import structlog

from heard.parent import exit_with_parent
from heard.settings import Settings
from heard.web_server import serving
from heard.wiring import Work, build

log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Serve until told to stop; ends with its parent, if that is the supervisor."""
    exit_with_parent()
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    house = build(settings)
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop.set)
    try:
        async with (
            serving(house.actions, "127.0.0.1", settings.actions_port),
            serving(house.site, settings.host, settings.port),
            asyncio.TaskGroup() as group,
        ):
            running = [group.create_task(_keep(name, work)) for name, work in house.work.items()]
            _set_aside()
            log.info("ready", address=settings.public_url, desk=settings.desk)
            await told_to_stop.wait()
            for task in running:
                task.cancel()
    finally:
        await house.close()
    log.info("stopped")


def _set_aside() -> None:
    """Leave what was loaded at the start out of every later search for garbage.

    It stays as long as the process does. Going through it again and again held up everybody for
    a quarter of a second at a time.
    """
    gc.collect()
    gc.freeze()


async def _keep(name: str, work: Work) -> None:
    """Run one piece of background work; if it breaks, say so and begin it anew."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("background_work_broke", work=name)
        await asyncio.sleep(1)
