"""What happens on a cluster, as it happens: logs, events and status of all its nodes in one stream."""
