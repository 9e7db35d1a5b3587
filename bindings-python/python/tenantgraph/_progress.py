"""Progress of long work: a callable of the caller's own, or a bar on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Progress: TypeAlias = bool | Callable[[int, int], object]
"""`True` draws a bar; a callable is given the steps behind and the steps in all (0 where that is not known)."""

_WIDTH = 30


class Bar:
    """A bar on standard error, drawn over itself."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._drawn = ""

    def __call__(self, done: int, total: int) -> None:
        """Draw how far the work is."""
        if total > 0:
            share = min(done / total, 1.0)
            filled = round(share * _WIDTH)
            line = f"{self._what} [{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}"
        else:
            line = f"{self._what} {done:,}"
        if line != self._drawn:
            self._drawn = line
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the line, if one was begun."""
        if self._drawn:
            print(file=sys.stderr)


@contextmanager
def observed(progress: Progress, what: str) -> Iterator[Callable[[int, int], object] | None]:
    """Give what the native part calls back, and end the bar whatever happens."""
    if progress is not True:
        yield progress or None
        return
    bar = Bar(what)
    try:
        yield bar
    finally:
        bar.close()
