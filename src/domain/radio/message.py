"""Everything that a message of the uplink log may come to."""

from domain.radio.recount import Recounted
from domain.radio.uplink import FromServer

Message = FromServer | Recounted
"""What a network server told, or what a job of ours found."""
