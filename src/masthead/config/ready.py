"""Importing this module makes Django ready in this process: settings, logs, models. The first import of each part."""

from __future__ import annotations

import os

import django

from masthead.kit import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.config.settings")
logs.configure()
django.setup()
