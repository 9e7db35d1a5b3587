"""The answers of the questions, one file each: JSON as the command writes it, and tables."""

from .answer import Answer
from .blast_radius import BlastRadius
from .classification import Classification
from .cuts import Cuts
from .diff import Diff
from .isolation import Isolation, verify
from .lifecycle import Lifecycle
from .path import Path
from .privilege import Privilege
from .reach import Reach
from .report import Report
from .rotation import Rotation
from .sharing import Sharing
from .tenant_matrix import TenantMatrix
from .what_if import WhatIf

__all__ = [
    "Answer",
    "BlastRadius",
    "Classification",
    "Cuts",
    "Diff",
    "Isolation",
    "Lifecycle",
    "Path",
    "Privilege",
    "Reach",
    "Report",
    "Rotation",
    "Sharing",
    "TenantMatrix",
    "WhatIf",
    "verify",
]
