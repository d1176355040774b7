import { readFileSync } from 'node:fs'

/** The version of this program, such as `0.2.0`. */
export const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
