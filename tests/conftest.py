"""Random tests are random at a desk and the same every time where changes are kept or refused."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("desk")
settings.register_profile("ci", derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# What is started in the background ignores Ctrl-C, and what it starts does too: the tests of Ctrl-C start programs
# that must hear it. A handler is not inherited, only that nothing is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
