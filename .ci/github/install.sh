#!/usr/bin/env bash
# Install certify from the checkout that this file is part of, each package by its hash, once in a job.
# Takes PYTHON; gives the output `bin`, the folder of certify and of the Python that it runs on.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
place="$RUNNER_TEMP/certify-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
if [ ! -x "$place/bin/certify" ]; then
  "$PYTHON" -c 'import sys; sys.exit("certify needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
  "$PYTHON" -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$root/constraints.txt"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation "$root"
fi
echo "bin=$place/bin" >> "$GITHUB_OUTPUT"
