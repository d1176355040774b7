import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { type Env, substitute } from './substitute.ts'

/** A value of the file, with where it stands and how it is written. Aliases and merge keys are resolved. */
export interface Tree {
  /** The first character in the text. */
  readonly offset: number
  readonly content:
    | { readonly kind: 'scalar'; readonly value: Plain }
    | { readonly kind: 'map'; readonly fields: ReadonlyMap<string, Field> }
    | { readonly kind: 'list'; readonly items: readonly Tree[] }
  /** A scalar without quotes, as it stands in the file; null for others. */
  readonly written: string | null
  /** Whether values were put into it, so that it may hold a secret. */
  readonly hasValues: boolean
  /** Whether a value is missing in it. What is wrong with it otherwise is not known then. */
  readonly isUnknown: boolean
}

/** A key of a map, and its value. */
export interface Field {
  readonly keyOffset: number
  readonly tree: Tree
}

/** Something wrong at a place in the text. */
export interface Mistake {
  readonly offset: number
  readonly message: string
}

interface Reading {
  readonly document: Document.Parsed
  readonly env: Env | null
  readonly lineOf: (offset: number) => number
  readonly mistakes: Mistake[]
  /** The anchors that are being read: an alias inside its own anchor has no end. */
  readonly open: Set<unknown>
  /** Values read so far; aliases of aliases could be more than fit into memory. */
  count: number
}

const mostValues = 100_000

type Plain = string | number | bigint | boolean | null

const leaf = (offset: number, value: Plain): Tree => ({
  offset,
  content: { kind: 'scalar', value },
  written: null,
  hasValues: false,
  isUnknown: false,
})

/**
 * Reads the document into a tree, and replaces `${…}` in its values; without an environment they stay. Returns also every
 * mistake: variables that are not set, keys that are there twice, aliases without an anchor.
 */
export const readTree = (
  document: Document.Parsed,
  env: Env | null,
  lineOf: (offset: number) => number,
): { readonly tree: Tree; readonly mistakes: readonly Mistake[] } => {
  const reading: Reading = { document, env, lineOf, mistakes: [], open: new Set(), count: 0 }
  return { tree: treeOf(document.contents, 0, reading), mistakes: reading.mistakes }
}

const treeOf = (node: ParsedNode | null, parent: number, reading: Reading): Tree => {
  const offset = node?.range[0] ?? parent
  const fail = (message: string): Tree => {
    reading.mistakes.push({ offset, message })
    return { ...leaf(offset, null), isUnknown: true }
  }
  if (++reading.count > mostValues)
    return reading.count === mostValues + 1 ? fail('too many values: aliases repeat aliases') : leaf(offset, null)
  if (isAlias(node)) {
    const anchored = anchorOf(node, reading)
    return typeof anchored === 'string'
      ? fail(anchored)
      : inside(anchored, reading, () => treeOf(anchored, offset, reading))
  }
  const whole = { offset, written: null, hasValues: false, isUnknown: false }
  if (isMap(node))
    return inside(node, reading, () => ({
      ...whole,
      content: { kind: 'map', fields: fieldsOf(node as YAMLMap.Parsed, reading) },
    }))
  if (isSeq(node)) {
    const read = (): readonly Tree[] => node.items.map((item) => treeOf(item as ParsedNode, offset, reading))
    return inside(node, reading, () => ({ ...whole, content: { kind: 'list', items: read() } }))
  }
  return node === null ? leaf(offset, null) : scalarOf(node as Scalar.Parsed, reading)
}

const inside = <T>(node: unknown, { open }: Reading, read: () => T): T => {
  open.add(node)
  try {
    return read()
  } finally {
    open.delete(node)
  }
}

/** What an alias stands for, or what is wrong with it. */
const anchorOf = (alias: Alias.Parsed, { document, open }: Reading): ParsedNode | string => {
  const anchored = alias.resolve(document)
  if (anchored === undefined) return 'an alias (*) without its anchor (&); a text that begins with * needs quotes'
  return open.has(anchored) ? 'an alias (*) inside its own anchor (&)' : (anchored as ParsedNode)
}

const scalarOf = (node: Scalar.Parsed, { env, mistakes }: Reading): Tree => {
  const offset = node.range[0]
  const written = node.type === 'PLAIN' ? (node.source ?? null) : null
  if (typeof node.value !== 'string') return { ...leaf(offset, node.value as Plain), written }
  if (env === null || !node.value.includes('${')) return { ...leaf(offset, node.value), written }
  const { text, hasValues, problems } = substitute(node.value, env)
  mistakes.push(...problems.map((message) => ({ offset, message })))
  return { ...leaf(offset, text), hasValues, isUnknown: problems.length > 0 }
}

/** A map's own keys win over those that `<<` brings, and the first of several sources over the later ones. */
const fieldsOf = (map: YAMLMap.Parsed, reading: Reading): ReadonlyMap<string, Field> => {
  const own = new Map<string, Field>()
  const merged = new Map<string, Field>()
  for (const { key, value } of map.items) {
    const keyOffset = key?.range[0] ?? map.range[0]
    const fail = (message: string): void => void reading.mistakes.push({ offset: keyOffset, message })
    if (!isScalar(key)) {
      fail('expected a key: a text before the colon')
      continue
    }
    const name = String(key.value)
    if (name === '<<' && key.type === 'PLAIN') {
      for (const [mergedName, field] of mergedFields(value, keyOffset, reading))
        if (!merged.has(mergedName)) merged.set(mergedName, field)
      continue
    }
    const earlier = own.get(name)
    if (earlier) fail(`the key "${name}" is there twice, first in line ${reading.lineOf(earlier.keyOffset)}`)
    else if (name === '__proto__') fail('"__proto__" cannot be a key or a name')
    else own.set(name, { keyOffset, tree: treeOf(value, keyOffset, reading) })
  }
  return new Map([...merged, ...own])
}

const mergedFields = (
  node: ParsedNode | null,
  keyOffset: number,
  reading: Reading,
): readonly (readonly [string, Field])[] => {
  const { content } = treeOf(node, keyOffset, reading)
  const sources = content.kind === 'list' ? content.items.map((item) => item.content) : [content]
  return sources.flatMap((source) => {
    if (source.kind === 'map') return [...source.fields]
    reading.mistakes.push({ offset: keyOffset, message: 'expected a map, or an alias (*) of one, after <<' })
    return []
  })
}

/** The plain value of a tree, which a schema can check. Keys are own properties, whatever they are called. */
export const plainOf = ({ content }: Tree): unknown => {
  if (content.kind === 'scalar') return content.value
  if (content.kind === 'list') return content.items.map(plainOf)
  return Object.fromEntries([...content.fields].map(([name, { tree }]) => [name, plainOf(tree)]))
}

/** The value at a path; of one that is missing, its nearest parent. `isThere` says which. */
export const find = (tree: Tree, path: readonly PropertyKey[]): { readonly tree: Tree; readonly isThere: boolean } => {
  let found = tree
  for (const step of path) {
    const { content } = found
    const next =
      content.kind === 'map'
        ? content.fields.get(String(step))?.tree
        : content.kind === 'list'
          ? content.items[Number(step)]
          : undefined
    if (next === undefined) return { tree: found, isThere: false }
    found = next
  }
  return { tree: found, isThere: true }
}
