"""The audit: posts in, a corpus in, evidence out.

It finds where posts stand in a large body of text, byte for byte, and says how sure that is. It knows no Django and nothing of Masthead
but `kit`, so that it runs on any machine that has Python, numpy and numba.
"""
