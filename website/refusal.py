"""What the website says when it cannot do what was asked: one sentence each, for the customer."""

from typing import Any

from sanic import HTTPResponse, json

MAX_TEXT = 4000
MAX_BODY_BYTES = 16 * 1024


class Refusal(Exception):
    """A request that is refused. `code` is for programs, `text` for people.

    `status` is the HTTP status. `client_id` names the message it is about, where there is one.
    """

    def __init__(
        self, code: str, text: str, status: int = 400, client_id: str | None = None
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status
        self.client_id = client_id

    @property
    def frame(self) -> dict[str, Any]:
        """The refusal as a socket frame."""
        frame = {"type": "error", "code": self.code, "text": self.text}
        return frame if self.client_id is None else {**frame, "client_id": self.client_id}

    @property
    def response(self) -> HTTPResponse:
        """The refusal as an HTTP response."""
        return json({"error": {"code": self.code, "text": self.text}}, status=self.status)


def not_json() -> Refusal:
    """The request is no JSON object."""
    return Refusal("bad_json", "This request is not a JSON object. Send one, encoded as UTF-8.")


def bad_field(name: str, rule: str, client_id: str | None = None) -> Refusal:
    """A field is missing or wrong; `rule` says what it must be."""
    return Refusal("bad_field", f"The field {name} must be {rule}.", client_id=client_id)


def bad_type(known: str) -> Refusal:
    """The frame is of no known type."""
    return Refusal("bad_type", f"The type of this frame is not known. Known are {known}.")


def wrong_content_type() -> Refusal:
    """The body is announced as something else than JSON."""
    return Refusal("wrong_content_type", "Send the body as application/json.", 415)


def too_large() -> Refusal:
    """The frame or body is over the limit."""
    kilobytes = MAX_BODY_BYTES // 1024
    return Refusal("too_large", f"This is too large. At most {kilobytes} kilobytes fit.", 413)


def empty(client_id: str) -> Refusal:
    """The message has no text."""
    return Refusal("empty", "There is nothing to send. Write a message first.", 400, client_id)


def too_long(length: int, client_id: str | None) -> Refusal:
    """The message has more characters than fit."""
    text = f"This message has {length} characters. At most {MAX_TEXT} fit, so please shorten it."
    return Refusal("too_long", text, 400, client_id)


def too_fast(wait_s: float, client_id: str | None = None) -> Refusal:
    """Too many requests in a short time."""
    seconds = max(1, round(wait_s))
    text = f"Too many messages in a short time. Try again in {seconds} s."
    return Refusal("too_fast", text, 429, client_id)


def too_many_sockets() -> Refusal:
    """The visitor has too many connections open."""
    text = "This chat is open in too many places. Close it in another tab first."
    return Refusal("too_many_sockets", text, 429)


def no_pass() -> Refusal:
    """The visitor token is missing, forged or too old."""
    return Refusal("no_pass", "This chat session is not valid. Reload the page to begin anew.", 401)


def link_over() -> Refusal:
    """A link in an e-mail is too old, or not one of ours."""
    text = (
        "This link no longer opens the chat. Reply to the e-mail, or begin a new chat on our page."
    )
    return Refusal("link_over", text, 401)


def no_hello() -> Refusal:
    """The socket's first frame is not the greeting that carries the token."""
    return Refusal("no_hello", "The first frame must be a hello with the session token.", 401)


def bad_identity() -> Refusal:
    """The company's signed customer identity cannot be trusted."""
    text = "Your sign-in could not be confirmed. Reload the page or sign in again."
    return Refusal("bad_identity", text, 401)


def identity_over() -> Refusal:
    """The company's signed customer identity has expired."""
    text = "Your sign-in has run out. Reload the page or sign in again."
    return Refusal("identity_over", text, 401)


def foreign_origin() -> Refusal:
    """The page's origin is not on the list."""
    text = "This website is not allowed to use this chat. Its address is not on the chat's list."
    return Refusal("foreign_origin", text, 403)


def unknown_conversation() -> Refusal:
    """The conversation does not exist any more."""
    text = "This conversation is no longer kept. Reload the page to begin a new one."
    return Refusal("unknown_conversation", text, 404)


def nothing_left() -> Refusal:
    """There is no conversation that the customer could take along."""
    text = "There is no chat from before you signed in that can be continued."
    return Refusal("nothing_left", text, 409)


def not_waiting() -> Refusal:
    """The customer wants to leave a queue that they are not in."""
    return Refusal("not_waiting", "You are not waiting for a person at the moment.", 409)


def bad_address() -> Refusal:
    """What was typed is no e-mail address."""
    text = "This is not a whole e-mail address. Write it like name@example.com."
    return Refusal("bad_address", text)


def no_known_address() -> Refusal:
    """The company has no address of this customer, or cannot be asked for it now."""
    text = "Your account's e-mail address cannot be read at the moment. Please type it."
    return Refusal("no_known_address", text, 409)


def nobody_to_answer() -> Refusal:
    """An address is left, but no person has the conversation."""
    text = "No person is answering here at the moment. Press “Talk to a person” first."
    return Refusal("nobody_to_answer", text, 409)


def no_survey() -> Refusal:
    """There is no survey to answer."""
    return Refusal("no_survey", "This survey is no longer open.", 409)


def not_possible(client_id: str | None = None) -> Refusal:
    """The conversation is in a state that does not allow it."""
    text = "This is not possible at the moment. Write a message instead."
    return Refusal("not_possible", text, 409, client_id)


def out_of_order(client_id: str | None = None) -> Refusal:
    """Something of ours failed; a retry may help."""
    text = "This did not work because of a fault on our side. Try again in a moment."
    return Refusal("out_of_order", text, 500, client_id)
