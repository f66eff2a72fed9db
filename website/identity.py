"""Who is writing: the company's signed customer identity, and our own visitor tokens."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import jwt

from website.refusal import bad_identity, identity_over, no_pass

AUDIENCE = "heard"
_VISITOR_AUDIENCE = "heard-visitor"
_LINK_AUDIENCE = "heard-link"
_ALGORITHM = "HS256"
_MAX_TOKEN = 4096
_MAX_CUSTOMER_ID = 64
_CLOCK_SKEW = timedelta(seconds=30)
_ANONYMOUS_LASTS = timedelta(days=90)
_CUSTOMER_LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a visitor token says: who holds it, as which customer, and the one conversation.

    `customer_id` is None for an anonymous visitor. `by_link`: whoever holds it came by a link in
    an e-mail. It opens that conversation alone, and does not say who they are.
    """

    visitor_id: str
    customer_id: str | None
    conversation_id: str
    by_link: bool = False


def anonymous_visitor() -> str:
    """A visitor id nobody else has."""
    return str(uuid4())


def visitor_of(customer_id: str) -> str:
    """The visitor id of a verified customer: the same on each of their devices, nobody else's."""
    return str(uuid5(uuid5(NAMESPACE_URL, "heard:customer"), customer_id))


def verified_customer(token: str, key: str, now: datetime) -> str:
    """The customer id in the company's identity: a JWT, HS256, with sub, exp and aud "heard".

    Raises: Refusal where it is forged, malformed, for another audience, or has expired.
    """
    claims = _claims(token, key, AUDIENCE, ["sub", "exp", "aud"])
    if claims is None:
        raise bad_identity()
    customer_id, expires = claims["sub"], claims["exp"]
    if not isinstance(customer_id, str) or not 0 < len(customer_id) <= _MAX_CUSTOMER_ID:
        raise bad_identity()
    if _is_over(expires, now - _CLOCK_SKEW):
        raise identity_over()
    return customer_id


def sign_identity(customer_id: str, key: str, now: datetime, lasts: timedelta) -> str:
    """An identity as the company's site would sign it: for the demo shop, and as the example."""
    claims = {"sub": customer_id, "aud": AUDIENCE, "exp": int((now + lasts).timestamp())}
    return jwt.encode(claims, key, _ALGORITHM)


def seal(held: Pass, secret: str, now: datetime) -> str:
    """The visitor token for `held`. A verified customer's runs out sooner: devices are shared."""
    shared = held.customer_id is not None or held.by_link
    lasts = _CUSTOMER_LASTS if shared else _ANONYMOUS_LASTS
    expires = int((now + lasts).timestamp())
    return jwt.encode({**asdict(held), "aud": _VISITOR_AUDIENCE, "exp": expires}, secret)


def unseal(token: str, secret: str, now: datetime) -> Pass:
    """What the visitor token says.

    Raises: Refusal where it is forged, malformed or too old.
    """
    held = _held(token, secret, _VISITOR_AUDIENCE, now)
    if held is None:
        raise no_pass()
    return held


def seal_link(held: Pass, secret: str, until: datetime) -> str:
    """What a link in an e-mail carries: it opens this conversation until then."""
    claims = {**asdict(replace(held, by_link=True)), "aud": _LINK_AUDIENCE}
    return jwt.encode({**claims, "exp": int(until.timestamp())}, secret)


def unseal_link(token: str, secret: str, now: datetime) -> Pass | None:
    """The pass that a link gives, None where it is forged or over."""
    return _held(token, secret, _LINK_AUDIENCE, now)


def _held(token: str, secret: str, audience: str, now: datetime) -> Pass | None:
    claims = _claims(token, secret, audience, ["exp", "aud"])
    if claims is None or _is_over(claims["exp"], now):
        return None
    customer_id = claims.get("customer_id")
    try:
        return Pass(
            visitor_id=str(UUID(claims["visitor_id"])),
            customer_id=None if customer_id is None else str(customer_id),
            conversation_id=str(UUID(claims["conversation_id"])),
            by_link=claims.get("by_link") is True,
        )
    except (KeyError, ValueError, AttributeError, TypeError):
        return None


def _claims(token: str, key: str, audience: str, required: list[str]) -> dict[str, Any] | None:
    if not key or len(token) > _MAX_TOKEN:
        return None
    # The expiry is checked against our own clock, which tests can set.
    options: Any = {"require": required, "verify_exp": False, "verify_iat": False}
    try:
        return jwt.decode(token, key, [_ALGORITHM], options=options, audience=audience)
    except (jwt.InvalidTokenError, UnicodeError, RecursionError):
        return None


def _is_over(expires: object, now: datetime) -> bool:
    numeric = isinstance(expires, int | float) and not isinstance(expires, bool)
    return not numeric or float(expires) <= now.timestamp()  # type: ignore[arg-type]
