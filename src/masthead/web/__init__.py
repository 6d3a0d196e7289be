"""The shell: home, shared templates and static files."""
