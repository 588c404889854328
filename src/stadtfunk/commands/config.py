"""``stadtfunk config check``."""

import argparse

from stadtfunk.commands.words import Asked, Words, settings_of
from stadtfunk.settings.outage_checks import gone_sources, source_names


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    config = words.add_parser("config", help="look at the settings").add_subparsers(metavar="WHAT", required=True)
    check = config.add_parser("check", parents=[settings], help="name all mistakes of the settings at once")
    check.set_defaults(do=_check)


def _check(asked: Asked) -> None:
    found = settings_of(asked)
    names = ", ".join(f"{source.name} ({source.kind})" for source in found.sources)
    connectors = ", ".join(f"{connector.name} ({connector.kind})" for connector in found.connectors)
    more = f"; connectors: {connectors}" if connectors else ""
    print(f"{asked.config or 'defaults'}: no mistakes; sources: {names}{more}")
    for gone in gone_sources(found):
        known = ", ".join(source_names(found))
        print(f"warning: {gone.path}: none of the sources ({known}): refused at the start if nobody ever heard of it")
