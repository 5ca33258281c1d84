"""The command `kashaf`, and ``python -m kashaf``."""

import sys


def run() -> None:
    """Runs the command line; Ctrl-C ends it without a word of Python, even before it has begun."""
    try:
        from kashaf.cli import main

        main(prog_name="kashaf")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    run()
