"""Close what is solved."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, incoming
from actions.services import services
from actions.tips import give_tip
from conversation.events import SolvedConfirmed
from conversation.outcome import Ending, outcome_of
from conversation.responder import Responder, after
from handoff.feedback import ask_for_rating


class ActionConfirmSolved(Action):
    """The customer has said that the issue is solved: closes the conversation, asks the survey."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_confirm_solved"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Close as confirmed; nothing happens where somebody else answers by now."""
        message = incoming(tracker)
        now = services().clock()
        async with services().store.work() as work:
            conversation = await work.conversations.get(message.conversation_id)
            confirmed = conversation.responder is Responder.BOT
            if confirmed:
                after(conversation.responder, SolvedConfirmed())
                outcome = outcome_of(Ending(confirmed=True))
                await work.conversations.close(conversation.id, outcome, now)
                await work.timeline.record(conversation.id, "solved_confirmed", now)
                await ask_for_rating(work, services().survey_rules, conversation, outcome, now)
        dispatcher.utter_message(text="Good to know. Write here at any time.")
        if confirmed:
            await give_tip(dispatcher, message)
        return []
