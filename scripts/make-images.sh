#!/usr/bin/env bash
# Makes the images that the tests of the container provider use from programs on this machine, where no registry can be
# reached: aftershock-test/redis from Debian's redis-server, aftershock-test/minio from a static minio.
set -euo pipefail

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# Debian links redis-server to redis-check-rdb, and both to libraries: each goes to the path it has here.
redis=$(readlink -f "$(command -v redis-server)")
mkdir -p "$root/redis/usr/bin" "$root/redis/data"
cp "$redis" "$root/redis/usr/bin/redis-server"
ldd "$redis" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root/redis$(dirname "$library")"
  cp -L "$library" "$root/redis$library"
done
tar -C "$root/redis" -cf - . | docker import -c 'EXPOSE 6379' -c 'WORKDIR /data' - aftershock-test/redis

# `server` and the rest come from whoever starts it, as with the official image.
minio=$(command -v minio || echo "${XDG_CACHE_HOME:-$HOME/.cache}/aftershock/bin/minio")
mkdir -p "$root/minio/data" "$root/minio/tmp"
cp "$minio" "$root/minio/minio"
tar -C "$root/minio" -cf - . | docker import -c 'ENTRYPOINT ["/minio"]' -c 'EXPOSE 9000' - aftershock-test/minio
