"""What the tests of single components share: a message as the pipeline would hand it on."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.message_vector import EMBEDDING
from bot.nlu.sentence_encoder import compact, shared_encoder

RESOURCE = Resource("component")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="component")


def spoken(text: str, **more: Any) -> Message:
    """A message of this text that SentenceEmbedder has read."""
    embedding = compact(shared_encoder().encode([text])[0])
    return Message({"text": text, EMBEDDING: embedding, **more})


def output(message: Message) -> dict[str, Any]:
    """What a parse would hand out of it."""
    return message.as_dict(only_output_properties=True)
