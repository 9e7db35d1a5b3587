"""The Python runner of the corpus that the three languages share; its form is described beside it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import tenantgraph as tg
from tenantgraph import _native

CORPUS = Path(__file__).parents[2] / "tests" / "scenarios"
FIELDS = {"name", "about", "as_of", "before", "inputs", "labels", "mapping", "policy", "expect_reading", "expect_reading_error", "ask"}
INPUT_FIELDS = {"name", "content", "file", "format"}
ASK_FIELDS = {"question", "options", "expect", "expect_error"}

# The options of each question and what its method calls them.
GRAPH = {"as_of": "as_of", "policy": "policy", "ignore_guards": "ignore_guards", "honour_guards": "honour_guards"}
METHODS: dict[str, tuple[str, dict[str, str]]] = {
    "reach": ("reach", {**GRAPH, "from": "source", "to": "target", "paths": "paths", "proven_only": "proven_only"}),
    "matrix": ("tenant_matrix", GRAPH),
    "blast-radius": ("blast_radius", {**GRAPH, "proven_only": "proven_only"}),
    "cuts": (
        "cuts",
        {**GRAPH, "from": "source", "to": "target", "include_possible": "include_possible", "choke_points": "choke_points"},
    ),
    "isolation": ("isolation", {**GRAPH, "paths": "paths"}),
    "what-if": ("what_if", {"as_of": "as_of", "policy": "policy", "changes": "changes"}),
    "diff": ("diff", {"as_of": "as_of", "policy": "policy"}),
    "rotation": ("rotation", {"as_of": "as_of", "policy": "policy"}),
    "sharing": ("sharing", {"as_of": "as_of", "policy": "policy"}),
    "privilege": ("privilege", {"as_of": "as_of", "policy": "policy"}),
    "lifecycle": ("lifecycle", {"as_of": "as_of", "policy": "policy"}),
    "classification": ("classification", GRAPH),
    "assess": ("assess", {"as_of": "as_of", "policy": "policy"}),
}


def test_every_question_has_a_method_that_takes_its_options() -> None:
    for question, summary, options in _native.questions():
        name, parts = METHODS[question]
        assert set(parts) | ({"lost"} & set(options)) == {"as_of", "policy", *options}, question
        parameters = inspect.signature(getattr(tg.Estate, name)).parameters
        assert {*parts.values(), "progress"} <= set(parameters), question
        assert summary


def scenarios() -> Iterator[Any]:
    for path in sorted(CORPUS.glob("*.json")):
        for scenario in json.loads(path.read_text()):
            yield pytest.param(path, scenario, id=f"{path.stem}: {scenario['name']}")


def only(given: Mapping[str, Any], known: set[str]) -> None:
    assert set(given) <= known, f"unknown fields: {set(given) - known}"


def given_input(path: Path, given: Mapping[str, Any]) -> tg.Input:
    only(given, INPUT_FIELDS)
    if "file" in given:
        data = (path.parent / given["file"]).read_bytes()
    else:
        content = given["content"]
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
    return tg.Input(data, given["name"], given.get("format"))


def matches(answer: object, expected: object, at: str = "answer") -> None:
    if isinstance(expected, dict) and expected.keys() == {"contains"} and isinstance(answer, list):
        assert isinstance(expected["contains"], list), at
        assert expected["contains"], at
        for wanted in expected["contains"]:
            assert any(is_match(one, wanted) for one in answer), f"{at}: no {wanted} in {answer}"
    elif isinstance(expected, dict):
        assert isinstance(answer, dict), at
        for key, value in expected.items():
            assert key in answer, f"{at} has no {key}"
            matches(answer[key], value, f"{at}.{key}")
    elif isinstance(expected, list):
        assert isinstance(answer, list), at
        assert len(answer) == len(expected), f"{at}: {answer} is not {expected}"
        for index, (one, wanted) in enumerate(zip(answer, expected, strict=True)):
            matches(one, wanted, f"{at}[{index}]")
    else:
        assert answer == expected, at
        assert isinstance(answer, bool) == isinstance(expected, bool), at


def is_match(answer: object, expected: object) -> bool:
    try:
        matches(answer, expected)
    except AssertionError:
        return False
    return True


def answer_of(estate: tg.Estate, question: str, options: dict[str, Any], before: tg.Estate | None) -> Any:
    """Ask through the method where it has all of the options, else as the library itself is asked."""
    since = None if before is None else before._native
    if question in METHODS and (question != "diff" or before is not None):
        name, parts = METHODS[question]
        named = {key: value for key, value in options.items() if not (key == "lost" and question == "blast-radius")}
        if set(named) <= set(parts):
            arguments = {parts[key]: value for key, value in named.items()}
            if question == "what-if" and before is not None:
                arguments["before"] = before
            return getattr(estate, name)(*first_of(question, options, before), **arguments).to_dict()
    return json.loads(estate._native.ask(question, json.dumps(options), None, since).to_json())


def first_of(question: str, options: dict[str, Any], before: tg.Estate | None) -> list[Any]:
    """Give what a method takes without a name."""
    if question == "diff":
        return [before]
    lost = options.get("lost", []) if question == "blast-radius" else []
    return [lost] if isinstance(lost, str) else lost


@pytest.mark.parametrize(("path", "scenario"), list(scenarios()))
def test_scenario(path: Path, scenario: dict[str, Any]) -> None:
    only(scenario, FIELDS)
    inputs = [given_input(path, given) for given in scenario["inputs"]]
    labels = [given_input(path, given) for given in scenario.get("labels", [])]
    if "expect_reading_error" in scenario:
        assert not {"ask", "expect_reading"} & set(scenario)
        with pytest.raises(tg.TenantGraphError) as raised:
            tg.read(*inputs, labels=labels, mapping=scenario.get("mapping"))
        assert raised.value.code == scenario["expect_reading_error"]
        return
    estate = tg.read(*inputs, labels=labels, mapping=scenario.get("mapping"))
    before = tg.read(*[given_input(path, given) for given in scenario["before"]], labels=labels) if "before" in scenario else None
    matches(reading_of(estate), scenario.get("expect_reading", {}), "reading")
    for ask in scenario["ask"]:
        check(estate, before, scenario, ask)


def check(estate: tg.Estate, before: tg.Estate | None, scenario: dict[str, Any], ask: dict[str, Any]) -> None:
    only(ask, ASK_FIELDS)
    assert ("expect" in ask) != ("expect_error" in ask)
    defaults = {key: scenario[key] for key in ("as_of", "policy") if key in scenario}
    options = {**defaults, **ask.get("options", {})}
    if "expect_error" in ask:
        with pytest.raises(tg.TenantGraphError) as raised:
            answer_of(estate, ask["question"], options, before)
        assert raised.value.code == ask["expect_error"]
    else:
        matches(answer_of(estate, ask["question"], options, before), ask["expect"])


def reading_of(estate: tg.Estate) -> dict[str, Any]:
    """Give the reading in the form of its JSON: the place of a skipped record is an object without what is not known."""
    reading: dict[str, Any] = estate.reading.to_dict()
    reading["placeholders"] = [row["id"] for row in reading["placeholders"]]
    for skipped in reading["skipped"]:
        place = {key: skipped.pop(key) for key in ("source", "line", "column", "record", "field")}
        skipped["place"] = {key: value for key, value in place.items() if value is not None}
    return reading
