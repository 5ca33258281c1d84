"""Random tests are random at a desk and the same every time where changes are kept or refused."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("desk")
settings.register_profile("ci", derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
