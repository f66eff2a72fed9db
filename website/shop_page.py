"""The page at the root: a demo shop with the widget in it, or how to put the widget on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request, html, redirect
from sanic.exceptions import NotFound

from conversation.clock import Clock
from conversation.customer import Customer
from store.store import SqlStore
from website.account import Account, read_account
from website.identity import sign_identity
from website.orders import in_a_line

_HERE = Path(__file__).parent
_IDENTITY_LASTS = timedelta(hours=1)
DEMO_IDS = "demo-"  # customers of any other id are real people, whom nobody may sign in as


@dataclass(frozen=True, slots=True)
class Product:
    """A product on the demo page. `art` names the drawing."""

    name: str
    about: str
    price: str
    art: str


PRODUCTS = (
    Product("Ridge 2 tent", "Two people, three seasons, 1.9 kg", "€299", "tent"),
    Product("Waterproof jacket", "Three layers, taped seams", "€159", "jacket"),
    Product("Hiking boots", "Full leather, can be resoled", "€169", "boots"),
    Product("Rucksack, 45 l", "For three days out", "€139", "rucksack"),
    Product("Camping stove", "Boils a litre in four minutes", "€64", "stove"),
    Product("Head torch", "400 lumens, charges by USB", "€44", "torch"),
)


@dataclass(frozen=True, slots=True)
class Shopper:
    """A demo customer one can sign in as, and what their orders are good for trying out."""

    customer: Customer
    orders: str


class ShopPage:
    """The page at the root. Only the demo lets anybody sign in as a customer."""

    def __init__(
        self, store: SqlStore, clock: Clock, company: str, identity_key: str, *, demo: bool
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._identity_key = identity_key
        self._demo = demo
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_route(self._show, "/", name="shop")
        blueprint.add_route(self._show_account, "/account", name="shop_account")
        blueprint.static("/shop", _HERE / "shop", name="shop_files", use_modified_since=True)

    async def _show(self, request: Request) -> HTTPResponse:
        if not self._demo:
            return self._page("embed.html", server=f"{request.scheme}://{request.host}")
        shoppers = await self._shoppers()
        wanted = request.args.get("as")
        chosen = next((s for s in shoppers if s.customer.id == wanted), None)
        if wanted is not None and chosen is None:
            return redirect("/")
        return self._page(
            "shop.html",
            shoppers=shoppers,
            chosen=chosen,
            account=await self._account(chosen.customer) if chosen else None,
            identity=self._identity(chosen),
            products=PRODUCTS,
        )

    async def _show_account(self, request: Request) -> HTTPResponse:
        """The account alone, for the page that is open already."""
        wanted = request.args.get("as") or ""
        if self._demo and wanted.startswith(DEMO_IDS):
            async with self._store.read() as work:
                customer = await work.shop.customer(wanted)
            if customer is not None:
                return self._page("_account.html", account=await self._account(customer))
        raise NotFound("There is no such demo customer.")

    async def _account(self, customer: Customer) -> Account:
        async with self._store.read() as work:
            return await read_account(work, customer, self._clock().date())

    async def _shoppers(self) -> Sequence[Shopper]:
        today = self._clock().date()
        async with self._store.read() as work:
            return [
                Shopper(one, in_a_line(await work.shop.orders_of(one.id), today))
                for one in await work.shop.customers()
                if one.id.startswith(DEMO_IDS)
            ]

    def _identity(self, chosen: Shopper | None) -> str | None:
        if chosen is None:
            return None
        return sign_identity(chosen.customer.id, self._identity_key, self._clock(), _IDENTITY_LASTS)

    def _page(self, name: str, **shown: object) -> HTTPResponse:
        text = self._templates.get_template(name).render(company=self._company, **shown)
        return html(text, headers={"cache-control": "no-store"})
