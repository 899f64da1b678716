// Another time for a process: libfaketime, loaded before all other libraries, tells it what a file says at that moment.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../journal.ts'

/** Where packages put it: Debian's has the machine's triplet in its path. */
const FOLDERS = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/lib/x86_64-linux-gnu']
const NAME = 'libfaketime.so.1'

/** Its file: `AFTERSHOCK_FAKETIME`, or where the system's packages have it; undefined where it is not installed. */
export function findFaketime({ AFTERSHOCK_FAKETIME: own }: Environment): string | undefined {
  if (own !== undefined && own !== '') return existsSync(own) ? own : undefined
  const folders = FOLDERS.flatMap((folder) => [folder, ...subfolders(folder)])
  return folders
    .flatMap((folder) => [join(folder, 'faketime', NAME), join(folder, NAME)])
    .find((file) => existsSync(file))
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  const triplets = readdirSync(folder).filter((name) => name.endsWith('-linux-gnu'))
  return triplets.map((name) => join(folder, name))
}

/**
 * Python 3.11 and later sleep by a call that libfaketime 0.9.10 answers EINVAL: they sleep in another way meanwhile.
 * What else would be found by this name runs as well.
 */
const PYTHON = `import importlib.machinery, importlib.util, os, select, sys, time

def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)

time.sleep = sleep
here = os.path.dirname(os.path.abspath(__file__))
elsewhere = [path for path in sys.path if os.path.abspath(path) != here]
spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
if spec is not None and spec.loader is not None:
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
`

/** The clock of one process and what it starts, across restarts; right until it is shifted. */
export class FakeClock {
  readonly #library: string
  readonly #folder: string
  readonly #file: string
  #shiftMs = 0

  /** Keeps its files in `folder`. */
  constructor(library: string, folder: string) {
    this.#library = library
    this.#folder = folder
    this.#file = join(folder, 'clock')
    mkdirSync(join(folder, 'python'), { recursive: true })
    writeFileSync(join(folder, 'python', 'sitecustomize.py'), PYTHON)
    this.#write()
  }

  /** Takes effect within a second. */
  shift(ms: number): void {
    this.#shiftMs += ms
    this.#write()
  }

  /** What the process is started with, beside its own. */
  environment(own: Environment): Environment {
    const { LD_PRELOAD: preload, PYTHONPATH: path } = own
    return {
      ...own,
      LD_PRELOAD: [this.#library, ...(preload === undefined ? [] : [preload])].join(':'),
      PYTHONPATH: [join(this.#folder, 'python'), ...(path === undefined ? [] : [path])].join(':'),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: '1',
      // Timers go on as they are; with the repair for old versions of glibc, Java's waits would end early.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_FORCE_MONOTONIC_FIX: '0',
    }
  }

  /** Gives back what the library shares among the children of a process and leaves when that is killed. */
  ended(pid: number): void {
    for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`])
      rmSync(join('/dev/shm', name), { force: true })
  }

  /** It is read while it is written: never half a number. */
  #write(): void {
    const next = `${this.#file}.next`
    const seconds = this.#shiftMs / 1_000
    writeFileSync(next, `${seconds < 0 ? '' : '+'}${seconds}\n`)
    renameSync(next, this.#file)
  }
}
