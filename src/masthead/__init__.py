"""Masthead: one place to write, schedule, publish and keep a business's posts."""
