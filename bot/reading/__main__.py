"""Read texts: `python -m bot.reading --texts IN.json --out OUT.json`.

IN is a list of texts. OUT is a list as long, with `embedding` and `frustration` of each as the
components of config.yml give them: whatever needs no trained model, so that it is the same for the
conversations of any shop.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot import corrections

_EMBEDDER = "bot.nlu.sentence_embedder.SentenceEmbedder"
_SCORER = "bot.nlu.frustration.FrustrationScorer"
_STEP = 500  # texts; then a line says how far it is


class NotReadable(Exception):
    """Nothing can be read; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read and write. Returns: the exit code, 1 after a sentence on what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bot.reading", description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="JSON: a list of texts")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    options = parser.parse_args(arguments)
    corrections.prepare(serving=True)
    try:
        texts = json.loads(options.texts.read_text(encoding="utf-8"))
        found = list(read(texts, configured(options.config)))
    except NotReadable as error:
        print(error, file=sys.stderr)
        return 1
    options.out.write_text(json.dumps(found), encoding="utf-8")
    return 0


def configured(config: Path) -> Mapping[str, Mapping[str, Any]]:
    """What config.yml says of the two components. Raises: NotReadable where it lacks one."""
    pipeline = yaml.safe_load(config.read_text(encoding="utf-8")).get("pipeline") or []
    found = {str(one["name"]): {k: v for k, v in one.items() if k != "name"} for one in pipeline}
    missing = [name for name in (_EMBEDDER, _SCORER) if name not in found]
    if missing:
        raise NotReadable(f"{config} has no {' and no '.join(missing)} in its pipeline: add it.")
    return found


def read(
    texts: Sequence[str], components: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """`embedding` (base64 of 384 signed bytes) and `frustration` (0..1) of each text."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.frustration import FrustrationScorer
    from bot.nlu.sentence_embedder import SentenceEmbedder

    storage, place = LocalModelStorage(Path()), Resource("reading")
    context = ExecutionContext(GraphSchema({}), node_name="reading")
    steps = [
        kind.create({**kind.get_default_config(), **components[name]}, storage, place, context)
        for kind, name in ((SentenceEmbedder, _EMBEDDER), (FrustrationScorer, _SCORER))
    ]
    for begin in range(0, len(texts), _STEP):
        messages = [Message({"text": text}) for text in texts[begin : begin + _STEP]]
        for step in steps:
            messages = step.process(messages)
        for message in messages:
            yield {
                "embedding": message.get("embedding") or "",
                "frustration": message.get("frustration"),
            }
        print(f"read {min(begin + _STEP, len(texts))} of {len(texts)} messages", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
