// Package reexport gives the wrapped provider, internal to its module, to the plugin. The build lays this
// file inside that module's copy.
package reexport

import "github.com/terraform-providers/terraform-provider-docker/internal/provider"

// New makes the provider of the given version.
var New = provider.New
