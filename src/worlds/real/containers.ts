// The port to a container runtime: what the container provider and the sweep need of it, and no more.

/** Every container of ours carries this; the value is its own. */
export const LABEL = 'aftershock.id'

export interface ContainerSpec {
  readonly image: string
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** The port inside. */
  readonly port: number
  /** On 127.0.0.1; a free one without it. */
  readonly hostPort?: number
  readonly labels: Readonly<Record<string, string>>
  readonly logFile: string
}

export interface RunningContainer {
  readonly id: string
  readonly host: string
  readonly port: number
  /** `sha256:…`, by which the image is known in its registry or, made here, on this machine. */
  readonly digest: string
  /** How it ended, `with code 1`. Rejects where the runtime went away. */
  readonly ended: Promise<string>
  stop(withinMs: number): Promise<void>
}

export interface Containers {
  /** The runtime's name and version; throws where none answers. */
  version(): Promise<string>
  has(image: string): Promise<boolean>
  /** Throws the registry's words. */
  pull(image: string): Promise<void>
  /** Resolves when the container runs, which is before it answers. */
  run(spec: ContainerSpec): Promise<RunningContainer>
  /** Removes every container that carries a label, `name=value`, whatever it does; how many there were. */
  remove(label: string): Promise<number>
  /** The same, for a process that is about to end: nothing can be waited for. */
  removeAtExit(label: string): void
}
