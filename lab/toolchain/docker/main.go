// pulumi-resource-docker for machines that cannot download the official plugin: Terraform's Docker
// provider through Pulumi's bridge, under the same resource tokens.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/reexport"
)

// version is the wrapped provider's own, so that nobody takes this plugin for the official one.
const version = "4.6.0-lab"

func main() {
	info := tfbridge.ProviderInfo{
		P:            sdkv2.NewProvider(reexport.New(version)()),
		Name:         "docker",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		// A set would be named in the plural; the official plugin's schema keeps the singular.
		Config: map[string]*tfbridge.SchemaInfo{"registry_auth": {Name: "registryAuth"}},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_image":  {Tok: tfbridge.MakeResource("docker", "index", "RemoteImage")},
			"docker_config": {Tok: tfbridge.MakeResource("docker", "index", "ServiceConfig")},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
	info.SetAutonaming(255, "-")
	info.MustApplyAutoAliases()
	tfbridge.Main("docker", version, info, []byte("{}"))
}
