"""Settings, addresses, the worker and the command line: where the parts are put together."""
