#!/bin/sh
# Prints a Python 3.11 or newer that can make a virtual environment; exits 1 if there is none.
#
# A name on PATH proves little: a version manager's shim may answer for a version it does not have,
# and Debian's own python3 lacks ensurepip until python3-venv is installed. So each is tried.
set -eu

for python in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 /usr/bin/python3.11 /usr/bin/python3; do
    if "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$python"
        exit 0
    fi
done

echo "no Python 3.11 or newer with venv and ensurepip was found" >&2
exit 1
