"""data/remedies.yml: what it says, and what is said where it is wrong."""

from pathlib import Path

import pytest

from handoff.remedies.rules import RemedyRules, Task
from heard.settings import REMEDIES
from staff.account import Role, Staff
from store.remedy_rules import BadRemedyRules, load_remedy_rules


def written(folder: Path, text: str) -> Path:
    file = folder / "remedies.yml"
    file.write_text(text, encoding="utf-8")
    return file


def person(*roles: Role) -> Staff:
    return Staff("s1", "nia@example.com", "Nia", frozenset(roles))


def test_the_shipped_file_lets_a_lead_decide_more_than_an_agent():
    rules = load_remedy_rules(REMEDIES)
    assert all(rules.offers(task) for task in Task)
    for task in (Task.REFUND, Task.SEND_AGAIN, Task.EXTEND_RETURN):
        agent, both = person(Role.AGENT), person(Role.AGENT, Role.LEAD)
        assert 0 < rules.limit(task, agent, "EUR") < rules.limit(task, both, "EUR")


def test_amounts_are_read_to_the_cent(tmp_path: Path):
    file = written(tmp_path, "refund:\n  agent: {EUR: 19.99, GBP: 20}\n")
    rules = load_remedy_rules(file)
    agent = person(Role.AGENT)
    assert rules.limit(Task.REFUND, agent, "EUR") == 1999
    assert rules.limit(Task.REFUND, agent, "GBP") == 2000
    assert rules.limit(Task.REFUND, agent, "USD") == 0
    assert rules.decider(Task.REFUND, 1999, "EUR") == "an agent may decide that"
    assert rules.decider(Task.REFUND, 1, "USD").startswith("nobody may decide that")


def test_what_is_left_out_is_offered_to_nobody(tmp_path: Path):
    rules = load_remedy_rules(written(tmp_path, "resend: [invoice]\n"))
    assert [task for task in Task if rules.offers(task)] == [Task.INVOICE]
    assert rules == RemedyRules(resend=frozenset({Task.INVOICE}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("refunds: {}\n", "remedies.yml:1: there is no field refunds: use refund, send_again"),
        ("refund: 50\n", "refund: give roles with amounts, such as agent: {EUR: 50.00}"),
        ("refund: {boss: {EUR: 1}}\n", "there is no role boss: use agent, lead, admin"),
        ("refund: {agent: 50}\n", "agent: give currencies with amounts"),
        ("refund: {agent: {eur: 50}}\n", "eur is no code of a currency"),
        ("refund: {agent: {EUR: -1}}\n", "EUR must be an amount from 0 to"),
        ("refund: {agent: {EUR: yes}}\n", "EUR must be an amount from 0 to"),
        ("send_again: {agent: {EUR: .inf}}\n", "EUR must be an amount from 0 to"),
        ("refund: {agent: {EUR: 50.005}}\n", "EUR must be an amount in whole cents, not 50.005"),
        ("extend_return: 14\n", "give roles with days, such as {agent: 14}"),
        ("extend_return: {agent: 1.5}\n", "agent must be a whole number of days"),
        ("resend: invoice\n", "must be a list of invoice, return_label"),
        ("resend: [parcel]\n", "must be a list of invoice, return_label"),
        ("resend: [{a: b}]\n", "must be a list of invoice, return_label"),
        ("refund: [\n", "remedies.yml:"),
    ],
)
def test_a_slip_is_named_with_what_to_do(tmp_path: Path, text: str, says: str):
    with pytest.raises(BadRemedyRules) as raised:
        load_remedy_rules(written(tmp_path, text))
    assert says in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(BadRemedyRules, match="is missing: restore it"):
        load_remedy_rules(tmp_path / "none.yml")
