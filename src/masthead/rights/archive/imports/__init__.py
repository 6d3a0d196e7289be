"""Bringing in an account's own export: it arrives in pieces, is read entry by entry, and becomes records with their origin.

What each platform's export looks like is the business of its connector (contract/archive.py); here no platform is named.
"""
