"""The only composition root: builds every part from the settings and joins them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sanic import Sanic

from actions.endpoint import action_app
from actions.services import Services
from conversation.article import Articles
from conversation.clock import Clock, utc_now
from conversation.survey_rules import SurveyRules
from handoff.briefing.briefing import Briefer
from handoff.casework.verbs import Casework
from handoff.delivery.outbox import Dispatcher
from handoff.delivery.retention import Retention
from handoff.desk import Desk
from handoff.desks.browser.desk import BrowserDesk
from handoff.desks.browser.files import file_pages
from handoff.desks.browser.pages import blueprint as desk_pages
from handoff.desks.browser.parts import DeskParts
from handoff.desks.slack.build import slack_desk
from handoff.desks.slack.parts import SlackParts
from handoff.digests.editor import Rounds
from handoff.handoffs import Handoffs
from handoff.mail.build import Mail, mail
from handoff.promises.callbacks import Callbacks
from handoff.promises.watch import Watch
from handoff.queue.staffing import Staffing
from handoff.queue.view import QueueView
from handoff.remedies.remedies import Remedies
from handoff.returns import Returns
from heard.effort.versions import weights_named
from heard.errors import plain_errors
from heard.health import add_health
from heard.services import digest_editor, mask_rules
from heard.settings import (
    CUSTOMER_FIELDS,
    DESK,
    HANDOFF,
    PERSONAS,
    REMEDIES,
    ROOT,
    SURVEYS,
    Settings,
)
from heard.systems import Systems, systems
from review.digests import blueprint as digest_pages
from review.pages import blueprint as review_pages
from staff.door import StaffDoor
from store.articles import read_articles
from store.customer_fields import load_customer_fields
from store.database import connect
from store.desk_rules import load_desk_rules
from store.handoff_rules import load_handoff_rules
from store.history import SqlHistory
from store.live import LocalLive
from store.personas import load_personas
from store.remedy_rules import load_remedy_rules
from store.store import SqlStore
from store.survey_rules import load_survey_rules
from website.bot_client import BotClient
from website.chat_page import links_to
from website.idle import Idle
from website.lookout import Lookout
from website.site import Site
from website.site import blueprint as site_pages
from website.turn import Turns

log = structlog.get_logger()

ARTICLES = ROOT / "data" / "articles"

Work = Callable[[], Awaitable[None]]


@dataclass
class House:
    """Everything that one app process runs. `work` runs for as long as the process does."""

    store: SqlStore
    bot: BotClient
    site: "Sanic[Any, Any]"
    actions: "Sanic[Any, Any]"
    company: Systems
    work: dict[str, Work]

    async def close(self) -> None:
        """Close what holds connections."""
        await self.bot.close()
        await self.company.close()
        await self.store.close()


def build(settings: Settings, clock: Clock = utc_now) -> House:
    """Build the house. Nothing runs and nothing is connected before it is started."""
    live = LocalLive()
    store = SqlStore(connect(settings.database), live)
    company = systems(settings, store, clock)
    fields = frozenset(field.name for field in load_customer_fields(CUSTOMER_FIELDS))
    briefer = Briefer(
        company.directory,
        company.shop,
        settings.context_timeout_s,
        history=SqlHistory(store),
        fields=fields,
        clock=clock,
        fresh_for=timedelta(seconds=settings.context_fresh_s),
        rules=load_personas(PERSONAS),
    )
    handoff_rules, desk_rules = load_handoff_rules(HANDOFF), load_desk_rules(DESK)
    handoffs = Handoffs(store, briefer, clock, desk_rules)
    bot = BotClient(
        f"http://127.0.0.1:{settings.bot_port}",
        settings.bot_token.get_secret_value(),
        settings.bot_timeout_s,
    )
    returns = Returns(clock, settings.reopen_for)
    callbacks = Callbacks(store, clock, by_email=settings.mail is not None)
    turns = Turns(store, bot, handoffs, clock, returns, callbacks)
    door = StaffDoor(store, clock, settings.public_url.startswith("https"), settings.company)
    browser = BrowserDesk(live)
    idle = Idle(store, clock, timedelta(minutes=settings.idle_close_min))

    articles, survey_rules = _articles(), load_survey_rules(SURVEYS)
    site = _app("heard_site", settings.proxies, door)
    site.blueprint(door.blueprint)
    site.blueprint(
        site_pages(
            _site(
                settings,
                store,
                live,
                turns,
                handoffs,
                clock,
                articles,
                survey_rules,
                company,
                fields,
            )
        )
    )
    site.blueprint(file_pages(door, store))
    site.blueprint(review_pages(door, store, clock, survey_rules))
    add_health(site, store, bot)

    masks = mask_rules(settings)
    casework = Casework(store, settings.desk, clock, survey_rules, desk_rules, masks)
    watch = Watch(store, casework, callbacks, desk_rules, clock)
    work: dict[str, Work] = {"turns": turns.run, "idle": idle.run, "watch": watch.run}
    work["lookout"] = Lookout(store, live, handoffs.waits).run
    keep = timedelta(days=settings.inbox_keep_days)
    work["retention"] = Retention(store, clock, keep).run
    desk: Desk = browser
    staffing = Staffing(store, desk_rules, clock)
    remedies = Remedies(store, company.shop, casework, clock, load_remedy_rules(REMEDIES))
    queue = QueueView(store, desk_rules, clock, partial(masks.of_desk, settings.desk))
    if settings.desk == "slack":
        at_slack = (store, casework, remedies, staffing, queue, desk_rules, live, clock, masks)
        slack = slack_desk(settings.slack(), SlackParts(*at_slack))
        if slack.blueprint is not None:
            site.blueprint(slack.blueprint)
        desk, work["slack"] = slack.desk, slack.run
    parts = (store, casework, remedies, staffing, queue, desk_rules, live, clock, settings.desk)
    site.blueprint(desk_pages(DeskParts(door, *parts, masks)))
    if (letters := _mail(settings, store, handoffs, returns, live, clock)) is not None:
        work |= letters.work
        if letters.blueprint is not None:
            site.blueprint(letters.blueprint)
    editor = digest_editor(settings, store, desk_rules, clock, masks)
    site.blueprint(digest_pages(door, editor))
    work["digests"] = Rounds(store, desk, editor, desk_rules, clock).run
    work["outbox"] = Dispatcher(
        store, desk, live, clock, settings.public_url, desk_rules, masks
    ).run

    services = Services(
        store,
        handoffs,
        briefer,
        company.shop,
        weights_named(settings.effort_weights),
        clock,
        articles,
        languages=settings.served_languages,
        survey_rules=survey_rules,
        shadow=weights_named(settings.effort_shadow) if settings.effort_shadow else None,
        handoff_rules=handoff_rules,
        desk_rules=desk_rules,
    )
    actions = action_app(services, settings.actions_token.get_secret_value())
    return House(store, bot, site, actions, company, work)


def _mail(
    settings: Settings,
    store: SqlStore,
    handoffs: Handoffs,
    returns: Returns,
    live: LocalLive,
    clock: Clock,
) -> Mail | None:
    """E-mail, where the settings connect it."""
    if (post := settings.mail) is None:
        return None
    secret = settings.secret_key.get_secret_value()
    links = links_to(settings.public_url, secret, post.link_lasts)
    company = settings.company
    return mail(
        post, store, handoffs, returns, live, clock, company=company, secret=secret, links=links
    )


def _app(name: str, proxies: int, door: StaffDoor) -> "Sanic[Any, Any]":
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 12_000_000  # beyond it the connection ends without a sentence
    app.config.WEBSOCKET_MAX_SIZE = 64 * 1024
    app.config.PROXIES_COUNT = proxies or None
    app.config.FALLBACK_ERROR_FORMAT = "auto"
    app.config.OAS = False
    plain_errors(app, door)
    return app


def _site(
    settings: Settings,
    store: SqlStore,
    live: LocalLive,
    turns: Turns,
    handoffs: Handoffs,
    clock: Clock,
    articles: Articles,
    survey_rules: SurveyRules,
    company: Systems,
    fields: frozenset[str],
) -> Site:
    return Site(
        store=store,
        directory=company.directory,
        live=live,
        turns=turns,
        handoffs=handoffs,
        clock=clock,
        company=settings.company,
        secret=settings.secret_key.get_secret_value(),
        identity_key=settings.identity_key.get_secret_value(),
        origins=settings.allowed_origins,
        demo=settings.demo,
        articles=articles,
        survey_rules=survey_rules,
        keeps=fields,
        by_email=settings.mail is not None,
        link_after_close=timedelta(days=settings.mail_link_closed_days),
        touchpoints_token=settings.touchpoints_token.get_secret_value(),
    )


def _articles() -> Articles:
    """Those that can be read: one with a slip in it must not keep the others from customers."""
    articles, problems = read_articles(ARTICLES)
    for problem in problems:
        log.error("article_left_out", file=problem.file, line=problem.line, problem=problem.text)
    return articles
