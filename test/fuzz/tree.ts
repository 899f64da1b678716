// A document as a tree that may be wrong: mappings keep their order and may have a key twice. Written as YAML or JSON.
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'

export type Tree = null | boolean | number | string | readonly Tree[] | Mapping

export type Entry = readonly [key: string, value: Tree]

export class Mapping {
  readonly entries: readonly Entry[]

  constructor(entries: readonly Entry[]) {
    this.entries = entries
  }
}

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf)
  if (typeof value !== 'object' || value === null) return value as Tree
  return new Mapping(Object.entries(value).map(([key, inner]) => [key, treeOf(inner)]))
}

export function toJson(tree: Tree, indent = ''): string {
  const inner = `${indent}  `
  const block = (open: string, lines: readonly string[], close: string) =>
    lines.length === 0
      ? open + close
      : `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`
  if (tree instanceof Mapping)
    return block(
      '{',
      tree.entries.map(([key, value]) => `${JSON.stringify(key)}: ${toJson(value, inner)}`),
      '}',
    )
  if (Array.isArray(tree))
    return block(
      '[',
      tree.map((item) => toJson(item, inner)),
      ']',
    )
  // JSON has a number that is too large for any, but none that is no number.
  if (typeof tree === 'number' && !Number.isFinite(tree))
    return Number.isNaN(tree) ? 'NaN' : `${tree < 0 ? '-' : ''}1e999`
  return JSON.stringify(tree)
}

export function toYaml(tree: Tree): string {
  const document = new Document()
  document.contents = nodeOf(tree) as typeof document.contents
  return document.toString({ lineWidth: 0 })
}

function nodeOf(tree: Tree): unknown {
  if (tree instanceof Mapping) {
    const map = new YAMLMap()
    map.items = tree.entries.map(([key, value]) => new Pair(new Scalar(key), nodeOf(value)))
    return map
  }
  if (!Array.isArray(tree)) return new Scalar(tree)
  const sequence = new YAMLSeq()
  sequence.items = tree.map(nodeOf)
  return sequence
}
