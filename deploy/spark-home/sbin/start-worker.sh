#!/usr/bin/env bash
# Starts a worker of the master in the first argument, as Spark's manual describes. Further arguments are Spark's.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/spark-daemon" start worker \
  org.apache.spark.deploy.worker.Worker "$@"
