// Finds where a text stops being JSON, and says why; the YAML parser, which also reads JSON, would forgive too much.

export interface Slip {
  readonly offset: number
  readonly message: string
}

const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/u
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b)/u
const TOKEN = new RegExp(`([{}[\\],:])|(${STRING.source})|${SCALAR.source}`, 'uy')
const SPACE = /[ \t\n\r]*/y

type Awaited =
  | 'value'
  | 'value or end'
  | 'key'
  | 'key or end'
  | 'colon'
  | 'comma or end'
  | 'nothing'

const EXPECTED: Readonly<Record<Awaited, string>> = {
  value: 'a value',
  'value or end': "a value or ']'",
  key: 'a key in double quotes',
  'key or end': "a key in double quotes or '}'",
  colon: "':'",
  'comma or end': "',' or the closing bracket",
  nothing: 'the end of the file',
}

/** The first place at which a text is not JSON, or undefined. */
export function firstSlip(text: string): Slip | undefined {
  const open: ('{' | '[')[] = []
  let awaited: Awaited = 'value'
  let offset = 0
  for (;;) {
    SPACE.lastIndex = offset
    offset += SPACE.exec(text)?.[0].length ?? 0
    if (offset >= text.length) break
    TOKEN.lastIndex = offset
    const [token, mark, string]: readonly (string | undefined)[] = TOKEN.exec(text) ?? []
    const next: Awaited | undefined =
      token === undefined
        ? undefined
        : after(awaited, mark ?? (string === undefined ? 'scalar' : 'string'), open)
    if (token === undefined || next === undefined)
      return { offset, message: slip(text, offset, awaited) }
    awaited = next
    offset += token.length
  }
  return awaited === 'nothing'
    ? undefined
    : { offset, message: `the file ends where ${EXPECTED[awaited]} is due` }
}

/** What is due after a token; undefined where the token itself was not due. */
function after(awaited: Awaited, token: string, open: ('{' | '[')[]): Awaited | undefined {
  const closed = () => {
    open.pop()
    return ended(open)
  }
  const valueIsDue = awaited === 'value' || awaited === 'value or end'
  switch (token) {
    case '{':
    case '[':
      if (!valueIsDue) return undefined
      open.push(token)
      return token === '{' ? 'key or end' : 'value or end'
    case '}':
      return awaited === 'key or end' || (awaited === 'comma or end' && open.at(-1) === '{')
        ? closed()
        : undefined
    case ']':
      return awaited === 'value or end' || (awaited === 'comma or end' && open.at(-1) === '[')
        ? closed()
        : undefined
    case ',':
      return awaited === 'comma or end' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined
    case ':':
      return awaited === 'colon' ? 'value' : undefined
    case 'string':
      if (awaited === 'key' || awaited === 'key or end') return 'colon'
      return valueIsDue ? ended(open) : undefined
    default:
      return valueIsDue ? ended(open) : undefined
  }
}

function ended(open: readonly string[]): Awaited {
  return open.length === 0 ? 'nothing' : 'comma or end'
}

function slip(text: string, offset: number, awaited: Awaited): string {
  const rest = text.slice(offset)
  if (/^\/[/*]|^#/.test(rest)) return 'JSON has no comments; a .yaml file has'
  if (rest.startsWith("'")) return 'JSON texts stand in double quotes, not single ones'
  if (/^[}\]]/.test(rest) && (awaited === 'key' || awaited === 'value'))
    return `nothing may stand between the last comma and '${rest[0]}'`
  if (rest.startsWith('"') && rest.search(STRING) !== 0)
    return 'this text is not closed, or holds a bad escape or a line break'
  if (rest.startsWith('"') && awaited === 'colon') return "a ':' is missing before this"
  if (rest.startsWith('"') && awaited === 'comma or end') return "a ',' is missing before this"
  const found = /^[\w.+-]+|^./su.exec(rest)?.[0] ?? ''
  return `'${found}' stands where ${EXPECTED[awaited]} is due`
}
