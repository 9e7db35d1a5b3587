"""Runs a work item a few times and prints one line of JSON about it, as `benches/src/timing.rs` does: `PEER.py FOLDER REPEATS SECONDS ITEM…`."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

#: What a peer does for an item: given the folder, what to run, and the checksum of what that gives.
Item = Callable[[Path], tuple[Callable[[], Any], Callable[[Any], list[int]]]]


def main(items: dict[str, Item]) -> None:
    """Measures the items that the command line asks for."""
    folder, repeats, seconds, *asked = sys.argv[1:]
    for name in asked:
        run, check = items[name](Path(folder))
        measure(name, run, check, int(repeats), float(seconds))
        del run, check
        gc.collect()


def measure(name: str, run: Callable[[], Any], check: Callable[[Any], list[int]], repeats: int, seconds: float) -> None:
    print(json.dumps({"begins": name}), flush=True)
    walls: list[float] = []
    processors: list[float] = []
    sums: list[list[int]] = []
    grown = None
    Path("/proc/self/clear_refs").write_text("5")
    before, began = status("VmRSS:"), time.perf_counter()
    while len(walls) < repeats and (not walls or time.perf_counter() - began < seconds):
        wall, processor = time.perf_counter(), time.process_time()
        answer = run()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
        grown = status("VmHWM:") - before if grown is None else grown
        sums.append(check(answer))
        del answer
    checksum: Sequence[int] | None = sums[0] if all(it == sums[0] for it in sums) else None
    print(json.dumps({"item": name, "seconds": walls, "processor": processors, "checksum": checksum, "grown": grown}), flush=True)


def status(line: str) -> int:
    """A line of the account of this process, in bytes."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith(line))
