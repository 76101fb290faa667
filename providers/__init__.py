"""Local Pulumi provider plugins: what no published provider offers."""
