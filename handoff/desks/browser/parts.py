"""What the pages of the browser desk work with."""

from dataclasses import dataclass, field

from conversation.clock import Clock
from handoff.casework import Casework
from handoff.groups import DeskRules
from handoff.masked import MaskRules
from handoff.ports import Store
from handoff.queue_view import QueueView
from handoff.remedies import Remedies
from handoff.staffing import Staffing
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
