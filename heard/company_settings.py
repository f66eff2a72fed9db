"""The settings of the company's own systems: its shop and its directory of customers."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from company.settings import ApiSettings


class CompanyFields(BaseSettings):
    """Part of `heard.settings.Settings`."""

    shop_url: str = Field(
        "", description="Your shop's API, see shop-api.md; empty means the demo shop's tables"
    )
    shop_token: SecretStr = Field(SecretStr(""), description="The bearer token of your shop's API")
    shop_timeout_s: float = Field(4.0, gt=0, le=9, description="For one task, its repeats included")
    directory_url: str = Field(
        "", description="Your customers' API, see shop-api.md; empty means the demo shop's tables"
    )
    directory_token: SecretStr = Field(SecretStr(""), description="Its bearer token")
    directory_timeout_s: float = Field(
        1.5, gt=0, le=9, description="For one customer; less than HEARD_CONTEXT_TIMEOUT_S"
    )
    directory_fresh_s: float = Field(
        300.0, ge=0, description="After this a customer is asked for anew"
    )

    @property
    def shop_api(self) -> ApiSettings | None:
        """The company's shop, None where there is none. Raises: ValueError saying what is wrong."""
        token = self.shop_token.get_secret_value()
        return _api("HEARD_SHOP", self.shop_url, token, self.shop_timeout_s)

    @property
    def directory_api(self) -> ApiSettings | None:
        """The company's directory, likewise. Raises: ValueError saying what is wrong."""
        token = self.directory_token.get_secret_value()
        return _api("HEARD_DIRECTORY", self.directory_url, token, self.directory_timeout_s)


def _api(name: str, url: str, token: str, timeout_s: float) -> ApiSettings | None:
    return ApiSettings(name, url, token, timeout_s) if url or token else None
