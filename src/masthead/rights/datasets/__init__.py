"""Datasets: what leaves the archive to be used elsewhere, with its manifest and its signature."""
