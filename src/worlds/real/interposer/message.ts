// Reads and writes the parts of HTTP messages that pass an interposer.
import { STORE_NAME } from '../../world.ts'
import { FROM_HEADER } from '../inbound-call.ts'
import { SIZE_HEADER, TOOK_HEADER } from '../serving.ts'
import { CALL_HEADER } from '../stages.ts'
import type { Head } from './far-side.ts'

/** What our own host says of its time, which is nobody else's business. */
export function withoutTook(headers: readonly string[]): [tookMs: number, kept: readonly string[]] {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === TOOK_HEADER)
  if (at < 0) return [0, headers]
  return [Number(headers[at + 1]), headers.toSpliced(at, 2)]
}

/** Of names and values in turn; the name in small letters. */
export function headerIn(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((one, i) => i % 2 === 0 && one.toLowerCase() === name)
  return at < 0 ? undefined : headers[at + 1]
}

export function sizeIn({ headers }: Head): number {
  return Number(headerIn(headers, SIZE_HEADER) ?? headerIn(headers, 'content-length') ?? 0)
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Of an error's XML; nothing where there is nothing to say. */
export function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${escaped(text)}</${name}>`
}

/** Ours are taken off; a pipeline's own hosts are told who calls. `Host` stays: signatures cover it. */
export function headersFor(
  { from, to }: { readonly from: string; readonly to: string },
  raw: readonly string[],
): string[] {
  const kept: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]]
    const isOurs = name.toLowerCase() === CALL_HEADER && to === STORE_NAME
    if (!isOurs) kept.push(name, value)
  }
  return to === STORE_NAME ? kept : [...kept, FROM_HEADER, from]
}
