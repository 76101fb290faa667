"""From the engine's event log to a report of what a change does. Only ever reads.

event log -> events -> ChangeModel (redacted) -> rules -> report
"""
