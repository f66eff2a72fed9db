"""What stock Rasa 3.6 does slowly or noisily, put right in one place, before Rasa is imported."""

from __future__ import annotations

import functools
import logging
import os
import re
import sys
import types
from typing import Any

import structlog

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "USE_TF": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL": "ERROR",  # also stops Rasa's progress bars, which are no lines
}


def prepare(*, serving: bool) -> None:
    """Apply all that must be in place before the first `import rasa`."""
    os.environ.update(_ENVIRONMENT)
    configure_logging()
    if serving:
        _leave_out_tensorflow({**_TRAINING_HELPERS, **_TRAINING_CHECK})


def correct() -> None:
    """Apply what changes Rasa itself; the results of its functions stay the same."""
    from bot import shortcuts
    from bot.policies import rule_table

    if not getattr(correct, "done", False):
        shortcuts.take()
        rule_table.take()
        _check_action_answers_quickly()
        correct.done = True  # type: ignore[attr-defined]


def configure_logging() -> None:
    """One line an event on stderr; Rasa's own progress is not news, its warnings are."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
        force=True,
    )
    logging.getLogger("bot").setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(_is_news)
    logging.getLogger("rasa.core.actions.action").setLevel(logging.ERROR)  # bot.channel tells
    # Rasa's structured logs are for those who write Rasa, and hold what customers said.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


_OLD_NEWS = re.compile(
    "DeprecationWarning|FutureWarning|pkg_resources"
    "|Slot auto-fill has been removed"  # a note to users of Rasa 2
    "|does not include an entity extractor trained"  # order numbers follow a pattern
    "|'RulePolicy' is not included"  # ours is one, under its own name
    "|Failed to parse arguments in line"  # quotes what a customer typed
)


def _is_news(record: logging.LogRecord) -> bool:
    """Drop what Rasa's libraries, all of their time, say about their own future."""
    return _OLD_NEWS.search(record.getMessage()) is None


class _NeedsTensorFlow:
    """Stands where Rasa expects a class of its TensorFlow components."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._refuse()

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> None:
        cls._refuse()

    @staticmethod
    def _refuse() -> None:
        raise RuntimeError(
            "This needs TensorFlow, which bot.train and bot.serve leave out. "
            "Use Rasa's own command line for it."
        )


_TRAINING_HELPERS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator", "RasaDataGenerator"),
}
# A model names the classes it was trained with, and loading it imports them all; this one knows
# every component of Rasa, and checks configurations only when a bot is trained.
_TRAINING_CHECK = {
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",)
}


def _leave_out_tensorflow(modules: dict[str, tuple[str, ...]]) -> None:
    """Spare the import of TensorFlow (half of the start), which only DIET and TED use."""
    for module, names in modules.items():
        replacement = types.ModuleType(module)
        for name in names:
            setattr(replacement, name, type(name, (_NeedsTensorFlow,), {}))
        sys.modules.setdefault(module, replacement)


def _check_action_answers_quickly() -> None:
    """Check the answers of actions as Rasa does, without checking the schema itself each time."""
    from jsonschema import ValidationError
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    stock = RemoteAction._validate_action_result

    @functools.lru_cache(maxsize=1)
    def validator() -> Any:
        schema = RemoteAction.action_response_format_spec()
        kind = validator_for(schema)
        kind.check_schema(schema)
        return kind(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        if _sets_slots_only(result) or validator().is_valid(result):
            return True
        stock(self, result)  # raises, in Rasa's words
        raise ValidationError("The action endpoint's answer is not valid.")

    RemoteAction._validate_action_result = validate


def _sets_slots_only(result: object) -> bool:
    """Tell the most frequent answer: the schema compares each event with 23 kinds of them."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    said = all(isinstance(response, dict) for response in responses)
    return said and all(isinstance(event, dict) and _sets_slot(event) for event in events)


def _sets_slot(event: dict[str, Any]) -> bool:
    at, metadata = event.get("timestamp"), event.get("metadata")
    return (
        event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        and type(at) in (int, float, type(None))
        and (metadata is None or isinstance(metadata, dict))
    )
