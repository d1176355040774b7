import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { RollcallError } from '../errors.ts'

/** A YAML text and what to call it in messages. */
export interface YamlSource {
  /** The path as the user gave it, or another name for the text. */
  readonly name: string
  readonly text: string
}

type Path = readonly PropertyKey[]
interface Problem {
  readonly path: Path
  readonly message: string
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string value. Returns the variables that are not set, with their
 * places.
 */
const substitute = (
  document: Document,
  env: Readonly<Record<string, string | undefined>>,
): { offset: number; message: string }[] => {
  const missing: { offset: number; message: string }[] = []
  visit(document, {
    Scalar(role, node) {
      if (role === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return
      node.value = node.value.replace(VARIABLE, (whole, name: string, fallback: string | undefined) => {
        const value = env[name] ?? fallback
        if (value === undefined)
          missing.push({ offset: node.range?.[0] ?? 0, message: `the environment variable ${name} is not set` })
        return value ?? whole
      })
    },
  })
  return missing
}

/** Where the value at `path` is in the text; of a value that is missing, where its nearest parent is. */
const offsetOf = (document: Document, path: Path): number => {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

const offsetOfKey = (document: Document, path: Path, key: string): number => {
  const map = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(map)) return offsetOf(document, path)
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path)
}

/** Zod's message for a union says only that nothing fits. This one lists what would have. */
const expectation = (issue: z.core.$ZodIssue): string => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue.message
  const alternatives = issue.errors.flatMap(([first]) => (first ? [expectation(first)] : []))
  return `Invalid input: expected ${alternatives.map((text) => text.replace(/^Invalid \w+: expected /, '')).join(' or ')}`
}

const written = (path: Path): string => path.map(String).join('.') || 'the whole file'

/**
 * Reads YAML into what `schema` describes. Throws one CONFIG_INVALID whose message lists every mistake as
 * `FILE:LINE:COLUMN KEY: what was expected`.
 */
export const readYaml = <T>(
  source: YamlSource,
  schema: z.ZodType<T>,
  env: Readonly<Record<string, string | undefined>>,
): T => {
  const lines = new LineCounter()
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${source.name}:${line}:${col}`
  }
  const fail = (mistakes: readonly string[]): never => {
    throw new RollcallError('CONFIG_INVALID', mistakes.join('\n'), {
      remedy: 'see rollcall.example.yaml, where every key is explained',
    })
  }
  if (document.errors.length > 0) fail(document.errors.map((error) => `${at(error.pos[0])} not YAML: ${error.message}`))
  const missing = substitute(document, env)
  if (missing.length > 0) fail(missing.map(({ offset, message }) => `${at(offset)} ${message}`))

  const result = schema.safeParse(document.toJS() ?? {})
  if (result.success) return result.data
  return fail(
    result.error.issues.flatMap((issue): string[] => {
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map(
          (key) => `${at(offsetOfKey(document, issue.path, key))} ${written([...issue.path, key])}: unknown key`,
        )
      const problem: Problem = { path: issue.path, message: expectation(issue) }
      return [`${at(offsetOf(document, problem.path))} ${written(problem.path)}: ${problem.message}`]
    }),
  )
}
