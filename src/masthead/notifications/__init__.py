"""Telling people; knows no domain above it.

Other domains write `from masthead.notifications.tell import tell`.
"""
