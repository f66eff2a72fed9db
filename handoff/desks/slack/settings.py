"""What connects Heard to one Slack workspace."""

import re
from dataclasses import dataclass, field

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{5,}")
_APP_ID = re.compile(r"A[A-Z0-9]+")
_ADDRESS = re.compile(r"https?://[^/\s]+(/\S*)?")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """A workspace's app and the channel that shows the cases.

    With `app_token` Slack is listened to by sockets, else it calls us and `signing_secret` proves
    it. `app_id` is asked of Slack where it is "". `settle_s` is how long what a person said waits
    for what they said before. `retry_pause_s` is the first pause after a request from Slack could
    not be worked off; each further one is twice as long. `heartbeat_s`: after
    half of it again a silent socket is given up. `late_share_s`: so long a file may take to its
    place. `silence_min`: when nothing has come for so long, open threads are read again, no
    oftener. Agents' files are fetched at `files_url` and nowhere else. A customer whose page has
    not confirmed a reply `away_after_s` after it was sent is away. A home tab is shown anew by
    itself every `home_every_s`, no oftener.

    Raises: ValueError saying what is wrong and where in Slack the right value stands.
    """

    bot_token: str = field(repr=False)
    channel: str
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    app_id: str = ""
    api_url: str = "https://slack.com/api/"
    files_url: str = "https://files.slack.com"
    timeout_s: int = 10
    post_every_s: float = 1.0
    retry_pause_s: float = 0.5
    settle_s: float = 0.06
    heartbeat_s: float = 10.0
    late_share_s: float = 4.0
    silence_min: float = 10.0
    away_after_s: float = 4.0
    home_every_s: float = 5.0

    def __post_init__(self) -> None:
        if not self.bot_token.startswith("xoxb-"):
            raise ValueError(
                "HEARD_SLACK_BOT_TOKEN must start with xoxb-. Copy it from the app's page "
                "«OAuth & Permissions», «Bot User OAuth Token»."
            )
        if self.app_token and not self.app_token.startswith("xapp-"):
            raise ValueError(
                "HEARD_SLACK_APP_TOKEN must start with xapp-. Make one on the app's page "
                "«Basic Information», «App-Level Tokens», with the scope connections:write."
            )
        if not self.app_token and not self.signing_secret.strip():
            raise ValueError(
                "HEARD_SLACK_SIGNING_SECRET is empty. Copy it from the app's page "
                "«Basic Information», «Signing Secret», or set HEARD_SLACK_APP_TOKEN for Socket "
                "Mode."
            )
        if not _CHANNEL_ID.fullmatch(self.channel):
            raise ValueError(
                f"HEARD_SLACK_CHANNEL must be the channel's ID, such as C0123456789, not "
                f"{self.channel!r}. It stands at the end of the channel's «About» tab."
            )
        if self.app_id and not _APP_ID.fullmatch(self.app_id):
            raise ValueError(
                f"HEARD_SLACK_APP_ID must be one such as A0123456789, not {self.app_id!r}. It "
                "stands on the app's page «Basic Information»; left empty, Slack is asked."
            )
        for name, url in (("api_url", self.api_url), ("files_url", self.files_url)):
            if not _ADDRESS.fullmatch(url):
                raise ValueError(
                    f"HEARD_SLACK_{name.upper()} must be a whole address such as "
                    f"https://slack.com/api/, not {url!r}. Leave it out for Slack itself."
                )
