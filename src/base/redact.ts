// Takes secrets out of text before anybody reads it: signatures, tokens, keys and passwords.

const REDACTED = '[redacted]'

/** What a value in a URL, a header, a JSON text or a shell line may consist of. */
const VALUE = '[^\\s"\'&;,<>\\\\]+'
/** `=`, `: "`, `\\":\\"` of JSON in JSON, `%3D` of a URL in a URL. */
const ASSIGNED = '\\\\?["\']?\\s*(?:[=:]|%3D)\\s*\\\\?["\']?'

const NAMES = [
  'x-amz-(?:signature|credential|security-token)',
  'awsaccesskeyid',
  'signature',
  'sig',
  '(?:access|secret|api|private|account)[-_]?key(?:[-_]?id)?',
  'secret(?:[-_]?access[-_]?key)?',
  '(?:minio|aws|redis|pg)[a-z_]*(?:password|secret|token)[a-z_]*',
  '(?:access|refresh|id|auth|session|security|bearer)?[-_]?token',
  'password',
  'passwd',
  'pwd',
].join('|')

/** Each with what stays of it. */
const RULES: readonly (readonly [RegExp, string])[] = [
  // `?X-Amz-Signature=…`, `"api_key": "…"`, `SECRET_KEY=…`
  [new RegExp(`(?<![a-z])((?:${NAMES})${ASSIGNED})${VALUE}`, 'gi'), `$1${REDACTED}`],
  // `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`: a parameter each.
  [/\b(Credential=)[^\s,&"']+/g, `$1${REDACTED}`],
  // `Authorization: Bearer …`
  [/\b((?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi, `$1${REDACTED}`],
  // `redis://user:password@host`
  [/\b([a-z][a-z\d+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+@/gi, `$1${REDACTED}@`],
  // A JSON web token, wherever it stands.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  // Keys that say what they are: AWS, OpenAI and its like, GitHub, Slack.
  [
    /\b(?:(?:AKIA|ASIA)[A-Z\d]{16}|sk-[\w-]{16,}|gh[pousr]_\w{20,}|xox[abps]-[\w-]{10,})/g,
    REDACTED,
  ],
]

/** A text that has none of these cannot hold a secret that is known here. */
const SUSPECT =
  /key|sig|token|secret|passw|pwd|credential|bearer|basic|:\/\/|eyJ|AKIA|ASIA|sk-|gh[pousr]_|xox/i

/** Redacting twice changes nothing more. */
export function redact(text: string): string {
  if (!SUSPECT.test(text)) return text
  return RULES.reduce((left, [pattern, kept]) => left.replaceAll(pattern, kept), text)
}

/** Every text in plain data, keys included; what holds none comes back as it is. */
export function redacted<T>(data: T): T {
  return walk(data) as T
}

function walk(data: unknown): unknown {
  if (typeof data === 'string') return redact(data)
  if (typeof data !== 'object' || data === null) return data
  if (Array.isArray(data)) {
    // Most arrays are figures: there is nothing to look for.
    const changed = data.map((one) => (typeof one === 'number' ? one : walk(one)))
    return changed.every((one, i) => one === data[i]) ? data : changed
  }
  const entries = Object.entries(data)
  const changed = entries.map(([key, value]) => [redact(key), walk(value)] as const)
  const same = changed.every(
    ([key, value], i) => key === entries[i]?.[0] && value === entries[i]?.[1],
  )
  return same ? data : Object.fromEntries(changed)
}
