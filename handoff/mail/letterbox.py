"""Where e-mails come in: stored as they are before anybody is told that they are taken."""

from conversation.clock import Clock
from conversation.conversation import UnknownConversation
from handoff.mail.reading import header, read_head, recipients
from handoff.mail.reply_address import ReplyAddresses
from handoff.mail.source import SOURCE, key_of
from handoff.ports import Store


class Letterbox:
    """Keeps what came in for one of our conversations, for `handoff.mail.inbound`."""

    def __init__(self, store: Store, addresses: ReplyAddresses, clock: Clock) -> None:
        self._store = store
        self._addresses = addresses
        self._clock = clock

    def meant_for(self, head: bytes) -> str | None:
        """The conversation that the e-mail with these headers is for, None where there is none."""
        return self._addresses.conversation_in(recipients(read_head(head)))

    async def put(self, raw: bytes) -> bool:
        """Store a whole e-mail; the same again changes nothing.

        Returns: False where it is for no conversation of ours; nothing is kept then.
        """
        head = read_head(raw)
        conversation_id = self._addresses.conversation_in(recipients(head))
        if conversation_id is None:
            return False
        key = key_of(header(head, "message-id"), header(head, "from"), conversation_id)
        if not head.get("message-id"):
            key = key_of(raw.decode("latin-1"), "", conversation_id)
        async with self._store.work() as work:
            try:
                await work.conversations.get(conversation_id)
            except UnknownConversation:
                return False
            known = {"conversation": conversation_id, "key": key}
            await work.inbox.put(SOURCE, key, known, raw, self._clock(), thread=conversation_id)
        return True
