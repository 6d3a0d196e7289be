"""Assets and their renditions."""
