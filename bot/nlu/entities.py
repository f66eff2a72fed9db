"""What a message names: orders, parcels, people's addresses, days, sums of money, products."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import entity_dates as dates
from bot.nlu import entity_numbers as numbers
from bot.nlu import entity_places as places
from bot.nlu.entity_spans import Finder, Span
from bot.nlu.message_vector import said
from bot.nlu.product_names import ProductNames, read_names

_RECORD = "products.json"
_LONGEST_MESSAGE = 2000
# In this order: what an earlier one has found is nothing else, so that digits within a telephone
# number are no order. A postcode within an address is both.
_FINDERS: tuple[Finder, ...] = (
    numbers.links,
    numbers.emails,
    numbers.tracking_numbers,
    dates.iso_dates,
    places.addresses,
    places.uk_postcodes,
    places.postcodes,
    numbers.phones,
    dates.dates_in_figures,
    dates.dates_in_words,
    dates.days_of_the_month,
    dates.named_days,
    numbers.amounts,
)
_NESTED = {("postcode", "address")}


def spans(
    text: str, products: ProductNames | None = None, own_orders: Finder | None = None
) -> list[Span]:
    """Find everything that a text names, in the order of the text.

    Values: e-mail addresses in small letters; telephone numbers as digits with a leading + where
    the country is given; amounts as "219.00 EUR", without a currency where none is said; dates as
    ISO 8601, `--12-03` without a year, `---03` for a day of the month alone, and relative ones in
    plain words ("last tuesday"); postcodes in capitals; products as the shop calls them.

    `own_orders` finds order numbers of the shop's own shape; else four to six digits are one.
    """
    finders = [*_FINDERS, numbers.order_numbers] if own_orders is None else [own_orders, *_FINDERS]
    if products is not None:
        finders.append(products.find)
    found: list[Span] = []
    for finder in finders:
        found += [span for span in finder(text[:_LONGEST_MESSAGE]) if _is_free(span, found)]
    return sorted((span for span in found if span.entity), key=lambda span: span.start)


def _is_free(span: Span, taken: list[Span]) -> bool:
    return not any(
        span.overlaps(other) and (span.entity, other.entity) not in _NESTED for other in taken
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatternEntities(GraphComponent, EntityExtractorMixin):
    """Finds entities by patterns, and products by their names in the shop.

    Training reads the names and learns from the training sentences which words only look like
    misspelt names.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        where: Resource,
        products: ProductNames,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = where
        self._products = products
        pattern = config.get("order_number")
        self._own_orders = numbers.own_order_numbers(pattern) if pattern else None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`products`: the shop's file with a list "products" of objects with a "name", or null.

        `order_number`: the shape of the shop's order numbers as a regular expression; null means
        four to six digits.
        """
        return {"products": None, "order_number": None}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Check the pattern. Raises: InvalidConfigException where it is no regular expression."""
        try:
            re.compile(config.get("order_number") or "")
        except (re.error, TypeError) as error:
            raise InvalidConfigException(
                f"order_number of PatternEntities must be a regular expression: {error}."
            ) from error

    @staticmethod
    def required_packages() -> list[str]:
        """Packages which must be installed for this component to run."""
        return ["rapidfuzz"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa trains anew when the products' names have changed."""
        return json.dumps(_names({**cls.get_default_config(), **config}))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternEntities:
        """Build the component for training. Raises: InvalidConfigException, see above."""
        cls.validate_config(config)
        return cls(config, model_storage, resource, ProductNames(()))

    def train(self, training_data: TrainingData) -> Resource:
        """Read the products.

        Raises: InvalidConfigException when their file cannot be read.
        """
        names = _names(self._config)
        sentences = [example.get(TEXT) or "" for example in training_data.training_examples]
        self._products = ProductNames.learnt(names, sentences)
        record = {"names": names, "common": sorted(self._products.common)}
        with self._storage.write_to(self._resource) as directory:
            (directory / _RECORD).write_text(json.dumps(record), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PatternEntities:
        """Build the component of a trained bot."""
        with model_storage.read_from(resource) as directory:
            record = json.loads((directory / _RECORD).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, ProductNames(**record))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            found = [self._entity(span) for span in self._spans(message)]
            message.set(
                ENTITIES,
                [*(message.get(ENTITIES) or []), *self.add_extractor_name(found)],
                add_to_output=True,
            )
        return messages

    def _spans(self, message: Message) -> list[Span]:
        if not said(message):
            return []
        return spans(message.get(TEXT), self._products, self._own_orders)

    @staticmethod
    def _entity(span: Span) -> dict[str, Any]:
        return {"entity": span.entity, "start": span.start, "end": span.end, "value": span.value}


def _names(config: dict[str, Any]) -> list[str]:
    return read_names(Path(config["products"])) if config["products"] else []
