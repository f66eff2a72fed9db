"""The files below data/ that the app reads at the start, and what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from heard.settings import CUSTOMER_FIELDS, DESK, HANDOFF, PERSONAS, REMEDIES, SURVEYS
from store.customer_fields import load_customer_fields
from store.desk_rules import load_desk_rules
from store.handoff_rules import load_handoff_rules
from store.personas import load_personas
from store.remedy_rules import load_remedy_rules
from store.survey_rules import load_survey_rules


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file, what it holds in words, and what reads it."""

    what: str
    file: Path
    load: Callable[[Path], object]

    @property
    def slip(self) -> str | None:
        """What is wrong and what to do, a line each; None where it can be read."""
        try:
            self.load(self.file)
        except ValueError as error:
            return str(error)
        return None


DATA_FILES = (
    DataFile("The surveys' rules", SURVEYS, load_survey_rules),
    DataFile("The rules of offers and handoffs", HANDOFF, load_handoff_rules),
    DataFile("The rules of the desk", DESK, load_desk_rules),
    DataFile("The list of what may be known of a customer", CUSTOMER_FIELDS, load_customer_fields),
    DataFile("The limits of what agents may do in the shop", REMEDIES, load_remedy_rules),
    DataFile("The rules of personas", PERSONAS, load_personas),
)
