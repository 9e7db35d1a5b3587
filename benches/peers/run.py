"""Runs the library and its peers in turn on the same seeded data, checks that they answer alike, and prints how they compare.

`make bench-peers SIZE=small|medium|large` builds what this needs; `run.py --help` says what can be left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import queue
import subprocess
import sys
import threading
import time
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
PRODUCT = "tenantgraph"
#: Who runs what, and how often the library must be faster than a peer.
ITEMS: dict[str, tuple[str, dict[str, float]]] = {
    "compile": ("W1a compile", {"petgraph": 1.5}),
    "read": ("W1b read", {"duckdb": 3}),
    "reach": ("W2 reach", {"scipy": 4}),
    "matrix": ("W3 matrix", {"numpy": 10, "scipy": 80}),
    "blast_radius": ("W4 blast radius", {"scipy": 80}),
    "choke_points": ("W5a choke points", {"igraph": 15}),
    "cut": ("W5b minimum cut", {"scipy": 16}),
    "rotation": ("W6 rotation", {"numpy": 5}),
    "reach_call": ("W2 asked", {}),
    "matrix_call": ("W3 asked", {}),
    "blast_radius_call": ("W4 asked, of all secrets together", {}),
    "rotation_call": ("W6 asked", {}),
    "reach_columns": ("W2 asked, as columns", {}),
    "rotation_columns": ("W6 asked, as columns", {}),
}
#: How often the library and its packages take turns at what both are asked: less lies between them than between two minutes of a shared machine.
ROUNDS = 2
#: What the packages are asked, and the library through the door that they use; the library runs first and writes what they read.
BOUND = [item for item in ITEMS if item.endswith(("_call", "_columns"))]
PEERS: dict[str, list[str]] = {
    PRODUCT: list(ITEMS),
    "petgraph": ["compile", "read", "reach", "matrix", "blast_radius", "choke_points", "cut"],
    "numpy": ["matrix", "rotation"],
    "scipy": ["compile", "reach", "matrix", "blast_radius", "cut"],
    "duckdb": ["read", "rotation"],
    "polars": ["read", "rotation"],
    "igraph": ["compile", "matrix", "choke_points", "cut"],
    "rustworkx": ["compile", "reach", "matrix"],
    "networkx": ["compile", "reach", "matrix"],
    "python": [*BOUND],
    "node": [*BOUND],
}
#: The text of ten million entities is not written, and only the library is run on them unless peers are named.
NOT_LARGE = ["read"]


def main() -> int:
    arguments = parsed()
    names = arguments.peers or ([PRODUCT] if arguments.size == "large" else list(PEERS))
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    report = {"size": arguments.size, "date": time.strftime("%Y-%m-%d"), "machine": machine(), "versions": versions(), "found": found}
    # Item by item, so that what is compared ran at nearly the same time: a shared machine is faster in one minute than in the next.
    for item in arguments.items:
        those = [name for name in names if item in PEERS[name] and (arguments.size != "large" or item not in NOT_LARGE)]
        for name in those * (ROUNDS if item in BOUND else 1):
            found[name][item] = joined(found[name].get(item), Runner(name, arguments).run(item))
            # What was measured stays, whatever happens to the rest.
            arguments.output.write_text(json.dumps(report, indent=1) + "\n")
    for name in names:
        if "seconds" in found[name].get("compile", {}):
            found[name]["compile"]["grown"] = Runner(name, arguments).grown()
    arguments.output.write_text(json.dumps(report, indent=1) + "\n")
    print(f"Size {arguments.size}, median of {arguments.repeats} runs, {report['date']}, {report['machine']}.\n")
    print("\n".join(table(found, arguments.clock)))
    print("\n".join(memory(found, (arguments.data / "from.u32").stat().st_size // 4)))
    wrong = unequal(found)
    print("\n".join(wrong) or "Every answer is the same in all that gave one.")
    return 1 if wrong else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", choices=["small", "medium", "large"])
    parser.add_argument("data", type=Path, help="the folder that `arrays` wrote")
    parser.add_argument("programs", type=Path, help="the folder of the built `product` and `petgraph`")
    parser.add_argument("output", type=Path, help="where the whole result goes, as JSON")
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), help="who to run")
    parser.add_argument("--items", nargs="+", choices=list(ITEMS), default=list(ITEMS), help="what to run")
    parser.add_argument(
        "--clock", choices=["seconds", "processor"], default="seconds", help="what the table shows: on a busy machine processor time"
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--limit", type=int, default=60, help="the seconds after which an item is not run once more; after twice as many it is given up"
    )
    return parser.parse_args()


class Runner:
    """One peer in a process of its own, which tells of each item when it begins and when it is done."""

    #: How many times the limit it may take to get ready, and all runs of an item together: the last one begins within the limit.
    READY = 10
    RUNS = 2

    def __init__(self, name: str, arguments: argparse.Namespace) -> None:
        self.name = name
        self.limit: int = arguments.limit
        programs = {PRODUCT: [str(arguments.programs / "product")], "petgraph": [str(arguments.programs / "petgraph")]}
        programs["node"] = ["node", str(HERE / "with_node.js")]
        program = programs.get(name, [sys.executable, str(HERE / f"with_{name}.py")])
        self.command = [*program, str(arguments.data), str(arguments.repeats), str(self.limit)]

    def grown(self) -> int | None:
        """By how much memory grows while compiling, in a process that gives back at once what it frees, so that nothing freed before hides it."""
        returning = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "0", "MALLOC_TOP_PAD_": "0"}
        self.command[-2] = "1"
        grown: int | None = self.run("compile", os.environ | returning).get("grown")
        return grown

    def run(self, item: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
        with subprocess.Popen([*self.command, item], stdout=subprocess.PIPE, text=True, env=environment) as process:
            lines: queue.Queue[str] = queue.Queue()
            assert process.stdout is not None
            stream = process.stdout
            threading.Thread(target=lambda: [lines.put(line) for line in chain(iter(stream.readline, ""), [""])], daemon=True).start()
            begun = False
            try:
                while line := lines.get(timeout=self.limit * (self.RUNS if begun else self.READY)):
                    told: dict[str, Any] = json.loads(line)
                    begun = "begins" in told
                    if not begun:
                        print(f"{self.name}: {item} {median(told['seconds']):.4f} s", file=sys.stderr, flush=True)
                        return told
            except queue.Empty:
                process.kill()
                print(f"{self.name}: {item} over {self.limit * self.RUNS} s", file=sys.stderr, flush=True)
                return {"item": item, "over": self.limit * self.RUNS, "ready": begun}
        return {"item": item, "failed": process.returncode}


def joined(before: dict[str, Any] | None, told: dict[str, Any]) -> dict[str, Any]:
    """What an earlier round told and this one, together."""
    if before is None or "seconds" not in before or "seconds" not in told:
        return told
    same = before["checksum"] == told["checksum"]
    return told | {key: before[key] + told[key] for key in ("seconds", "processor")} | {"checksum": told["checksum"] if same else None}


def table(found: dict[str, dict[str, Any]], clock: str) -> list[str]:
    rows = ["| work | tenantgraph | others (times as long) | goal |", "|---|---|---|---|"]
    for item, (title, goals) in ITEMS.items():
        told = {name: Told(its[item], clock) for name, its in found.items() if item in its}
        if not (own := told.pop(PRODUCT, None)):
            continue
        others = sorted(told.items(), key=lambda pair: pair[1].least)
        cells = [f"{'serde_json' if (name, item) == ('petgraph', 'read') else name} {it}{it.times(own)}" for name, it in others]
        rows.append(f"| {title} | {own} | {', '.join(cells)} | {'; '.join(told_of(goals, told, own))} |")
    return rows


class Told:
    """What one peer told of one item."""

    def __init__(self, told: dict[str, Any], clock: str) -> None:
        self.over: int | None = told.get("over")
        self.runs: list[float] = told.get(clock, [])
        #: What it took, or at least took.
        self.least = median(self.runs) if self.runs else float(self.over or "inf")

    def __str__(self) -> str:
        if self.over:
            return f"over {self.over} s"
        if not self.runs:
            return "failed"
        return f"{self.least:.3g} s" + ("" if len(self.runs) >= 5 else f" ({len(self.runs)} run{'s' * (len(self.runs) > 1)})")

    def times(self, own: Told) -> str:
        """How many times as long as the library it took."""
        known = own.runs and (self.runs or self.over)
        return f" ({'over ' if self.over else ''}{self.least / own.least:.3g} ×)" if known else ""


def told_of(goals: dict[str, float], told: dict[str, Told], own: Told) -> list[str]:
    """Whether each goal is met; where not, how many times faster the library would have to be."""
    words = []
    for name, factor in goals.items():
        if name not in told or not own.runs:
            words.append(f"{factor:g} × {name}: not measured")
            continue
        times = told[name].least / own.least
        words.append(f"{factor:g} × {name}: " + ("met" if times >= factor else f"missed by {factor / times:.2g} ×"))
    return words


def memory(found: dict[str, dict[str, Any]], edges: int) -> list[str]:
    grown = {name: told["compile"]["grown"] for name, told in found.items() if told.get("compile", {}).get("grown")}
    cells = [f"{name} {bytes_ / edges:.0f}" for name, bytes_ in sorted(grown.items(), key=lambda pair: pair[1])]
    return ["", f"Bytes an edge, at the peak of compiling ({edges:,} edges): {', '.join(cells)}."]


def unequal(found: dict[str, dict[str, Any]]) -> list[str]:
    wrong = []
    for item in ITEMS:
        sums = {name: told[item].get("checksum") for name, told in found.items() if "seconds" in told.get(item, {})}
        if len({str(it) for it in sums.values()}) > 1 or None in sums.values():
            wrong.append(f"The answers to {item} differ: {sums}")
        wrong += [f"{name} failed at {item}" for name, told in found.items() if "failed" in told.get(item, {})]
    return wrong


def machine() -> str:
    models = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 2**20
    return f"{len(models)} × {models[0] if models else platform.machine()}, {memory} GiB"


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in PEERS if name not in (PRODUCT, "petgraph", "python", "node")} | {"python": platform.python_version()}


if __name__ == "__main__":
    sys.exit(main())
