"""The exceptions: one class a code, no text of an input."""

from __future__ import annotations

import gzip
import pickle
from typing import get_args

import pytest
import tenantgraph as tg
from tenantgraph import _errors, words


def test_every_code_has_its_own_class() -> None:
    classes = [_errors.error_of(code, "x", None) for code in get_args(words.ErrorCode)]
    assert [error.code for error in classes] == list(get_args(words.ErrorCode))
    assert len({type(error) for error in classes}) == len(classes)
    for error in classes:
        assert isinstance(error, tg.TenantGraphError)
        assert getattr(tg, type(error).__name__) is type(error)


def test_the_tree_stands_beside_that_of_python() -> None:
    assert issubclass(tg.FileError, OSError)
    assert issubclass(tg.InvalidInputError, tg.InputError)
    assert issubclass(tg.InputError, ValueError)
    assert issubclass(tg.UnknownEntityError, tg.ArgumentError)
    assert issubclass(tg.UnknownEntityError, KeyError)


def test_an_error_has_a_place_and_survives_a_process_border() -> None:
    with pytest.raises(tg.FileError, match="no such file") as raised:
        tg.read("no/such/export.json")
    error = pickle.loads(pickle.dumps(raised.value))
    assert (error.code, str(error.place), str(error)) == ("io", "no/such/export.json", str(raised.value))
    assert error.errno is None


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", tg.UnknownFormatError),
        (b"\x7fELF\x00hunter2", tg.UnknownFormatError),
        (b'{"format": "tenantgraph/9", "hunter2": 1}', tg.InvalidDocumentError),
        (b'{"format": "tenantgraph/1", "tenants": [{"id": "hunter2"', tg.InvalidInputError),
        (b'{"format": "tenantgraph/1", "hunter2": []}', tg.InvalidDocumentError),
    ],
)
def test_an_input_that_cannot_be_read_is_never_quoted(data: bytes, error: type[tg.TenantGraphError]) -> None:
    with pytest.raises(error) as raised:
        tg.read(data)
    assert raised.value.place is not None
    assert raised.value.place.source == "input 1"
    assert "hunter2" not in str(raised.value) + repr(raised.value)


def test_a_record_that_cannot_be_read_is_skipped_and_never_quoted() -> None:
    estate = tg.read({"format": "tenantgraph/1", "secrets": [{"id": "a", "value": "hunter2"}, {"id": "b", "kind": "hunter2"}, {"id": "c"}]})
    assert list(estate) == ["c"]
    assert [skipped.record for skipped in estate.reading.skipped] == [1, 2]
    assert "hunter2" not in repr(list(estate.reading.skipped)) + estate.reading._repr_html_()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({}, tg.InvalidOptionError),
        ({"as_of": "hunter2"}, tg.InvalidOptionError),
        ({"as_of": "2026-05-01", "source": "color=red"}, tg.InvalidSelectorError),
        ({"as_of": "2026-05-01", "source": {"class": "live"}}, tg.InvalidSelectorError),
        ({"as_of": "2026-05-01", "paths": -1}, tg.InvalidOptionError),
        ({"as_of": "2026-05-01", "ignore_guards": "hunter2"}, tg.InvalidOptionError),
    ],
)
def test_what_cannot_be_asked_says_so(estate: tg.Estate, options: dict[str, object], error: type[tg.TenantGraphError]) -> None:
    with pytest.raises(error) as raised:
        estate.reach(**options)  # type: ignore[arg-type]
    assert "hunter2" not in str(raised.value)


def test_an_instant_of_the_estate_is_judged_where_it_is_given(estate: tg.Estate) -> None:
    with pytest.raises(tg.InvalidInstantError):
        estate.at("hunter2")
    with pytest.raises(tg.InvalidOptionError):
        tg.read()
    with pytest.raises(tg.InvalidOptionError):
        tg.read(b"{}", fingerprint_key=b"short")
    with pytest.raises(tg.InvalidOptionError, match="type `int`"):
        tg.read(7)  # type: ignore[arg-type]


def test_what_would_take_too_much_memory_is_refused_before_it_begins() -> None:
    document = {"format": "tenantgraph/1", "tenants": [{"id": "acme"}]}
    with pytest.raises(tg.LimitExceededError, match="memory"):
        tg.read(document, memory_limit=16)
    estate = tg.read(document, memory_limit=1 << 20)
    assert len(estate.at("2026-05-01").reach().crossings) == 0
    narrow = tg.Estate(estate._native, "2026-05-01", 16)
    with pytest.raises(MemoryError):
        narrow.reach()
    with pytest.raises(tg.InvalidOptionError):
        tg.read(document, memory_limit=-1)


def test_what_is_packed_is_unpacked_up_to_a_limit() -> None:
    packed = gzip.compress(b'{"record":"tenant","id":"acme"}\n' * 100)
    assert list(tg.read(packed)) == ["acme"]
    with pytest.raises(tg.LimitExceededError, match="limit of packed inputs"):
        tg.read(packed, unpacked_limit=1_000)
    with pytest.raises(tg.InvalidOptionError, match="unpacked_limit"):
        tg.read(packed, unpacked_limit=-1)
