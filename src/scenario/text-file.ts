// Reads a scenario in YAML or JSON, and says at which line and column each part of it stands.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { BadInputError } from '../base/errors.ts'
import { firstSlip } from './json-text.ts'
import { inOneLine, type Path, plain, type Source, written } from './source.ts'
import { keyText, MERGE_KEY, offsetOf, startOf } from './yaml-nodes.ts'

/** Throws BadInputError at the first place where the text is not what its name says. */
export function readText(name: string, text: string, isJson: boolean): Source {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: !isJson,
    logLevel: 'error',
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }
  const refuse = (offset: number, message: string): never => {
    throw new BadInputError(inOneLine(`${at(offset)}: ${message}`))
  }
  const slip = isJson && text.trim() !== '' ? firstSlip(text) : undefined
  if (slip !== undefined) refuse(slip.offset, `not JSON: ${slip.message}`)
  const [wrong] = [...document.errors, ...document.warnings]
  if (wrong !== undefined) refuse(wrong.pos[0], syntaxProblem(wrong, text))
  refuseOddities(document, refuse)
  const locate = (path: Path, on?: 'key') => {
    const offset = offsetOf(document, path, on)
    return {
      where: path.length === 0 ? at(offset) : `${at(offset)}: ${written(path)}`,
      order: offset,
    }
  }
  const data = plain(expanded(document, refuse), (path, message) =>
    refuse(offsetOf(document, path), `${written(path)}: ${message}`),
  )
  return { data, locate }
}

/** The parser's words, but for those that speak of the parser. */
function syntaxProblem({ code, message, pos }: YAMLError, text: string): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a file holds one scenario, and here a second document begins'
    case 'DUPLICATE_KEY':
      return `the key ${/^"[^"]*"|^[^\s:,}]*/.exec(text.slice(pos[0]))?.[0]} stands here a second time`
    case 'TAB_AS_INDENT':
      return 'not YAML: a tab cannot indent; use spaces'
    case 'TAG_RESOLVE_FAILED':
      return `not YAML: ${message.toLowerCase()}`
    default:
      return `not YAML: ${message}`
  }
}

/** What the parser lets pass, and a scenario cannot mean. */
function refuseOddities(
  document: Document,
  refuse: (offset: number, message: string) => never,
): void {
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        refuse(
          startOf(alias) ?? 0,
          `*${alias.source} stands for nothing: no anchor &${alias.source} before it`,
        )
    },
    Pair(_, pair) {
      const { key, value } = pair
      if (keyText(pair) === MERGE_KEY) {
        const sources = isSeq(value) ? value.items : [value]
        if (!sources.every((source) => isMap(isAlias(source) ? source.resolve(document) : source)))
          refuse(startOf(key) ?? 0, `${MERGE_KEY} takes a mapping, or a list of mappings`)
      } else if (!isScalar(key) || key.value === null)
        refuse(startOf(key) ?? startOf(value) ?? 0, 'a key must be text')
    },
  })
}

function expanded(document: Document, refuse: (offset: number, message: string) => never): unknown {
  try {
    // The parser's own guard: past a hundred copies of copies an alias is an attack.
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    let first = 0
    visit(document, {
      Alias(_, alias) {
        first = startOf(alias) ?? 0
        return visit.BREAK
      },
    })
    return refuse(first, 'the aliases expand to far too much; write out what they stand for')
  }
}
