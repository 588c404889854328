"""The process ``stadtfunk``: it listens for signals first, and then loads what the command line asks for."""

import sys

from stadtfunk.early_end import end_at_once, is_lasting


def main() -> int:
    """Do what the command line says and return the exit code."""
    if is_lasting(sys.argv[1:]):
        end_at_once()
    from stadtfunk import cli  # noqa: PLC0415  a second of loading, in which a signal may come

    return cli.main()


if __name__ == "__main__":
    raise SystemExit(main())
