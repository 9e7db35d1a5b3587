"""`Path`: a shortest path, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar, overload

from .._table import Table
from ..rows import Step

S = TypeVar("S", bound=Step)


class Path(Sequence[S], Generic[S]):
    """A shortest path: its steps in order. As text, the chain of ids with the relations between."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Sequence[S]) -> None:
        self._steps = tuple(steps)

    @property
    def steps(self) -> tuple[S, ...]:
        """The steps; what a step needs stands before it."""
        return self._steps

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, at: int) -> S: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[S, ...]: ...
    def __getitem__(self, at: int | slice) -> S | tuple[S, ...]:
        return self._steps[at]

    def __str__(self) -> str:
        parts: list[str] = []
        end = None
        for step in self._steps:
            parts.append(f"{'' if end is None else '; '}{step.from_}" if step.from_ != end else "")
            parts.append(f" -{step.kind}-> {step.to}")
            end = step.to
        return "".join(parts)

    def __repr__(self) -> str:
        return f"<Path {self}>"


def paths_of(steps: Table[S]) -> tuple[Path[S], ...]:
    """Gather the steps of a table in long form into paths."""
    paths: list[list[S]] = []
    for step in steps:
        if step.step == 1:
            paths.append([])
        paths[-1].append(step)
    return tuple(Path(path) for path in paths)
