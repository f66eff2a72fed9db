"""Which shop and which directory of customers are used: the demo shop's tables, or a company's."""

from dataclasses import dataclass
from datetime import timedelta

from company.api import CompanyApi
from company.http_directory import HttpDirectory
from company.http_shop import HttpShop
from company.settings import ApiSettings
from conversation.clock import Clock
from conversation.customer import CustomerDirectory
from conversation.shop import Shop
from heard.settings import Settings
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore


@dataclass(frozen=True, slots=True)
class Systems:
    """The company's systems, and the connections to them."""

    shop: Shop
    directory: CustomerDirectory
    apis: tuple[CompanyApi, ...]

    async def close(self) -> None:
        """Close the connections."""
        for api in self.apis:
            await api.close()


def open_api(where: ApiSettings) -> CompanyApi:
    """The API that the settings name; nothing is connected yet."""
    return CompanyApi(where.url, where.token, where.timeout_s)


def systems(settings: Settings, store: SqlStore, clock: Clock) -> Systems:
    """The systems that the settings name; what they do not name is in our own tables."""
    shop: Shop = SqlShop(store, clock, round(settings.refund_limit * 100))
    directory: CustomerDirectory = SqlDirectory(store)
    apis: list[CompanyApi] = []
    if settings.shop_api is not None:
        apis.append(open_api(settings.shop_api))
        shop = HttpShop(apis[-1])
    if settings.directory_api is not None:
        apis.append(open_api(settings.directory_api))
        directory = HttpDirectory(apis[-1], clock, timedelta(seconds=settings.directory_fresh_s))
    return Systems(shop, directory, tuple(apis))
