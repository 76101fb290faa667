"""The rehearsal: a vCenter simulator, nodes that boot, a registry and sample images, all on one machine."""
