"""Everything that goes wrong, as a tree of exceptions under `TenantGraphError`: one class an error code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Place:
    """Where in an input something stands. Lines, columns and records count from 1; what is not known is `None`."""

    source: str
    line: int | None = None
    column: int | None = None
    record: int | None = None
    field: str | None = None
    text: str = ""

    def __str__(self) -> str:
        return self.text or self.source


class TenantGraphError(Exception):
    """Anything that goes wrong in the library. `code` never changes; the words of `message` may.

    >>> try:
    ...     estate.blast_radius("nobody", as_of="2026-05-01")
    ... except tg.TenantGraphError as error:
    ...     print(error.code)
    unknown_entity
    """

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, place: Place | None = None) -> None:
        self.args = (message, place)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return self.message if self.place is None else f"{self.place}: {self.message}"


class InputError(TenantGraphError, ValueError):
    """What was given to be read cannot be read. The next step is to look at the input."""


class InvalidInputError(InputError):
    """An input could not be read at all: not text, cut off, nested too deeply."""

    code = "invalid_input"


class UnknownFormatError(InputError):
    """No reader recognises an input; name its format with `Input`."""

    code = "unknown_format"


class InvalidDocumentError(InputError):
    """A document or a table in the library's own format breaks its rules."""

    code = "invalid_document"


class InvalidLabelsError(InputError):
    """A labels overlay could not be read."""

    code = "invalid_labels"


class ArgumentError(TenantGraphError, ValueError):
    """What was asked cannot be asked. The next step is to look at the call."""


class InvalidPolicyError(ArgumentError):
    """A policy could not be read, or holds a value outside its range."""

    code = "invalid_policy"


class InvalidSelectorError(ArgumentError):
    """A selector is not of the form `key=value,key=value`."""

    code = "invalid_selector"


class InvalidOptionError(ArgumentError):
    """An option has a value that it cannot take."""

    code = "invalid_option"


class InvalidInstantError(ArgumentError):
    """An instant is not RFC 3339."""

    code = "invalid_instant"


class UnknownEntityError(ArgumentError, KeyError):
    """A named entity is not in the estate."""

    code = "unknown_entity"


class CancelledError(TenantGraphError):
    """The caller asked for the work to stop."""

    code = "cancelled"


class LimitExceededError(TenantGraphError, MemoryError):
    """A step of the work would take more memory than the caller allows."""

    code = "limit_exceeded"


class FileError(TenantGraphError, OSError):
    """A file could not be read or written."""

    code = "io"


class InternalError(TenantGraphError, RuntimeError):
    """A broken invariant of the library itself; please report it."""

    code = "internal"


def _leaves(error: type[TenantGraphError]) -> list[type[TenantGraphError]]:
    below = error.__subclasses__()
    return [leaf for child in below for leaf in _leaves(child)] if below else [error]


_BY_CODE = {error.code: error for error in _leaves(TenantGraphError)}


def error_of(code: str, message: str, place: Mapping[str, Any] | None) -> TenantGraphError:
    """Build the exception of a code: what the native part calls."""
    return _BY_CODE.get(code, InternalError)(message, None if place is None else Place(**place))


for _error in [TenantGraphError, InputError, ArgumentError, Place, *_BY_CODE.values()]:
    # People meet these as `tenantgraph.InvalidInputError`, in a traceback too.
    _error.__module__ = "tenantgraph"
