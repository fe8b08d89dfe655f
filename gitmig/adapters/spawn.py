"""Starting the child, with nothing imported but what starting a process needs: the hook does this before all else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

# The child must not find the current folder's modules before its own (-P exists only since Python 3.11), and must find gitmig where this
# process did, which may be a source tree that nobody installed. Ctrl-C reaches the parent too, which says what there is to say: until the
# child has something to clean up it simply ends.
_ENTRY = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "sys.path[:1] == [''] and sys.path.pop(0); sys.path.append(sys.argv.pop()); "
    "from gitmig.cli.child import main; del sys.path[-1]; main()"
)
_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def start_child(environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """`gitmig.cli.child` with pipes for its request and its answer; it starts importing at once."""
    return subprocess.Popen(
        [sys.executable, "-c", _ENTRY, _HOME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**(os.environ if environment is None else environment), "PYTHONDONTWRITEBYTECODE": "1"},
    )
