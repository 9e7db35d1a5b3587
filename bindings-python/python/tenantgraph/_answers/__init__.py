"""The answers of the questions, one file each: JSON as the command writes it, and tables."""

from .answer import Answer
from .blast_radius import BlastRadius
from .path import Path
from .reach import Reach
from .report import Report
from .rotation import Rotation
from .tenant_matrix import TenantMatrix

__all__ = ["Answer", "BlastRadius", "Path", "Reach", "Report", "Rotation", "TenantMatrix"]
