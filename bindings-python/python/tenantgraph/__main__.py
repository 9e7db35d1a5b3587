"""The command `tenantgraph`, also as `python -m tenantgraph`: the one implementation of the library."""

from __future__ import annotations

import signal
import sys

from . import _native


def main() -> int:
    """Run the command with the arguments of this process and give its exit code."""
    # The command is not Python: Ctrl-C ends it at once, as it ends any other command.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
