#!/usr/bin/env bash
# Starts a master, as Spark's manual describes. Arguments, such as --port, are Spark's.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/spark-daemon" start master \
  org.apache.spark.deploy.master.Master --host "${SPARK_MASTER_HOST:-$(hostname -f)}" "$@"
