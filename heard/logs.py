"""Logs: one event a line with its fields, never message text or tokens."""

import logging
import sys

import structlog


def set_up(*, colours: bool) -> None:
    """Send structlog's and the standard library's events to standard output in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=colours,
                    pad_event_to=24,
                    # The default one prints local variables: what customers wrote, and tokens.
                    exception_formatter=structlog.dev.plain_traceback,
                ),
            ],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.INFO)
    for quiet in ("httpx", "httpcore", "slack_bolt", "slack_sdk", "rasa_sdk", "alembic", "asyncio"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    for sanic in ("sanic.root", "sanic.server", "sanic.error", "sanic.access", "sanic.websockets"):
        logger = logging.getLogger(sanic)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)
