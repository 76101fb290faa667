"""The components a stack is built from: a Docker cluster and its services."""
