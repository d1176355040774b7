import type { z } from 'zod'
import { RollcallError, redactUrl } from '../errors.ts'
import { nearestWord, printable } from '../text.ts'
import { choicesOf, expects, inPlainWords } from './expectation.ts'
import { keysOf } from './keys.ts'
import type { Env } from './substitute.ts'
import { parseSyntax } from './syntax.ts'
import { find, type Mistake, plainOf, readTree, type Tree } from './tree.ts'

/** A YAML text and what to call it in messages. */
export interface YamlSource {
  /** The path as the user gave it, or another name for the text. */
  readonly name: string
  readonly text: string
}

type Path = readonly PropertyKey[]
type Issue = z.core.$ZodIssue

/**
 * Reads YAML into what `schema` describes. `${NAME}`, `${NAME:-text}` and `${file:PATH}` in values are replaced; keys are
 * texts as they are written; keys that begin with `x-` are for anchors and mean nothing. Throws one CONFIG_INVALID whose
 * message lists every mistake as `FILE:LINE:COLUMN KEY: what was expected`, and holds no value that was put in.
 */
export const readYaml = <T>(source: YamlSource, schema: z.ZodType<T>, env: Env): T => {
  const { document, mistakes: syntax, place, lineOf } = parseSyntax(source.text)
  const fail = (mistakes: readonly Mistake[]): never => {
    const lines = mistakes
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => `${source.name}:${place(offset)} ${message}`)
    throw new RollcallError('CONFIG_INVALID', [...new Set(lines)].join('\n'), {
      remedy: 'see rollcall.example.yaml, where every key is explained',
    })
  }
  // Of a text that is no YAML only the beginning is certain.
  if (syntax.length > 0) return fail(syntax)
  const { tree, mistakes } = readTree(document, env, lineOf)
  const result = check(tree, schema)
  if (result.success && mistakes.length === 0) return result.data
  const issues = result.error?.issues ?? []
  return fail([...mistakes, ...issues.flatMap((issue) => mistakesOf(issue, tree, schema))])
}

/**
 * Checks the tree. What only YAML makes wrong is put right first: `12345` without quotes where text is expected is that
 * text; a `${NAME}` where a number is expected is a number; `x-` keys are left out.
 */
const check = <T>(tree: Tree, schema: z.ZodType<T>): z.ZodSafeParseResult<T> => {
  const value = plainOf(tree) ?? {}
  for (;;) {
    const result = schema.safeParse(value, { error: inPlainWords })
    if (result.success || result.error.issues.map((issue) => correct(issue, tree, value)).every((done) => !done))
      return result
  }
}

/** Puts right in `value` what an issue is about. Returns whether anything has changed. */
const correct = (issue: Issue, tree: Tree, value: unknown): boolean => {
  const parent = (issue.path.slice(0, -1) as Path).reduce<unknown>(
    (from, key) => (from as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  const own = issue.path.reduce<unknown>(
    (from, key) => (from as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  if (issue.code === 'unrecognized_keys') {
    const extensions = issue.keys.filter((key) => key.startsWith('x-'))
    for (const key of extensions) delete (own as Record<string, unknown>)[key]
    return extensions.length > 0
  }
  const corrected = scalarFor(issue, find(tree, issue.path), own)
  const key = issue.path.at(-1)
  if (corrected === undefined || key === undefined || typeof parent !== 'object' || parent === null) return false
  Object.assign(parent, { [key]: corrected })
  return true
}

const scalarFor = (issue: Issue, { tree, isThere }: ReturnType<typeof find>, value: unknown): unknown => {
  if (!isThere || tree.content.kind !== 'scalar' || value !== tree.content.value) return undefined
  if (tree.written !== null && typeof value !== 'string' && value !== null && expects(issue, 'string'))
    return tree.written
  if (!tree.hasValues || typeof value !== 'string') return undefined
  if (expects(issue, 'number') && /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(value)) return Number(value)
  if (expects(issue, 'boolean') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return undefined
}

const shown = (text: string): string => printable(redactUrl(text.length > 80 ? `${text.slice(0, 80)}…` : text))
const written = (path: Path): string => path.map((key) => shown(String(key))).join('.') || 'the whole file'

/** The mistakes that an issue stands for. None when its value is unknown, which has been said already. */
const mistakesOf = (issue: Issue, tree: Tree, schema: z.ZodType): readonly Mistake[] => {
  const { tree: found, isThere } = find(tree, issue.path)
  if (found.isUnknown) return []
  if (issue.code === 'unrecognized_keys') {
    const keys = keysOf(schema)
    return issue.keys.map((key) => ({
      offset: keyOffset(found, key),
      message: `${written([...issue.path, key])}: unknown key${didYouMean(keys.meant(issue.path, key))}`,
    }))
  }
  if (issue.code === 'invalid_key') {
    const parent = find(tree, issue.path.slice(0, -1)).tree
    const message = issue.issues.map((each) => each.message).join('; ')
    return [{ offset: keyOffset(parent, String(issue.path.at(-1))), message: `${written(issue.path)}: ${message}` }]
  }
  return [
    {
      offset: found.offset,
      message: `${written(issue.path)}: ${issue.message}${foundWords(issue, found, isThere)}`,
    },
  ]
}

const keyOffset = ({ content, offset }: Tree, key: string): number =>
  (content.kind === 'map' ? content.fields.get(key)?.keyOffset : undefined) ?? offset

const didYouMean = (word: string | null): string => (word === null ? '' : `; did you mean ${word}?`)

/** What stands there instead: the value itself only when it stands in the file and nothing in its key says secret. */
const foundWords = (issue: Issue, { content, hasValues, written: source }: Tree, isThere: boolean): string => {
  if (issue.code === 'custom' || issue.code === 'invalid_format') return ''
  if (!isThere) return ', found nothing'
  if (content.kind === 'map') return ', found keys with values'
  if (content.kind === 'list') return ', found a list'
  if (content.value === null) return ', found nothing; a text that begins with # needs quotes'
  const key = issue.path.findLast((step) => typeof step === 'string') ?? ''
  const isSecret = hasValues || /url|user|pass|secret|token|key|login/i.test(key)
  const text = source ?? String(content.value)
  if (isSecret) return `, found ${typeof content.value === 'string' ? 'text' : `a ${typeof content.value}`}`
  const choices = choicesOf(issue)
  return `, found ${shown(text)}${didYouMean(choices && nearestWord(text, choices))}`
}
