"""Container images: resolved, locked, mirrored and built, always by digest."""
