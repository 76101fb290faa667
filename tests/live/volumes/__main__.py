"""Two volumes: one of its own, and one that is there already and may be taken over."""

import pulumi
import pulumi_docker as docker

config = pulumi.Config()
docker.Volume("data", name="longshore-test-data", labels=[{"label": "tier", "value": config.require("tier")}])
if config.get_bool("adopt"):
    docker.Volume("old", name="longshore-test-old", opts=pulumi.ResourceOptions(import_="longshore-test-old"))
