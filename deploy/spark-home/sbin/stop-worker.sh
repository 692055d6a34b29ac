#!/usr/bin/env bash
# Stops the worker that start-worker.sh started here.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/spark-daemon" stop worker
