"""Rights: the archive, what may be done with each record, and proof of what was done with it."""
