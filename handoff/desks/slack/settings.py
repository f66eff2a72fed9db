"""What connects Heard to one Slack workspace."""

import re
from dataclasses import dataclass, field

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{5,}")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """A workspace's app and the channel that shows the cases.

    `retry_pause_s` is the first pause after a request from Slack could not be worked off; each
    further one is twice as long.

    Raises: ValueError saying what is wrong and where in Slack the right value stands.
    """

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    channel: str
    api_url: str = "https://slack.com/api/"
    timeout_s: int = 10
    post_every_s: float = 1.0
    retry_pause_s: float = 0.5

    def __post_init__(self) -> None:
        if not self.bot_token.startswith("xoxb-"):
            raise ValueError(
                "The Slack bot token must start with xoxb-. Copy it from the app's page "
                "«OAuth & Permissions», «Bot User OAuth Token»."
            )
        if not self.signing_secret.strip():
            raise ValueError(
                "The Slack signing secret is empty. Copy it from the app's page "
                "«Basic Information», «Signing Secret»."
            )
        if not _CHANNEL_ID.fullmatch(self.channel):
            raise ValueError(
                f"The Slack channel must be its ID, such as C0123456789, not {self.channel!r}. It "
                "stands at the end of the channel's «About» tab."
            )
