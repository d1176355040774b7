import { writeFile } from 'node:fs/promises'
import type { ParseArgsOptionsConfig } from 'node:util'
import { RollcallError } from '../../errors.ts'
import type { NamedTable } from '../../evaluate/report/reports.ts'
import { parseWords } from '../arguments.ts'

/** The options of every evaluation. */
export const outputOptions = {
  json: { type: 'boolean' },
  html: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

/** Parses options and exactly as many file names as `files` lists. Throws USAGE, which names `files`. */
export const parseWithFiles = <T extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: T,
  files: readonly string[],
) => {
  const parsed = parseWords(`eval ${command}`, args, options)
  const wantsHelp = (parsed.values as { help?: boolean }).help === true
  if (!wantsHelp && parsed.positionals.length !== files.length)
    throw new RollcallError(
      'USAGE',
      `expected ${files.length === 0 ? 'options only' : files.join(' ')}, found ${parsed.positionals.length} file names`,
      { remedy: `see rollcall eval ${command} --help` },
    )
  return { values: parsed.values, files: parsed.positionals }
}

/**
 * A whole number of at most nine digits; `fallback` when the option was not given. Throws USAGE, which names the
 * option.
 */
export const wholeNumber = (option: string, text: string | undefined, fallback: number): number => {
  if (text === undefined) return fallback
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new RollcallError('USAGE', `${option}: expected a whole number, found "${text}"`, {
    remedy: `for example ${option} 1`,
  })
}

const plain = ({ head, rows }: NamedTable): string => {
  const lines = [head, ...rows].map((line) => line.map(String))
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  const pad = (text: string, i: number): string =>
    i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)
  return lines
    .filter((line) => line.some((text) => text !== ''))
    .map((line) => line.map(pad).join('  ').trimEnd())
    .join('\n')
}

/** A result in its three forms. */
export interface EvalOutput {
  /** Printed with --json. */
  readonly result: object
  /** Lines and tables for people to read. */
  readonly text: readonly (string | NamedTable)[]
  /** The HTML report. */
  readonly page: () => string
}

/**
 * Prints a result as text or JSON, and writes the HTML report if `--html` is given. Throws USAGE when it cannot be
 * written.
 */
export const report = async (
  values: { readonly json?: boolean | undefined; readonly html?: string | undefined },
  { result, text, page }: EvalOutput,
): Promise<void> => {
  if (values.html !== undefined)
    await writeFile(values.html, page()).catch((cause: unknown) => {
      throw new RollcallError('USAGE', `--html: ${(cause as Error).message}`, { cause, remedy: 'check the path' })
    })
  if (values.json) console.log(JSON.stringify(result))
  else
    for (const [i, part] of text.entries())
      console.log(typeof part === 'string' ? part : `${i === 0 ? '' : '\n'}${plain(part)}`)
}
