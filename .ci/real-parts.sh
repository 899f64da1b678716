# Sourced by .ci/run: installs the servers of the real world as far as this machine lets it, names them in `required`,
# and gives everything back that was started for it. What cannot be had is said, and its tests are skipped.

required=()
started=()
programs="${XDG_CACHE_HOME:-$HOME/.cache}/aftershock/bin"
scratch=$(mktemp -d)
[ -d /usr/local/go/bin ] && PATH="$PATH:/usr/local/go/bin"

skip() { echo "ci: without $1: $2"; }

# Without starting services: what runs is started, and ended, here.
apt_install() {
  local missing=() package
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    skip "${missing[*]}" "only root can install packages, and only with apt-get"
    return
  fi
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  timeout 120 apt-get update -q >"$scratch/apt.log" 2>&1
  for package in "${missing[@]}"; do
    timeout 240 apt-get install -q -y --no-install-recommends "$package" >>"$scratch/apt.log" 2>&1 ||
      skip "$package" "apt-get: $(grep -E '^(E|Err):' "$scratch/apt.log" | tail -n 1)"
  done
}

# The servers that a package may have started all the same, by their ids.
servers() { ps -eo pid=,comm= | awk '$2 ~ /^(redis-server|postgres|dockerd|containerd)$/ { print $1 }' | sort; }

# The pin is the one of src/worlds/real/remedies.ts. Kept for later runs: it takes some five minutes on two cores.
build_minio() {
  local pin
  pin=$(grep -o 'github.com/minio/minio@[^'"'"']*' src/worlds/real/remedies.ts)
  mkdir -p "$programs"
  CGO_ENABLED=0 GOBIN="$programs" timeout 480 go install -ldflags='-s -w' "$pin" >"$scratch/minio.log" 2>&1
}

start_docker() {
  docker info >/dev/null 2>&1 && return
  command -v dockerd >/dev/null || { skip docker 'no dockerd'; return 1; }
  [ "$(id -u)" -eq 0 ] || { skip docker 'nothing answers, and only root can start dockerd'; return 1; }
  dockerd --data-root "$scratch/docker" --pidfile "$scratch/docker.pid" >"$scratch/dockerd.log" 2>&1 &
  local pid=$!
  for _ in $(seq 60); do
    if docker info >/dev/null 2>&1; then
      started+=("$pid")
      return
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.5
  done
  kill "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  skip docker "dockerd does not start: $(tail -n 1 "$scratch/dockerd.log" | cut -c1-300)"
  return 1
}

give_back() {
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null
    for _ in $(seq 60); do kill -0 "$pid" 2>/dev/null || break; sleep 0.5; done
    kill -9 "$pid" 2>/dev/null
  done
  umount -l "$scratch/docker" 2>/dev/null
  rm -rf "$scratch"
}

install_real_parts() {
  local before pid builder=''
  if [ -x "$programs/minio" ] || command -v minio >/dev/null; then :
  elif command -v go >/dev/null; then
    build_minio &
    builder=$!
  else skip minio 'no Go toolchain to build it with'; fi

  before=$(servers)
  apt_install redis-server postgresql docker.io faketime rclone
  # Newer Debians have the client in a package of its own.
  command -v docker >/dev/null || apt_install docker-cli
  for pid in $(comm -13 <(echo "$before") <(servers)); do started+=("$pid"); done

  command -v redis-server >/dev/null && required+=(redis)
  if ! command -v python3 >/dev/null; then skip celery 'no python3'
  else
    python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
    if timeout 240 bash scripts/make-celery.sh >"$scratch/celery.log" 2>&1; then required+=(celery)
    else skip celery "pip: $(tail -n 1 "$scratch/celery.log" | cut -c1-300)"; fi
  fi
  if command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    required+=(database)
  fi
  if [ -n "$builder" ]; then
    echo "ci: building MinIO, some five minutes once; it is kept in $programs"
    wait "$builder" || skip minio "go install: $(tail -n 1 "$scratch/minio.log" | cut -c1-300)"
    echo "ci: MinIO after $SECONDS s"
  fi
  if [ -x "$programs/minio" ] || command -v minio >/dev/null; then required+=(minio); fi
  if [[ " ${required[*]} " == *' redis '*'minio '* ]] && start_docker; then
    if bash scripts/make-images.sh >"$scratch/images.log" 2>&1; then required+=(docker)
    else skip docker "its images cannot be made: $(tail -n 1 "$scratch/images.log")"; fi
  fi
}
