"""Compose files (compose-spec.io) as a way to write services: read, merged, interpolated, mapped to ServiceSpec."""
