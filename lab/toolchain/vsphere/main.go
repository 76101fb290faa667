// pulumi-resource-vsphere for machines that cannot download the official plugin: Terraform's vSphere
// provider through Pulumi's bridge, under the same resource tokens.
package main

import (
	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/hashicorp/terraform-provider-vsphere/vsphere"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	sdkv1 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v1"
)

// version is the wrapped provider's own, so that nobody takes this plugin for the official one.
const version = "1.26.0-lab"

func main() {
	provider := vsphere.Provider().(*schema.Provider)
	acceptNewer(provider)
	info := tfbridge.ProviderInfo{
		P:            sdkv1.NewProvider(provider),
		Name:         "vsphere",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
	}
	info.MustComputeTokens(tokens.SingleModule("vsphere_", "index", tokens.MakeStandard("vsphere")))
	// Pulumi's own provider gives this one look-up another name.
	info.DataSources["vsphere_storage_policy"].Tok = "vsphere:index/getPolicy:getPolicy"
	info.SetAutonaming(255, "-")
	info.MustApplyAutoAliases()
	tfbridge.Main("vsphere", version, info, []byte("{}"))
}

// acceptNewer lets pass the one input that stacks set and this provider is too old to know. It has no effect:
// a changed extra_config restarts the machine whatever it says.
func acceptNewer(provider *schema.Provider) {
	machine := provider.ResourcesMap["vsphere_virtual_machine"]
	machine.Schema["extra_config_reboot_required"] = &schema.Schema{
		Type: schema.TypeBool, Optional: true, Default: true,
	}
}
