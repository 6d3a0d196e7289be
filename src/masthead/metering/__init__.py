"""Every platform call: counts, quota windows, pauses."""
