"""How dates and times are written, where a language needs another way than the framework's."""
