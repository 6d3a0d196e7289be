"""Pages of campaigns, and the addresses that are open to everybody."""
