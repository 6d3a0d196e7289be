"""The way of a post, from compose to archive."""
