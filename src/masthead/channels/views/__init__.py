"""Ways in for people (pages, connecting) and for authorization servers (public)."""
