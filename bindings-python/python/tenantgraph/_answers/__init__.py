"""The answers of the questions, one file each: JSON as the command writes it, and tables."""

from .answer import Answer
from .blast_radius import BlastRadius
from .cuts import Cuts
from .diff import Diff
from .isolation import Isolation, verify
from .path import Path
from .reach import Reach
from .report import Report
from .rotation import Rotation
from .tenant_matrix import TenantMatrix
from .what_if import WhatIf

__all__ = ["Answer", "BlastRadius", "Cuts", "Diff", "Isolation", "Path", "Reach", "Report", "Rotation", "TenantMatrix", "WhatIf", "verify"]
