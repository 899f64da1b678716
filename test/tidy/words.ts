// House rules about names and text: what a file is called, how it opens, how long it is, what must not stand in it.
import { everyNode, nameOf, type Rule } from './source.ts'

export const MOST_LINES = 300

/** Names that say nothing: what is in such a file belongs where it is used. */
const EMPTY_NAMES =
  /(^|[-./])(utils?|helpers?|managers?|commons?|types|misc|shared|interfaces)([-.](test))?\.[mc]?tsx?$|\/(utils?|helpers?|commons?|types|misc|shared|interfaces)\//

export const fileNames: Rule = (sources) =>
  sources.flatMap(({ path }) => [
    ...(EMPTY_NAMES.test(path) ? [`${path}:1: a name that says nothing`] : []),
    ...(/^[a-z0-9.-]+$/.test(path.replace(/^.*\//, ''))
      ? []
      : [`${path}:1: file names are kebab-case`]),
  ])

/** What a file is for, as its first words: a comment that begins with a capital or a `code`, and ends its sentence. */
export const opening: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.replace(/^#!.*\n/, '').split('\n')
    const end = lines.findIndex((line) => !line.startsWith('//'))
    const comment = lines
      .slice(0, end < 0 ? undefined : end)
      .map((line) => line.replace(/^\/\/ ?/, ''))
    const sentence = comment
      .slice(0, comment.includes('') ? comment.indexOf('') : undefined)
      .join(' ')
    return /^[\p{Lu}\p{N}`'"].*[.:?!]$/u.test(sentence)
      ? []
      : [`${path}:1: opens without a sentence that says what it is for`]
  })

export const lengths: Rule = (sources) =>
  sources
    .filter(({ path }) => path.startsWith('src/'))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(
      ({ path, lines }) =>
        `${path}:${lines}: longer than ${MOST_LINES} lines: its second idea wants a file`,
    )

/** Types are not switched off. Where it has to be, biome's own comment beside it says why. */
export const typing: Rule = (sources) =>
  sources.flatMap((source) => {
    const lines = source.text.split('\n')
    const found: string[] = []
    const complain = (line: number, what: string) => {
      const excused = [lines[line - 1], lines[line - 2]].some((text) =>
        /biome-ignore \S+: \S/.test(text ?? ''),
      )
      if (!excused) found.push(`${source.path}:${line}: ${what}`)
    }
    everyNode(source, (node) => {
      if (node.type === 'TSAnyKeyword') complain(source.lineOf(node), "'any'")
      if (node.type === 'TSNonNullExpression') complain(source.lineOf(node), "a '!' that asserts")
      if (node.type === 'TSEnumDeclaration' || node.type === 'TSModuleDeclaration')
        complain(source.lineOf(node), 'an enum or a namespace')
      if (node.type === 'TSParameterProperty') complain(source.lineOf(node), 'a parameter property')
    })
    for (const [i, line] of lines.entries())
      if (/\/[/*].*@ts-(ignore|nocheck|expect-error)\b/.test(line))
        complain(i + 1, 'a comment that silences the compiler')
    return found
  })

const UNFINISHED = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`,
)
const RUNNERS = ['test', 'it', 'describe', 'suite', 'bench']

/** Nothing unfinished, nothing that keeps other tests from running. */
export const leftovers: Rule = (sources) =>
  sources.flatMap((source) => {
    const found: string[] = []
    for (const [i, line] of source.text.split('\n').entries()) {
      const word = UNFINISHED.exec(line)?.[1]
      if (word !== undefined) found.push(`${source.path}:${i + 1}: ${word}`)
    }
    everyNode(source, (node) => {
      if (
        node.type !== 'MemberExpression' ||
        !['only', 'skip', 'todo'].includes(nameOf(node.property) ?? '')
      )
        return
      if (RUNNERS.includes(nameOf(node.object) ?? ''))
        found.push(`${source.path}:${source.lineOf(node)}: .${nameOf(node.property)}`)
    })
    return found
  })
