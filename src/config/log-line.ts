import { printable } from '../text.ts'

/** Fields that have a place of their own in a line, or that say nothing to people. */
const placed: ReadonlySet<string> = new Set(
  'level time msg process pid hostname camera reason error code retryInMs restartInMs'.split(' '),
)

const worded = (value: unknown): string => {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(worded).join(', ') : (JSON.stringify(value) ?? '')
}

/** `camera door offline`, `door: no picture for the viewer`: what it is about comes first. */
const aboutWhat = (fields: Readonly<Record<string, unknown>>): string => {
  const message = worded(fields.msg ?? '')
  if (typeof fields.camera !== 'string') return message
  return message.startsWith('camera ') ? `camera ${fields.camera}${message.slice(6)}` : `${fields.camera}: ${message}`
}

/**
 * A log entry as a sentence for people: what, why, its code, when it is tried again; then the other fields. The process is
 * named unless it is `main`.
 */
export const logLine = (fields: Readonly<Record<string, unknown>>): string => {
  const why = [fields.reason, fields.error].filter((each) => each !== undefined && each !== '').map(worded)
  const code = typeof fields.code === 'string' && !why.join().includes(fields.code) ? ` (${fields.code})` : ''
  const waitMs = [fields.retryInMs, fields.restartInMs].find((each) => typeof each === 'number')
  const others = Object.entries(fields).filter(([name, value]) => !placed.has(name) && value !== undefined)
  const parts = [
    fields.process === undefined || fields.process === 'main' ? '' : `${worded(fields.process)}: `,
    aboutWhat(fields),
    ...why.map((each) => `: ${each}`),
    code,
    waitMs === undefined ? '' : `; next try in ${Number((waitMs / 1000).toFixed(1))} s`,
    others.length === 0 ? '' : ` (${others.map(([name, value]) => `${name} ${worded(value)}`).join('; ')})`,
  ]
  return printable(parts.join(''))
}
