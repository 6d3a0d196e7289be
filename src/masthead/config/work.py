"""The worker process: every domain's tasks are known, then it works until it is told to stop."""

from __future__ import annotations

import uvloop
from django.utils.module_loading import autodiscover_modules

from masthead.config import worker
from masthead.config.installation import address
from masthead.kit.heap import keep_loaded


def work() -> None:
    """Work until SIGTERM or SIGINT."""
    autodiscover_modules("tasks")
    keep_loaded()
    uvloop.run(worker.run(address()))
