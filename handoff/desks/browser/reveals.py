"""What is masked on a case page is shown to the agent who asks for it, once, and noted."""

from collections.abc import Mapping

from sanic import HTTPResponse, Request

from handoff.case import CaseError, UnknownCase
from handoff.desks.browser.case_page import Revealed
from handoff.desks.browser.submitted import agent_of, typed
from handoff.desks.browser.verbs import Handler, Verbs


class Revealing(Verbs):
    """Reveal."""

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """The handlers by the last part of their path."""
        return {"reveal": self.reveal}

    async def reveal(self, request: Request, case_id: str) -> HTTPResponse:
        """Show what stands behind a token."""
        sent = typed(request, "reveal", "token")
        token = sent.fields["token"]
        try:
            text = await self._casework.reveal(case_id, agent_of(request), token)
        except UnknownCase:
            raise
        except CaseError as error:
            return await self._page.whole(request, case_id, status=409, problem=str(error))
        return await self._page.whole(request, case_id, revealed=Revealed(token, text))
