"""The `swarm` provider: engine readiness, and a Swarm with its members."""
