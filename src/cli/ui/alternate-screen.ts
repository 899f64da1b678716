// The terminal's second screen, as editors use it: whatever a resize does to frames there, nothing of it stays.

const ENTER = '\u001b[?1049h\u001b[H'
const LEAVE = '\u001b[?1049l'
const WIPE = '\u001b[2J\u001b[H'

/** Entered until disposed of, or the process ends. */
export class AlternateScreen implements Disposable {
  readonly #stream: NodeJS.WriteStream
  readonly #leave = () => void this.#stream.write(LEAVE)

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.write(ENTER)
    process.on('exit', this.#leave)
  }

  wipe(): void {
    this.#stream.write(WIPE)
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#leave)
    this.#leave()
  }
}
