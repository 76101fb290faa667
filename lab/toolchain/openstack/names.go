package main

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// place is where Pulumi's own provider keeps a resource or a look-up: a module, and a name in it.
type place struct{ module, name string }

func (p place) token() string {
	return "openstack:" + p.module + "/" + strings.ToLower(p.name[:1]) + p.name[1:] + ":" + p.name
}

func (p place) resource() tokens.Type { return tokens.Type(p.token()) }

func (p place) lookup() tokens.ModuleMember { return tokens.ModuleMember(p.token()) }

var resources = map[string]place{
	"openstack_blockstorage_volume_attach_v3":         {"blockstorage", "VolumeAttach"},
	"openstack_blockstorage_volume_v3":                {"blockstorage", "Volume"},
	"openstack_compute_flavor_v2":                     {"compute", "Flavor"},
	"openstack_compute_instance_v2":                   {"compute", "Instance"},
	"openstack_compute_interface_attach_v2":           {"compute", "InterfaceAttach"},
	"openstack_compute_keypair_v2":                    {"compute", "Keypair"},
	"openstack_compute_servergroup_v2":                {"compute", "ServerGroup"},
	"openstack_compute_volume_attach_v2":              {"compute", "VolumeAttach"},
	"openstack_images_image_v2":                       {"images", "Image"},
	"openstack_lb_listener_v2":                        {"loadbalancer", "Listener"},
	"openstack_lb_loadbalancer_v2":                    {"loadbalancer", "LoadBalancer"},
	"openstack_lb_member_v2":                          {"loadbalancer", "Member"},
	"openstack_lb_members_v2":                         {"loadbalancer", "Members"},
	"openstack_lb_monitor_v2":                         {"loadbalancer", "Monitor"},
	"openstack_lb_pool_v2":                            {"loadbalancer", "Pool"},
	"openstack_networking_floatingip_associate_v2":    {"networking", "FloatingIpAssociate"},
	"openstack_networking_floatingip_v2":              {"networking", "FloatingIp"},
	"openstack_networking_network_v2":                 {"networking", "Network"},
	"openstack_networking_port_secgroup_associate_v2": {"networking", "PortSecGroupAssociate"},
	"openstack_networking_port_v2":                    {"networking", "Port"},
	"openstack_networking_router_interface_v2":        {"networking", "RouterInterface"},
	"openstack_networking_router_v2":                  {"networking", "Router"},
	"openstack_networking_secgroup_rule_v2":           {"networking", "SecGroupRule"},
	"openstack_networking_secgroup_v2":                {"networking", "SecGroup"},
	"openstack_networking_subnet_v2":                  {"networking", "Subnet"},
}

var lookups = map[string]place{
	"openstack_blockstorage_availability_zones_v3": {"blockstorage", "getAvailabilityZonesV3"},
	"openstack_blockstorage_volume_v3":             {"blockstorage", "getVolumeV3"},
	"openstack_compute_availability_zones_v2":      {"compute", "getAvailabilityZones"},
	"openstack_compute_flavor_v2":                  {"compute", "getFlavor"},
	"openstack_compute_instance_v2":                {"compute", "getInstanceV2"},
	"openstack_compute_keypair_v2":                 {"compute", "getKeypair"},
	"openstack_compute_servergroup_v2":             {"compute", "getServergroupV2"},
	"openstack_identity_auth_scope_v3":             {"identity", "getAuthScope"},
	"openstack_images_image_ids_v2":                {"images", "getImageIds"},
	"openstack_images_image_v2":                    {"images", "getImage"},
	"openstack_networking_floatingip_v2":           {"networking", "getFloatingIp"},
	"openstack_networking_network_v2":              {"networking", "getNetwork"},
	"openstack_networking_port_ids_v2":             {"networking", "getPortIds"},
	"openstack_networking_port_v2":                 {"networking", "getPort"},
	"openstack_networking_router_v2":               {"networking", "getRouter"},
	"openstack_networking_secgroup_v2":             {"networking", "getSecGroup"},
	"openstack_networking_subnet_ids_v2":           {"networking", "getSubnetIdsV2"},
	"openstack_networking_subnet_v2":               {"networking", "getSubnet"},
}
