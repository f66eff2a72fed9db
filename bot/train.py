"""Train the bot: `python -m bot.train --out var/models/NAME.tar.gz`, from the repository's root."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import corrections

CONFIG = "config.yml"
DOMAIN = "domain.yml"
_DATA = ("data/nlu", "data/rules", "data/stories")
_started = time.monotonic()


class InvalidTrainingData(Exception):
    """The training data contradicts itself; the message lists where."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and return the exit code: 0 when the model was written."""
    options = _parse(arguments)
    corrections.prepare(serving=False)
    try:
        train(Path(options.config), Path(options.domain), options.data, Path(options.out))
    except InvalidTrainingData as error:
        print(f"The bot was not trained: {error}", file=sys.stderr)
        return 1
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--out", required=True, help="the model to write, ending in .tar.gz")
    parser.add_argument("--config", default=CONFIG)
    parser.add_argument("--domain", default=DOMAIN)
    parser.add_argument("--data", nargs="+", default=[p for p in _DATA if Path(p).is_dir()])
    options = parser.parse_args(arguments)
    if not options.out.endswith(".tar.gz"):
        parser.error(f"--out must end in .tar.gz, not {options.out}")
    return options


def train(config: Path, domain: Path, data: list[str], out: Path) -> None:
    """Check the data, train, and put the model at `out` when it is complete.

    Raises: InvalidTrainingData with what to correct.
    """
    for needed in (config, domain, *map(Path, data)):
        if not needed.exists():
            raise InvalidTrainingData(f"{needed} does not exist; run from the repository's root.")
    _say("reading Rasa")
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException
    from rasa.shared.importers.importer import TrainingDataImporter

    _say(f"checking {domain} and {', '.join(data)}")
    try:
        check(TrainingDataImporter.load_from_config(str(config), str(domain), data))
        _say("training")
        with contextlib.redirect_stdout(io.StringIO()):
            draft = rasa_train(
                str(domain),
                str(config),
                data,
                output=str(out.parent),
                fixed_model_name=f".{out.name.removesuffix('.tar.gz')}-{os.getpid()}.tar.gz",
                force_training=True,
            ).model
    except RasaException as error:
        raise InvalidTrainingData(str(error)) from error
    if draft is None:
        raise InvalidTrainingData("Rasa found nothing to train.")
    Path(draft).replace(out)
    _say(f"done: {out} ({out.stat().st_size / 1e6:.1f} MB)")


def check(importer: object) -> None:
    """Do what `rasa data validate` does, and take its warnings for errors.

    Raises: InvalidTrainingData listing all that was found.
    """
    from rasa.validator import Validator

    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        validator = Validator.from_importer(importer)
        fine = [
            validator.verify_domain_validity(),
            validator.verify_intents_in_stories(ignore_warnings=False),
            validator.verify_utterances_in_stories(ignore_warnings=False),
            validator.verify_example_repetition_in_intents(ignore_warnings=False),
            validator.verify_actions_in_stories_rules(),
            validator.verify_forms_in_stories_rules(),
            validator.verify_form_slots(),
            validator.verify_slot_mappings(),
            validator.verify_story_structure(ignore_warnings=False),
        ]
        validator.warn_if_config_mandatory_keys_are_not_set()
    complaints = sorted({str(warning.message) for warning in found})
    complaints = [c for c in complaints if not _is_beside_the_point(c, validator.domain)]
    if complaints or not all(fine):
        raise InvalidTrainingData("\n  - ".join(["the data has faults.", *complaints]))


def _is_beside_the_point(complaint: str, domain: Any) -> bool:
    """Tell Rasa's two false alarms: a note to users of Rasa 2, and questions only forms ask."""
    asked = {
        f"utter_ask_{prefix}{slot}"
        for form in domain.form_names
        for slot in domain.required_slots_for_form(form)
        for prefix in ("", f"{form}_")
    }
    unused = re.match(r"The utterance '(\w+)' is not used", complaint)
    return complaint.startswith("Slot auto-fill") or bool(unused and unused.group(1) in asked)


def _say(step: str) -> None:
    print(f"[{time.monotonic() - _started:5.1f} s] {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
