import { readAll } from '../read-all.ts'
import { decodeText } from './decode-text.ts'

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

/** A text whose `${…}` are replaced. */
export interface Substituted {
  readonly text: string
  /** Whether anything was replaced, so that the text may hold a secret. */
  readonly hasValues: boolean
  /** What could not be replaced, and why. No message holds a value. */
  readonly problems: readonly string[]
}

interface Part {
  readonly text: string
  /** Whether it is `${…}`, to be replaced, instead of text that stays. */
  readonly isReference: boolean
}

type Found = { readonly value: string } | { readonly problem: string }

const secretLimit = 65_536

/** Splits at `${…}`; one that is not closed reaches to the end. `$${` stays as `${`. */
const partsOf = (template: string): readonly Part[] =>
  template
    .split(/(\$\$\{|\$\{[^}]*\}?)/)
    .map((text) => (text === '$${' ? { text: '${', isReference: false } : { text, isReference: text.startsWith('${') }))

const unknown = 'a ${ that is not understood: expected ${NAME}, ${NAME:-text} or ${file:PATH}; $${ is a ${ that stays'

/** The value of `${…}`, or why there is none. */
const lookUp = (reference: string, env: Env): Found => {
  const file = /^\$\{file:(.+)\}$/s.exec(reference)?.[1]
  if (file !== undefined) return secretFrom(file)
  const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?\}$/s.exec(reference)
  if (variable === null || variable[2]?.includes('${')) return { problem: unknown }
  const [, name = '', fallback] = variable
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  // As in a shell, the text after :- also stands for an empty variable.
  if (fallback !== undefined) return { value: value === undefined || value === '' ? fallback : value }
  return value === undefined
    ? { problem: `the environment variable ${name} is not set: export it, or take the line out` }
    : { value }
}

/** The content of a file, without the line break at its end. */
const secretFrom = (file: string): Found => {
  try {
    return { value: decodeText(readAll(file, secretLimit)).replace(/\r?\n$/, '') }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : message
    return { problem: `the file ${file} of a secret cannot be read: ${why}` }
  }
}

/**
 * Replaces `${NAME}`, `${NAME:-text}` and `${file:PATH}` in a text. In a URL a value stays inside the part in which it
 * stands: it is percent-encoded where that is possible, and refused where it would begin another part.
 */
export const substitute = (template: string, env: Env): Substituted => {
  const parts = partsOf(template)
  const places = urlPlaces(parts)
  const problems: string[] = []
  let index = 0
  const texts = parts.map(({ text, isReference }) => {
    if (!isReference) return text
    const place = places?.[index]
    index++
    const found = lookUp(text, env)
    const fitted = 'value' in found && place ? inPlace(found.value, place, text) : found
    if ('value' in fitted) return fitted.value
    problems.push(fitted.problem)
    return ''
  })
  return { text: texts.join(''), hasValues: index > 0, problems }
}

/**
 * The part of a URL in which a value stands. `login`: all that stands before the @; `half`: user or password; `parameter`:
 * the value of a parameter in the query.
 */
type Place = 'scheme' | 'login' | 'half' | 'host' | 'path' | 'query' | 'parameter' | 'fragment'

/** Where in a URL each value stands; null when the text is no URL before values are put in. */
const urlPlaces = (parts: readonly Part[]): readonly Place[] | null => {
  // Each value is a NUL here, which the text itself cannot hold.
  const skeleton = parts.map(({ text, isReference }) => (isReference ? '\0' : text.replaceAll('\0', ' '))).join('')
  const match = /^\s*([a-z\0][a-z0-9+.\0-]*:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(skeleton)
  if (match === null) return null
  const [whole, , authority = '', path = '', query = ''] = match
  const from = whole.length - query.length - path.length - authority.length
  const at = authority.lastIndexOf('@')
  const isPair = authority.slice(0, Math.max(0, at)).includes(':')
  return [...skeleton.matchAll(/\0/g)].map(({ index }): Place => {
    if (index < from) return 'scheme'
    if (index < from + at) return isPair ? 'half' : 'login'
    if (index < from + authority.length) return 'host'
    if (index < from + authority.length + path.length) return 'path'
    if (index >= whole.length) return 'fragment'
    return /=[^&]*$/.test(skeleton.slice(whole.length - query.length, index)) ? 'parameter' : 'query'
  })
}

/** What no value may hold in a place, and what to do instead. */
const forbidden: Readonly<Partial<Record<Place, readonly [RegExp, string]>>> = {
  scheme: [/[^A-Za-z0-9+.-]/, 'anything but a protocol: put the whole URL into the variable'],
  login: [/:/, 'a colon in place of a user: use the keys user and password, or a variable for each'],
  host: [
    /[\s/?#@\\%]/,
    'more than a host and port: put the whole URL into the variable, a login into the keys user and password',
  ],
  path: [/[?#]/, 'a ? or #, which ends a path: put the whole URL into the variable'],
  query: [/#/, 'a #, which ends a query: put the whole URL into the variable'],
}

const inPlace = (value: string, place: Place, reference: string): Found => {
  const [pattern, what] = forbidden[place] ?? []
  if (pattern?.test(value)) return { problem: `the value of ${reference.replace(/:-.*$/s, '}')} holds ${what}` }
  const text = value.toWellFormed()
  if (place === 'login' || place === 'half' || place === 'parameter') return { value: encodeURIComponent(text) }
  if (place === 'path' || place === 'query') return { value: encodeURI(text) }
  return { value }
}
