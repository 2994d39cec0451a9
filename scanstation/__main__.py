"""`python -m scanstation`."""

from scanstation.cli import main

main()
