"""python -m lstmsym: the command line."""

from lstmsym.cli import main

main()
