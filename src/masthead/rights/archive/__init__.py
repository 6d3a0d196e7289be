"""One timeline of everything: imported, published here, read through APIs."""
