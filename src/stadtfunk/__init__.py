"""stadtfunk: the open LoRaWAN data platform of a city."""

import os

# What gRPC writes to standard error by itself, we say in one line. It looks for this when it is first imported.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
