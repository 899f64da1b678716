// XML as S3 speaks it: elements and text, written as MinIO does and read strictly.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Refusal } from './refusals.ts'

export type Content = string | number | boolean | readonly (Element | undefined)[]
export type Element = readonly [name: string, content: Content]

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  // Not even a reference to it is XML.
  '\0': '\ufffd',
}

/** A document; all but errors are in S3's namespace. */
export function xml([name, content]: Element, namespace = NAMESPACE): string {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${written(content)}</${name}>`
}

function written(content: Content): string {
  if (typeof content === 'object')
    return content
      .filter((child) => child !== undefined)
      .map(([name, inner]) => `<${name}>${written(inner)}</${name}>`)
      .join('')
  // Control characters are no XML, but keys may hold them, and clients that ask for them unescaped get what they asked for.
  return String(content).replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[&<>"'\u0000-\u001f]/g,
    (c) => ESCAPES[c] ?? `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`,
  )
}

/** An element that was read: its text, or those in it. One that came several times is an array. */
export type Read = string | { readonly [name: string]: Read } | readonly Read[]

const PARSER = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  removeNSPrefix: true,
  // Keys are text: `001` is no number, and a space at an end is part of one.
  parseTagValue: false,
  trimValues: false,
  // For character references by number.
  htmlEntities: true,
})

const VERBATIM = /<!\[CDATA\[[\s\S]*?\]\]>/g
/** Entities of a document's own are nothing that S3 knows, and a way to make little text large. */
const UNKNOWN = /<!DOCTYPE|&(?!(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

/** What the parser lets pass, some of it by leaving it out: a key would become another. */
function isStrict(text: string): boolean {
  const outside = text.replaceAll(VERBATIM, '')
  const referred = [...outside.matchAll(/&#(x?)([\da-f]+);/gi)].map(([, base, digits = '']) =>
    Number.parseInt(digits, base === '' ? 10 : 16),
  )
  return (
    !UNKNOWN.test(outside) &&
    CHARACTERS.test(text) &&
    referred.every((code) => code <= 0x10ffff && CHARACTERS.test(String.fromCodePoint(code)))
  )
}

/** What the document's root holds; a `Refusal` unless it is well-formed and its root is called so. */
export function readXml(text: string, root: string): Readonly<Record<string, Read>> {
  if (XMLValidator.validate(text) !== true || !isStrict(text)) throw new Refusal('malformedXml')
  const document = parsed(text)[root]
  // An empty element reads as an empty text.
  if (typeof document === 'string') return {}
  if (document === undefined || isSeveral(document)) throw new Refusal('malformedXml')
  return document
}

function parsed(text: string): Readonly<Record<string, Read>> {
  try {
    return PARSER.parse(text) as Readonly<Record<string, Read>>
  } catch {
    // Names that mean something to JavaScript, and too much of one thing in another, are refused by the parser itself.
    throw new Refusal('malformedXml')
  }
}

function isSeveral(read: Read): read is readonly Read[] {
  return Array.isArray(read)
}

/** The elements of one name, none, one or many. */
export function all(read: Read | undefined): readonly Read[] {
  if (read === undefined) return []
  return isSeveral(read) ? read : [read]
}

/** The text of an element in this one, empty where it is missing; a `Refusal` where it is several, or no text. */
export function textIn(element: Read, name: string): string {
  const found = typeof element === 'string' || isSeveral(element) ? '' : (element[name] ?? '')
  if (typeof found !== 'string') throw new Refusal('malformedXml')
  return found
}
