"""Promotion: one release, environment by environment. It edits files under stacks/ and applies what was reviewed."""
