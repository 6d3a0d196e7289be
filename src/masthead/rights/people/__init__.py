"""People whose words are held here: what is held, a copy, erasure with a certificate, and holds."""
