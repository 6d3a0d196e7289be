"""The platforms of Google: what they share of signing in, of calls and of errors."""
