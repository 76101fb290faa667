"""The risk rules: one function each, in a file for each family. Importing this package registers them all."""

from review.rules import (
    docker,
    images,
    machines,
    placement,
    run,
    safety,
    secrets,
    services,
    storage,
    swarm,
)
from review.rules.assess import assess
from review.rules.registry import RULES, Finding, Rule

FAMILIES = (swarm, machines, storage, placement, docker, images, services, secrets, safety, run)
__all__ = ["FAMILIES", "RULES", "Finding", "Rule", "assess"]
