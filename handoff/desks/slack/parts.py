"""What the desk in Slack works with."""

from dataclasses import dataclass

from conversation.clock import Clock
from handoff.casework import Casework
from handoff.groups import DeskRules
from handoff.masked import MaskRules
from handoff.ports import Store
from handoff.queue_view import QueueView
from handoff.remedies import Remedies
from handoff.staffing import Staffing
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
