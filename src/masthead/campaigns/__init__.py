"""Campaigns: one goal, one budget, many ad platforms."""
