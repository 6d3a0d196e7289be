"""The page of costs: what a month of calls to platforms cost, split every way, drawn, and as a file."""
