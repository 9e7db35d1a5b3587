"""Long work: the lock of the interpreter is free, Ctrl-C and callbacks are served, a bar is drawn."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import tenantgraph as tg

AT = "2026-05-01"
SIZE = 40_000


@pytest.fixture(scope="module")
def large() -> bytes:
    """Give a document that takes about a second to read in a debug build."""
    records = [{"record": "tenant", "id": "acme-test"}, {"record": "tenant", "id": "acme-prod"}]
    records += [{"record": "identity", "id": f"robot-{at}", "tenant": ("acme-test", "acme-prod")[at % 2]} for at in range(SIZE)]
    records += [{"record": "relation", "from": f"robot-{at}", "kind": "assumes", "to": f"robot-{at * 7919 % SIZE}"} for at in range(SIZE)]
    return "\n".join(map(json.dumps, records)).encode()


@pytest.fixture
def interrupt_soon() -> Iterator[None]:
    """Send what Ctrl-C sends, a moment after the work has begun."""
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    yield
    timer.join()


def test_ctrl_c_ends_the_work(large: bytes, interrupt_soon: None) -> None:
    with pytest.raises(KeyboardInterrupt):
        tg.read(*[large] * 60)
    # What was read before is not hurt.
    assert len(tg.read(b'{"format": "tenantgraph/1", "tenants": [{"id": "acme"}]}')) == 1


def test_another_thread_runs_while_the_library_works(large: bytes) -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    ticker = threading.Thread(target=tick)
    ticker.start()
    before = ticks
    native = tg.read(large)._native
    ticked = ticks - before
    done.set()
    ticker.join()
    assert len(native) > SIZE
    assert ticked > 10, f"the other thread came {ticked} times to its turn"


def test_one_estate_serves_many_threads(large: bytes) -> None:
    estate = tg.read(large, as_of=AT)
    with ThreadPoolExecutor(4) as pool:
        reached = {future.result() for future in [pool.submit(lambda: estate.reach().to_json()) for _ in range(4)]}
    assert len(reached) == 1


def test_progress_goes_up_and_reaches_the_end(large: bytes) -> None:
    seen: list[tuple[int, int]] = []
    tg.read(large, progress=lambda done, total: seen.append((done, total)))
    assert len(seen) > 1
    assert seen == sorted(seen)
    # Reading and joining are half of the steps each.
    assert seen[-1] == (2 * len(large), 2 * len(large))


def test_what_a_callback_raises_ends_the_work_and_is_raised_again(large: bytes) -> None:
    class EnoughError(Exception):
        pass

    calls = 0

    def stop(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        raise EnoughError

    with pytest.raises(EnoughError):
        tg.read(large, progress=stop)
    assert calls == 1


def test_a_bar_is_drawn_on_standard_error_where_it_is_asked_for(large: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    estate = tg.read(large, progress=True, as_of=AT)
    drawn = capfd.readouterr()
    assert drawn.out == ""
    assert drawn.err.startswith("\rread [")
    assert drawn.err.endswith("100%\n")
    estate.assess()
    assert capfd.readouterr() == ("", "")


def test_the_bar_ends_its_line_when_the_work_fails(large: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(tg.InvalidInputError):
        tg.read(large, b'{"format": "tenantgraph/1", "tenants": [', progress=True)
    assert capfd.readouterr().err.endswith("\n")
