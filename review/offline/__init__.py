"""A review without secrets and without a state: base and head, rehearsed and compared."""
