"""Which non-production tenant reaches production, by which path, and over which trust.

>>> estate = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-test"}, {"id": "acme-prod"}],
...     "relations": [{"from": "acme-test", "kind": "trusted_by", "to": "acme-prod"}]}, as_of="2026-05-01")
>>> print(estate.reach().paths[0])
acme-test -trusted_by-> acme-prod
"""

from . import rows, words
from ._answers import (
    Answer,
    BlastRadius,
    Classification,
    Cuts,
    Diff,
    Isolation,
    Lifecycle,
    Path,
    Privilege,
    Reach,
    Report,
    Rotation,
    Sharing,
    TenantMatrix,
    WhatIf,
    verify,
)
from ._errors import (
    ArgumentError,
    CancelledError,
    FileError,
    InputError,
    InternalError,
    InvalidDocumentError,
    InvalidInputError,
    InvalidInstantError,
    InvalidLabelsError,
    InvalidOptionError,
    InvalidPolicyError,
    InvalidSelectorError,
    LimitExceededError,
    Place,
    TenantGraphError,
    UnknownEntityError,
    UnknownFormatError,
)
from ._estate import Estate, read
from ._inputs import Input
from ._native import VERSION as __version__
from ._native import formats
from ._policy import Policy
from ._reading import Reading
from ._rules import RulePage, explain, rules
from ._table import Row, Table

__all__ = [
    "Answer",
    "ArgumentError",
    "BlastRadius",
    "CancelledError",
    "Classification",
    "Cuts",
    "Diff",
    "Estate",
    "FileError",
    "Input",
    "InputError",
    "InternalError",
    "InvalidDocumentError",
    "InvalidInputError",
    "InvalidInstantError",
    "InvalidLabelsError",
    "InvalidOptionError",
    "InvalidPolicyError",
    "InvalidSelectorError",
    "Isolation",
    "Lifecycle",
    "LimitExceededError",
    "Path",
    "Place",
    "Policy",
    "Privilege",
    "Reach",
    "Reading",
    "Report",
    "Rotation",
    "Row",
    "RulePage",
    "Sharing",
    "Table",
    "TenantGraphError",
    "TenantMatrix",
    "UnknownEntityError",
    "UnknownFormatError",
    "WhatIf",
    "__version__",
    "explain",
    "formats",
    "read",
    "rows",
    "rules",
    "verify",
    "words",
]
