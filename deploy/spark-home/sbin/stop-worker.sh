#!/usr/bin/env bash
# Stops the worker that start-worker.sh has started here.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/spark-daemon" stop worker
