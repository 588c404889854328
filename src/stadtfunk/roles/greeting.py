"""What ``stadtfunk run`` says first: where everything is, and what to try next."""

import sys
from pathlib import Path
from shlex import quote
from shutil import which

from stadtfunk.commands.words import SERVER
from stadtfunk.settings import DataSettings, GrpcSettings, Settings

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where to ask a server that listens everywhere


def greet(settings: Settings, port: int) -> None:
    """Say where everything is and what to try next, in words that work as they stand."""
    server = _how_to_ask(settings.grpc, port)
    data = "" if settings.data.folder == DataSettings().folder else f" --data {quote(settings.data.folder)}"
    us = _our_name()
    print(f"data in {settings.data.folder}, gRPC on {settings.grpc.host}:{port}; Ctrl-C ends it. Try:")
    print(f"  {us} devices list{server}")
    print(f"  {us} readings list{server}")
    print(f"  {us} dead-letters list{data}", flush=True)


def _how_to_ask(grpc: GrpcSettings, port: int) -> str:
    """Return what a command needs to find the API, from this machine."""
    host = _LOOPBACK.get(grpc.host, grpc.host)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = "" if address == SERVER else f" --server {address}"
    return f"{server} --ca-file {quote(grpc.certificate_file)}" if grpc.certificate_file else server


def _our_name() -> str:
    """Return how a shell in this folder finds this program."""
    ours = Path(sys.executable).with_name("stadtfunk")
    found = which("stadtfunk")
    if found is not None and ours == Path(found):
        return "stadtfunk"
    here = Path.cwd()
    return quote(str(ours.relative_to(here) if ours.is_relative_to(here) else ours))
