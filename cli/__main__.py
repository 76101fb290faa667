"""`python -m cli` is `longshore`, from whichever checkout it is run in."""

from cli.main import main

main()
