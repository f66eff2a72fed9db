"""What a message carries from one component to the next: its vector, and who can classify."""

from __future__ import annotations

import base64

import numpy as np
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.sentence_encoder import shared_encoder

EMBEDDING = "embedding"
CLASSIFIER = "classifier"  # under which the intent classifier leaves itself on a message


def said(message: Message) -> str:
    """What the customer said in words: empty for a button's payload such as `/affirm`."""
    text = (message.get(TEXT) or "").strip()
    return "" if text.startswith(INTENT_MESSAGE_PREFIX) else text


def sentence_vector(message: Message) -> np.ndarray:
    """Return the general sentence vector of a message: float32 of shape (384,), of length 1.

    It is unpacked from the `embedding` which SentenceEmbedder put there (a hundredth off at most),
    and encoded only where that component is not in the pipeline.
    """
    packed = message.get(EMBEDDING)
    if packed is None:
        return shared_encoder().encode([message.get(TEXT) or ""])[0]
    vector = np.frombuffer(base64.b64decode(packed), dtype=np.int8).astype(np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1.0)
