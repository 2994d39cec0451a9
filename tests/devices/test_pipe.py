"""The pipe between whatever scans and the screen that answers."""

import asyncio
from collections import defaultdict
from threading import Thread

import pytest

from scanstation.devices.pipe import ScanPipe
from scanstation.domain.scan import Scan


def scans(device: str, count: int) -> list[Scan]:
    return [Scan(f"{device}-{number}", device=device) for number in range(count)]


def test_scans_put_before_anyone_listens_come_in_their_order() -> None:
    pipe = ScanPipe()
    burst = scans("gun", 20)
    for scan in burst:
        pipe.put(scan)
    assert pipe.waiting == 20

    async def take() -> list[Scan]:
        return [await pipe.next() for _ in range(20)]

    assert asyncio.run(take()) == burst
    assert pipe.waiting == 0


def test_scans_of_many_threads_all_arrive_and_none_overtakes_its_own_scanner() -> None:
    pipe = ScanPipe()
    sent = {device: scans(device, 500) for device in ("left", "right", "serial", "replay")}

    def put_all(mine: list[Scan]) -> None:
        for scan in mine:
            pipe.put(scan)

    async def take() -> dict[str, list[Scan]]:
        threads = [Thread(target=put_all, args=(mine,)) for mine in sent.values()]
        for thread in threads:
            thread.start()
        got: dict[str, list[Scan]] = defaultdict(list)
        for _ in range(2000):
            scan = await pipe.next()
            got[scan.device].append(scan)
        for thread in threads:
            thread.join()
        return got

    assert asyncio.run(asyncio.wait_for(take(), 30)) == sent


def test_a_consumer_that_sleeps_is_woken_from_another_thread() -> None:
    pipe = ScanPipe()
    scan = Scan("SN-1")

    async def take() -> Scan:
        waiting = asyncio.ensure_future(pipe.next())
        await asyncio.sleep(0)  # one turn of the loop: the consumer waits now
        assert not waiting.done()
        await asyncio.to_thread(pipe.put, scan)
        return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(take()) is scan


def test_a_cancelled_wait_loses_no_scan() -> None:
    pipe = ScanPipe()
    scan = Scan("SN-1")

    async def cancel_while_it_arrives() -> Scan:
        waiting = asyncio.ensure_future(pipe.next())
        await asyncio.sleep(0)
        pipe.put(scan)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await asyncio.wait_for(pipe.next(), 10)

    assert asyncio.run(cancel_while_it_arrives()) is scan


def test_a_second_consumer_is_refused_because_answers_would_overtake() -> None:
    pipe = ScanPipe()

    async def two() -> None:
        first = asyncio.ensure_future(pipe.next())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="one consumer"):
            await pipe.next()
        first.cancel()

    asyncio.run(two())


def test_the_pipe_outlives_the_loop_that_first_read_it() -> None:
    pipe = ScanPipe()

    async def give_up() -> None:
        waiting = asyncio.ensure_future(pipe.next())
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(give_up())
    pipe.put(Scan("SN-1"))
    assert asyncio.run(pipe.next()).text == "SN-1"
