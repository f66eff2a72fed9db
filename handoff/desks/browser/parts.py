"""What the pages of the browser desk work with."""

from dataclasses import dataclass, field

from conversation.clock import Clock
from handoff.briefing.masked import MaskRules
from handoff.casework.verbs import Casework
from handoff.ports import Store
from handoff.queue.groups import DeskRules
from handoff.queue.staffing import Staffing
from handoff.queue.view import QueueView
from handoff.remedies.remedies import Remedies
from handoff.wakes import Live
from staff.door import StaffDoor


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The services behind the forms. `chosen`: the name of the desk where cases are announced."""

    door: StaffDoor
    store: Store
    casework: Casework
    remedies: Remedies
    staffing: Staffing
    queue: QueueView
    rules: DeskRules
    live: Live
    clock: Clock
    chosen: str
    masks: MaskRules = field(default_factory=MaskRules)
