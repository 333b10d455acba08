"""Settings for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# On the check machine the same examples every time: a red run there must be the change's fault.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")
