"""What the desk in Slack works with."""

from dataclasses import dataclass

from conversation.clock import Clock
from handoff.briefing.masked import MaskRules
from handoff.casework.verbs import Casework
from handoff.ports import Store
from handoff.queue.groups import DeskRules
from handoff.queue.staffing import Staffing
from handoff.queue.view import QueueView
from handoff.remedies.remedies import Remedies
from handoff.wakes import Live


@dataclass(frozen=True, slots=True)
class SlackParts:
    """The services behind the desk. `casework` was built with the desk name `SlackDesk.name`."""

    store: Store
    casework: Casework
    remedies: Remedies
    staffing: Staffing
    queue: QueueView
    rules: DeskRules
    live: Live
    clock: Clock
    masks: MaskRules
