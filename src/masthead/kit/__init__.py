"""Parts that are not of the field: clock, transitions, text counting, secrets, embedded database, jobs."""
