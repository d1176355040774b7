import { describe, expect, it } from 'vitest'
import { breakingChanges } from '../../contract/breaking.ts'
import type { JsonSchema } from '../../contract/json-schema.ts'
import { baseline, committed } from './validate.ts'

type Node = Record<string, unknown>
type Schemas = Map<string, JsonSchema>

/** Every schema in a schema, however deep, with what it is called. */
const nodesIn = (schema: unknown, path: string): { node: Node; path: string }[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const node = schema as Node
  const inner = Object.entries(node).flatMap(([key, value]) =>
    key === 'examples' ? [] : nodesIn(value, `${path}/${key}`),
  )
  return 'type' in node || 'anyOf' in node || '$ref' in node ? [{ node, path }, ...inner] : inner
}

/** Applies `change` to each place where it applies, one at a time, and gives what the checker says of each. */
const wherever = (applies: (node: Node) => boolean, change: (node: Node) => void) =>
  [...committed].flatMap(([type, schema]) => {
    const places = nodesIn(schema, type).flatMap(({ node, path }, place) => (applies(node) ? [{ place, path }] : []))
    return places.map(({ place, path }) => {
      const changed: Schemas = new Map(committed)
      const copy = structuredClone(schema)
      change(nodesIn(copy, type)[place]?.node ?? {})
      changed.set(type, copy)
      return { path, breaks: breakingChanges(committed, changed) }
    })
  })

const properties = (node: Node): Node => (node.properties ?? {}) as Node
const hasProperties = (node: Node): boolean => Object.keys(properties(node)).length > 0
const required = (node: Node): string[] => (node.required ?? []) as string[]
const optional = (node: Node): string[] =>
  Object.keys(properties(node)).filter((name) => !required(node).includes(name))

const breaking: [string, (node: Node) => boolean, (node: Node) => void][] = [
  [
    'a property is taken away',
    hasProperties,
    (node) => void delete properties(node)[Object.keys(properties(node))[0] ?? ''],
  ],
  [
    'a property is renamed',
    hasProperties,
    (node) => {
      const last = Object.keys(properties(node)).at(-1) ?? ''
      node.properties = { ...properties(node), renamed: properties(node)[last] }
      delete properties(node)[last]
      node.required = required(node).map((name) => (name === last ? 'renamed' : name))
    },
  ],
  [
    'a required property becomes optional',
    (node) => required(node).length > 0,
    (node) => void (node.required = required(node).slice(1)),
  ],
  [
    'an optional property becomes required',
    (node) => optional(node).length > 0,
    (node) => void (node.required = [...required(node), ...optional(node)]),
  ],
  [
    'a new property is required',
    hasProperties,
    (node) => {
      node.properties = { ...properties(node), fresh: { type: 'string' } }
      node.required = [...required(node), 'fresh']
    },
  ],
  [
    'a value is added to an enum',
    (node) => 'enum' in node,
    (node) => void (node.enum = [...(node.enum as string[]), 'new']),
  ],
  [
    'a value is taken from an enum',
    (node) => 'enum' in node,
    (node) => void (node.enum = (node.enum as string[]).slice(1)),
  ],
  ['an enum becomes any string', (node) => 'enum' in node, (node) => void delete node.enum],
  [
    'a type changes',
    (node) => typeof node.type === 'string',
    (node) => void (node.type = node.type === 'string' ? 'number' : 'string'),
  ],
  [
    'null becomes possible',
    (node) => typeof node.type === 'string' && node.type !== 'null',
    (node) => void (node.type = [node.type, 'null']),
  ],
  [
    'null becomes impossible',
    (node) => Array.isArray(node.anyOf),
    (node) => void (node.anyOf = (node.anyOf as Node[]).slice(0, 1)),
  ],
  ['a number may be lower', (node) => 'minimum' in node, (node) => void (node.minimum = Number(node.minimum) - 1)],
  ['a limit changes', (node) => node.type === 'number', (node) => void (node.maximum = 0.5)],
  ['a pattern changes', (node) => 'pattern' in node, (node) => void (node.pattern = '^x$')],
  ['a format goes', (node) => 'format' in node, (node) => void delete node.format],
  [
    'an array may have another length',
    (node) => 'maxItems' in node,
    (node) => void (node.maxItems = Number(node.maxItems) + 1),
  ],
  ['a constant changes', (node) => 'const' in node, (node) => void (node.const = 'rollcall.other.v1')],
  ['unknown fields are forbidden', hasProperties, (node) => void (node.additionalProperties = false)],
]

const harmless: [string, (node: Node) => boolean, (node: Node) => void][] = [
  [
    'an optional property is added',
    hasProperties,
    (node) => void (node.properties = { ...properties(node), fresh: { type: 'string' } }),
  ],
  ['words change', (node) => 'description' in node, (node) => void (node.description = 'Other words.')],
  [
    'properties change their order',
    hasProperties,
    (node) => void (node.properties = Object.fromEntries(Object.entries(properties(node)).toReversed())),
  ],
  [
    'the list of required properties changes its order',
    hasProperties,
    (node) => void (node.required = required(node).toReversed()),
  ],
]

describe('the contract with consumers', () => {
  it('is not broken: the schemas still keep what was frozen', () => {
    expect(baseline.size).toBeGreaterThan(0)
    expect(breakingChanges(baseline, committed)).toEqual([])
  })
})

describe('the check of the contract', () => {
  it.each(breaking)('fails wherever %s', (_, applies, change) => {
    const results = wherever(applies, change)
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ breaks }) => breaks.length === 0)).toEqual([])
    // It names the event, so that whoever broke it finds the place.
    for (const { path, breaks } of results) expect(breaks.join('\n')).toContain(path.split('/')[0])
  })

  it.each(harmless)('passes where %s', (_, applies, change) => {
    const results = wherever(applies, change)
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ breaks }) => breaks.length > 0)).toEqual([])
  })

  it('fails when a type of event goes, passes when one comes', () => {
    const [first, ...others] = committed
    expect(breakingChanges(committed, new Map(others))).toEqual([`${first?.[0]}: the event is gone`])
    expect(breakingChanges(new Map(others), committed)).toEqual([])
  })
})
