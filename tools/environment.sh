#!/bin/sh
# Makes or updates the virtual environment from a lock: `tools/environment.sh run` or `... dev`.
#
# Everything is checked against its hash. Only wheels: building from source would fetch build tools
# that no lock knows. The project itself comes last, editable, with the build back end from the lock.
set -eu

lock=requirements/$1.txt
python=.venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# A folder that an interrupted run or a removed Python left behind is no environment.
"$python" -m pip --version >/dev/null 2>&1 || "$(tools/python.sh)" -m venv --clear .venv

"$python" -m pip install --quiet --require-hashes --only-binary :all: --requirement "$lock"
"$python" -m pip install --quiet --no-deps --no-build-isolation --editable .
# The development lock holds everything of the run lock.
touch .venv/.run ".venv/.$1"
