#!/usr/bin/env bash
# Stops the master that start-master.sh started here.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/spark-daemon" stop master
