"""Connectors: what comes in from outside, and what goes out to it, each with a state that is true."""

from application.connectors.canary import Canary
from application.connectors.connector import Connector
from application.connectors.list import OF_THE_FAR_END, Listed, Trouble, listed
from application.connectors.progress import Progress
from application.connectors.reporter import Reporter
from application.connectors.results import ResultConnector
from application.connectors.rows import RowConnector
from application.connectors.supervised import Open, Opened, Supervised, Watch
from application.connectors.uplinks import UplinkConnector
from application.connectors.watches import BacklogWatch, PulseWatch

__all__ = [
    "OF_THE_FAR_END",
    "BacklogWatch",
    "Canary",
    "Connector",
    "Listed",
    "Open",
    "Opened",
    "Progress",
    "PulseWatch",
    "Reporter",
    "ResultConnector",
    "RowConnector",
    "Supervised",
    "Trouble",
    "UplinkConnector",
    "Watch",
    "listed",
]
