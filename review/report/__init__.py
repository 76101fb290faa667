"""Reports of change models: Markdown, terminal, JSON, HTML. Renderers see redacted values only."""
