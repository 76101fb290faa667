"""The `longshore` command: one thin file a verb."""
