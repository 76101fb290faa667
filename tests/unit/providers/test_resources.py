"""What a Pulumi program sees of the provider's resources."""

from __future__ import annotations

import json

import pulumi

from providers.swarm.resources import Cluster, Engine, Node
from providers.swarm.schema import schema
from tests.recorder import Recording, build


def program() -> None:
    engine = Engine("m1-engine", name="m1", host="10.0.0.11", key_file="/keys/id")
    cluster = Cluster("shop-swarm", name="shop", managers=[engine.connection])
    Node(
        "m1-member",
        name="m1",
        role="manager",
        labels={"my_label": "1", "myLabel": "2"},
        connection=engine.connection,
        managers=[engine.connection],
        cluster_id=cluster.swarm_id,
        opts=pulumi.ResourceOptions(deleted_with=cluster),
    )


def recording() -> Recording:
    return build(program)


def test_a_connection_carries_the_pinned_key_and_nothing_empty() -> None:
    assert recording().inputs["m1-member"]["connection"] == {
        "name": "m1",
        "host": "10.0.0.11",
        "port": 22,
        "user": "root",
        "keyFile": "/keys/id",
        "hostKey": "ssh-ed25519 KEY",
    }


def test_labels_are_sent_as_they_are_written() -> None:
    assert recording().inputs["m1-member"]["labels"] == {"my_label": "1", "myLabel": "2"}


def test_inputs_are_those_of_the_schema() -> None:
    resources = json.loads(schema("0"))["resources"]
    made = recording()
    for name, token in made.types.items():
        assert set(made.inputs[name]) <= set(resources[token]["inputProperties"])
        assert set(resources[token]["requiredInputs"]) <= set(made.inputs[name])
