#!/usr/bin/env bash
# Prints which GPUs a node has, for spark.{driver,executor,worker}.resource.gpu.discoveryScript.
set -euo pipefail

addresses="$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, -)"
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
