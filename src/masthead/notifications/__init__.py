"""Telling people; knows no other domain."""
