"""Rasa's default pipeline as a peer: trained and asked by Rasa itself."""

from __future__ import annotations

import asyncio
import contextlib
import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Confident = Callable[[Sequence[str]], tuple[list[str], list[float]]]


def train_diet(train: tuple[list[str], list[str]], epochs: int, seed: int) -> Confident:
    """Train it on texts and labels.

    Returns: a function from texts to labels and confidences. What Rasa's pipeline leaves to
    FallbackClassifier, a threshold on the confidence, is left to the caller.
    """
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from rasa.shared.utils.io import write_yaml

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        examples = [
            Message({TEXT: " ".join(text.split()) or "?", INTENT: label})
            for text, label in zip(*train, strict=True)
        ]
        RasaYAMLWriter().dump(folder / "nlu.yml", TrainingData(examples))
        write_yaml(_config(epochs, seed), folder / "config.yml")
        with contextlib.redirect_stdout(io.StringIO()):
            model = train_nlu(
                str(folder / "config.yml"),
                str(folder / "nlu.yml"),
                str(folder),
                fixed_model_name="diet",
            )
        agent = Agent.load(model)
    loop = asyncio.new_event_loop()

    def confident(texts: Sequence[str]) -> tuple[list[str], list[float]]:
        parsed = [loop.run_until_complete(agent.parse_message(text)) for text in texts]
        intents = [one["intent"] for one in parsed]
        return [str(one["name"]) for one in intents], [float(one["confidence"]) for one in intents]

    return confident


def _config(epochs: int, seed: int) -> dict[str, Any]:
    """The pipeline which `rasa init` writes, with the parts that classify."""
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            {
                "name": "DIETClassifier",
                "epochs": epochs,
                "constrain_similarities": True,
                "random_seed": seed,
            },
        ],
    }
