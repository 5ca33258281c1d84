"""``python -m kashaf``: the command line."""

from kashaf.cli import main

if __name__ == "__main__":
    main(prog_name="kashaf")
