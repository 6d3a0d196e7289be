"""The web application for a WSGI server."""

from __future__ import annotations

import os
import signal

from django.core.wsgi import get_wsgi_application

from masthead.kit import logs
from masthead.kit.orphans import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.config.settings")
logs.configure()
if os.environ.get("MASTHEAD_WEB_PARENT") == str(os.getppid()):
    end_with_parent(os.getppid(), signal.SIGKILL)
application = get_wsgi_application()
