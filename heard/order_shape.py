"""The shape of the shop's order numbers, from where the bot has it."""

import re
from pathlib import Path

import yaml


def order_shape(config: Path) -> re.Pattern[str] | None:
    """The pattern that stands as `order_number` in the bot's pipeline, None where none does.

    Raises: ValueError where it is no regular expression.
    """
    pipeline = (yaml.safe_load(config.read_text(encoding="utf-8")) or {}).get("pipeline") or []
    shapes = [one["order_number"] for one in pipeline if one.get("order_number")]
    if not shapes:
        return None
    try:
        return re.compile(rf"(?<!\w)(?:{shapes[0]})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise ValueError(
            f"order_number in {config.name} must be a regular expression: {error}."
        ) from None
