// pulumi-resource-openstack for machines that cannot download the official plugin: Terraform's OpenStack
// provider through Pulumi's bridge, under the same tokens, for what a machine is made of.
package main

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/v3/openstack"
)

// version is the wrapped provider's own, so that nobody takes this plugin for the official one.
const version = "3.4.0-lab"

func main() {
	info := describe(openstack.Provider())
	tfbridge.Main("openstack", version, info, []byte("{}"))
}

// describe keeps of Terraform's provider what has a name in names.go: the bridge refuses what has none.
func describe(provider *schema.Provider) tfbridge.ProviderInfo {
	keep(provider.ResourcesMap, resources)
	keep(provider.DataSourcesMap, lookups)
	info := tfbridge.ProviderInfo{
		P:            sdkv2.NewProvider(provider),
		Name:         "openstack",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources:    map[string]*tfbridge.ResourceInfo{},
		DataSources:  map[string]*tfbridge.DataSourceInfo{},
	}
	for name, place := range resources {
		info.Resources[name] = &tfbridge.ResourceInfo{Tok: place.resource()}
	}
	for name, place := range lookups {
		info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: place.lookup()}
	}
	// Pulumi's own provider gives the two spellings of a subnet's pools these names.
	info.Resources["openstack_networking_subnet_v2"].Fields = map[string]*tfbridge.SchemaInfo{
		"allocation_pool": {Name: "allocationPools"},
	}
	info.SetAutonaming(255, "-")
	return info
}

func keep(all map[string]*schema.Resource, wanted map[string]place) {
	for name := range all {
		if _, found := wanted[name]; !found {
			delete(all, name)
		}
	}
}
