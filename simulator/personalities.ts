import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { RollcallError } from '../src/errors.ts'
import { nearestWord } from '../src/text.ts'
import type { Personality } from './personality.ts'

const folder = join(import.meta.dirname, 'personalities')
/** `.ts`, and `.js` in the package. */
const extension = extname(import.meta.filename)

/** The names of all personalities, in alphabetical order: one for each file of `personalities/`. */
export const personalityNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort()

/** Loads a personality. Rejects with USAGE when there is none of this name. */
export const loadPersonality = async (name: string): Promise<Personality> => {
  const names = personalityNames()
  if (!names.includes(name)) {
    const near = nearestWord(name, names)
    throw new RollcallError('USAGE', `there is no personality "${name}"${near ? `; did you mean ${near}?` : ''}`, {
      remedy: 'see rollcall simulate --list',
    })
  }
  const file = (await import(`./personalities/${name}${extension}`)) as { readonly personality: Personality }
  return file.personality
}

/** Loads all of them, by name. */
export const loadPersonalities = async (): Promise<ReadonlyMap<string, Personality>> =>
  new Map(await Promise.all(personalityNames().map(async (name) => [name, await loadPersonality(name)] as const)))
