"""OpenStack's own services in one container, for a target that needs a cloud: docs/openstack-lab.md."""
