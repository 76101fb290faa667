// Where the wrapped provider comes from. Its go.mod calls itself by its old home, hence the replacement.
module longshore.dev/lab/toolchain/docker/upstream

go 1.25

require github.com/terraform-providers/terraform-provider-docker v0.0.0

replace github.com/terraform-providers/terraform-provider-docker => github.com/kreuzwerker/terraform-provider-docker v0.0.0-20260916201441-96d331c98ff4
