"""Caps on spending: set by people, held before calls, settled after them, told of when they are reached."""
