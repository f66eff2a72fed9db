"""What agents do with a case, as they would say it. Every verb is one transaction."""

from handoff.casework.endings import Endings
from handoff.casework.owners import Owners
from handoff.casework.replies import Replies
from handoff.casework.reveals import Reveals


class Casework(Owners, Replies, Reveals, Endings):
    """The agents' verbs: who has a case, what is said in it, how it ends and goes on.

    Doing the same again changes nothing, so that whatever came in may be tried once more. `via`
    names the desk an action came from, so that it is not echoed there.
    Raises, everywhere: UnknownCase, CaseClosed, CaseError where the person is no agent.
    """
