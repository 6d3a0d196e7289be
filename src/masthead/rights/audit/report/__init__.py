"""The report of an audit: every match as a line, a page, a document to print, and one signature over all three.

It speaks one language, because its signed bytes must be the same for everybody who checks them.
"""
