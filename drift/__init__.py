"""What differs from what was deployed, told apart: harmless or harmful. Only ever asks; changes nothing.

Pulumi's refresh, kept out of the state -> refreshed; the Swarm, asked through a manager -> observed; both -> findings
"""
