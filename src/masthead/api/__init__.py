"""Assembly of the public API."""
