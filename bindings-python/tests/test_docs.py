"""Every public name stands in the docs, with an example that the suite runs."""

from __future__ import annotations

import inspect

import tenantgraph as tg


def test_everything_public_is_documented_and_every_function_has_an_example() -> None:
    silent = []
    for name in tg.__all__:
        it = getattr(tg, name)
        if inspect.ismodule(it) or isinstance(it, str):
            continue
        if not inspect.getdoc(it):
            silent.append(name)
        functions = {name: it} if inspect.isfunction(it) else methods(it) if inspect.isclass(it) else {}
        for function, body in functions.items():
            if ">>>" not in (inspect.getdoc(body) or ""):
                silent.append(f"{name}.{function}")
    assert silent == []


def methods(it: type) -> dict[str, object]:
    found: dict[str, object] = {}
    ours = [base for base in it.__mro__ if base.__module__.startswith("tenantgraph")]
    for name, member in (item for base in ours for item in vars(base).items()):
        body = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if inspect.isfunction(body) and not name.startswith("_"):
            found[name] = body
    return found


def test_every_public_name_is_sorted_and_there() -> None:
    assert tg.__all__ == sorted(tg.__all__, key=str)
    assert tg.__version__.count(".") == 2
