// A host's HTTP calls over sockets, on undici: answers read as they come, deadlines by the world's clock.
import type { Agent, Dispatcher } from 'undici'
import { SplitReply } from '../split-reply.ts'
import {
  CallError,
  type CallResult,
  type Headers,
  type Json,
  type Reply,
  type Timeouts,
} from '../world.ts'
import type { Arrears } from './arrears.ts'
import { Deadline } from './deadline.ts'
import { answered, classOf, Ending, resultOf, saysJson, skewIn, storeError } from './endings.ts'
import type { CallFact, Tell } from './fact.ts'
import { ownMsOf } from './own-latency.ts'
import type { Life } from './process.ts'
import { ASKED_HEADER, CALL_HEADER, type CallStages } from './stages.ts'
import type { RealTime } from './time.ts'

/** What all calls of one thread share. */
export interface Calling {
  readonly time: RealTime
  readonly tell: Tell
  readonly stages: CallStages
  /** Where this thread's slots begin. */
  readonly slotOffset: number
}

/** Who calls whom about what, for the books. */
export interface About {
  readonly from: string
  readonly to: string
  readonly route: string
  readonly item: number
  readonly key: string
}

export interface Outgoing {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string | null
  readonly timeouts: Timeouts
  /** A store's answer: its errors are XML. */
  readonly isStore: boolean
  readonly text?: true | undefined
}

/** Sends a call; resolves when the answer's head has come. Throws `CallError`. */
export function send(
  agent: Agent,
  life: Life,
  calling: Calling,
  about: About,
  out: Outgoing,
): Promise<Reply> {
  const call = new OpenCall(life, calling, about, out)
  call.start(agent)
  return call.reply
}

class OpenCall implements Dispatcher.DispatchHandler {
  readonly reply: Promise<Reply>
  readonly #life: Life
  readonly #calling: Calling
  readonly #about: About
  readonly #out: Outgoing
  readonly #slot: number
  readonly #startUs: number
  readonly #arrears: Arrears | undefined
  #resolve!: (reply: Reply) => void
  #reject!: (error: CallError) => void
  #controller: Dispatcher.DispatchController | undefined
  #deadline: Deadline | undefined
  #answer: SplitReply | undefined
  #status = 0
  #isText = false
  #askedMs = Number.NaN
  #chunks: Buffer[] = []
  #over = false
  readonly #die = () => this.#controller?.abort(new Ending('died'))

  constructor(life: Life, calling: Calling, about: About, out: Outgoing) {
    this.#life = life
    this.#calling = calling
    this.#about = about
    this.#out = out
    this.#slot = calling.stages.take(calling.slotOffset)
    this.#startUs = calling.time.nowUs
    this.#arrears = life.inSlot.getStore()
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  start(agent: Agent): void {
    const { to, item, route } = this.#about
    const { url, method, headers, body, timeouts } = this.#out
    this.#calling.tell({ fact: 'start', atUs: this.#startUs, to, item, route })
    this.#life.onDeath.add(this.#die)
    const { time, stages } = this.#calling
    this.#deadline = new Deadline(
      { time, stages, slot: this.#slot, startMs: this.#startUs / 1_000, timeouts },
      (klass) => this.#end(new Ending(klass)),
    )
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: method as Dispatcher.HttpMethod,
        headers: { ...headers, [CALL_HEADER]: String(this.#slot) },
        body,
      },
      this,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Ending('over'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): void {
    if (status < 200 || this.#over) return
    this.#status = status
    this.#askedMs = Number(headers[ASKED_HEADER])
    this.#isText = this.#out.text === true && !saysJson(headers['content-type'])
    if (this.#out.isStore) this.#tellSkew(headers.date)
    this.#deadline?.answered()
    const answer = new SplitReply(status, plain(headers), () => this.#end(new Ending('aborted')))
    this.#answer = answer
    this.#life.wake(() => this.#resolve(answer))
  }

  /** Of a presigned URL, which may have been signed at any time since the world was put up. */
  #tellSkew(date: string | readonly string[] | undefined): void {
    const signed = this.#out.url.searchParams.get('X-Amz-Date') ?? undefined
    const { tell, time } = this.#calling
    const ms = skewIn(signed, typeof date === 'string' ? date : undefined, time.upForMs)
    if (ms !== 0) tell({ fact: 'skew', atUs: time.nowUs, host: this.#about.from, ms })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#finish(this.#whole(Buffer.concat(this.#chunks).toString('utf8')))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error)
  }

  #whole(text: string): { result: CallResult & { message?: string }; body: Json } {
    if (this.#out.isStore) {
      const said = this.#status < 400 ? {} : storeError(text)
      const { code = null, message = null } = said
      return {
        result: resultOf(this.#status, said),
        body: this.#status < 400 ? null : { code, message },
      }
    }
    return answered(this.#status, text, this.#isText)
  }

  #finish({ result, body }: { result: CallResult & { message?: string }; body: Json }): void {
    const answer = this.#answer
    if (!this.#conclude(result, this.#about.route, body)) return
    if (result.class === 'bad-body') answer?.lose(new CallError(result))
    else answer?.complete(body)
  }

  /** The caller's side ends without a whole answer. */
  #end(error: unknown): void {
    if (this.#over) return
    const answer = this.#answer
    const klass = classOf(error, this.#calling.stages, this.#slot)
    const concluded = this.#conclude(
      { class: klass },
      answer === undefined ? this.#about.route : 'reply',
      null,
    )
    this.#controller?.abort(error instanceof Error ? error : new Ending(klass))
    if (!concluded) return
    const failure = new CallError({ class: klass })
    if (answer === undefined) this.#life.wake(() => this.#reject(failure))
    else this.#life.wake(() => answer.lose(failure))
  }

  /** Writes the attempt into the books; false when the caller has died and nobody is left to learn of it. */
  #conclude(result: CallResult & { message?: string }, stage: string, body: Json): boolean {
    this.#over = true
    this.#deadline?.[Symbol.dispose]()
    this.#life.onDeath.delete(this.#die)
    if (this.#life.dead) return false
    const { nowUs: atUs, speed } = this.#calling.time
    const ownMs = ownMsOf(atUs, this.#startUs, this.#askedMs)
    this.#arrears?.lost(ownMs, speed)
    const fact: CallFact = {
      fact: 'call',
      atUs,
      startUs: this.#startUs,
      ownMs,
      ...this.#about,
      stage,
      ...result,
      body,
    }
    this.#calling.tell(fact)
    return true
  }
}

function plain(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
}
