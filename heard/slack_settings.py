"""The settings of Slack: the app, the channel, and how fast it is used."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from handoff.desks.slack.settings import SlackSettings

_SLACK = ("slack.com", "slack-gov.com")


class SlackFields(BaseSettings):
    """Part of `heard.settings.Settings`."""

    slack_bot_token: SecretStr = Field(SecretStr(""), description="xoxb-... of the Slack app")
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="Its signing secret; needed unless an app token is set"
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="xapp-...: listen by Socket Mode, without a public address"
    )
    slack_app_id: str = Field("", description="A...; empty means that Slack is asked")
    slack_channel: str = Field("", description="The id of the support channel, C...")
    slack_files_url: str = Field(
        "", description="Where Slack keeps agents' files; empty: beside its Web API"
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Slack's Web API; its other addresses follow from it"
    )
    slack_timeout_s: int = Field(10, ge=1, le=60, description="For one call of Slack's Web API")
    slack_post_every_s: float = Field(
        1.0, gt=0, description="At least so long between two posts in a channel: Slack allows 1.0"
    )
    slack_settle_s: float = Field(
        0.06, ge=0, le=5, description="So long an agent's reply waits for one written before it"
    )

    def slack(self) -> SlackSettings:
        """What connects the Slack desk. Raises: ValueError saying what is wrong."""
        return SlackSettings(
            bot_token=self.slack_bot_token.get_secret_value(),
            signing_secret=self.slack_signing_secret.get_secret_value(),
            app_token=self.slack_app_token.get_secret_value(),
            app_id=self.slack_app_id,
            channel=self.slack_channel,
            api_url=self.slack_api_url,
            files_url=self.slack_files_url or _files_beside(self.slack_api_url),
            timeout_s=self.slack_timeout_s,
            post_every_s=self.slack_post_every_s,
            settle_s=self.slack_settle_s,
        )


def _files_beside(api_url: str) -> str:
    """Where the files are: a host of their own at Slack, the same one anywhere else."""
    where = urlsplit(api_url)
    if where.netloc in _SLACK:
        return f"https://files.{where.netloc}"
    return f"{where.scheme}://{where.netloc}"
