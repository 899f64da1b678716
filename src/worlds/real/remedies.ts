// The commands that add what a machine lacks.

/** The state of MinIO's source that the figures of this project were taken with; it is no longer published. */
const MINIO = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c'

/** Debian's and Ubuntu's words, or macOS's. */
export function remedies(platform: NodeJS.Platform) {
  const isMac = platform === 'darwin'
  return {
    docker: isMac
      ? 'brew install --cask docker   # then start it'
      : 'apt-get install docker.io   # then start dockerd',
    // Some five minutes, once.
    minio: [
      'CGO_ENABLED=0 GOBIN=~/.cache/aftershock/bin \\',
      `  go install -ldflags='-s -w' \\`,
      `  ${MINIO}`,
    ].join('\n'),
    go: isMac ? 'brew install go' : '# Go 1.24 or later, from https://go.dev/dl/',
    redis: isMac ? 'brew install redis' : 'apt-get install redis-server',
    postgres: isMac ? 'brew install postgresql' : 'apt-get install postgresql',
    faketime: isMac ? 'brew install libfaketime' : 'apt-get install faketime',
  } as const
}
