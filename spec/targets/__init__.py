"""Where machines are made, one kind of target a file."""
