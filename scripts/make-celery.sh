#!/usr/bin/env bash
# Installs Celery for the test of somebody else's worker, into a folder of its own: kept for later runs.
set -euo pipefail
folder="${XDG_CACHE_HOME:-$HOME/.cache}/aftershock/celery"
python="$folder/bin/python"
[ -x "$python" ] && "$python" -c 'import celery, packaging, redis, requests' 2>/dev/null && exit
python3 -m venv "$folder"
"$folder/bin/pip" install -q --disable-pip-version-check 'celery==5.6.3' 'redis<7' packaging requests
