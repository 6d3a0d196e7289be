"""Audits with pages: a run of `rights.audit` over posts of the archive, carried out by the worker beside what publishes."""
