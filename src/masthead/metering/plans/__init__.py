"""The page of plans: what a month's use costs on each of a platform's plans, and why."""
