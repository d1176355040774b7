import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'

/** How often the IDs of a person, and of the person's tracks, stand in a file. */
export interface Mentions {
  readonly ids: number
  readonly tracks: number
}

/** What is looked for. */
export interface Marks {
  /** The person's ID and aliases. */
  readonly ids: readonly string[]
  readonly tracks: readonly string[]
}

const chunkBytes = 1 << 20

/** Looks for whole words: `door/s1/1` is not in `door/s1/10`. */
const patternOf = (words: readonly string[]): RegExp | null =>
  words.length === 0
    ? null
    : new RegExp(`(?<![\\w-])(?:${words.map((word) => RegExp.escape(word)).join('|')})(?![\\w-])`, 'g')

/**
 * Counts the marks in every file below a directory, byte for byte, by the path from there; a file in which none stands is
 * there with zeros. Nothing but the bytes is believed, so what a database has only forgotten is found, too. Do not look while
 * this process has a database there open: closing its file here would drop the locks on it (POSIX).
 */
export const mentionsBelow = (directory: string, marks: Marks): ReadonlyMap<string, Mentions> => {
  const longest = Math.max(...[...marks.ids, ...marks.tracks].map((word) => Buffer.byteLength(word)), 1)
  const patterns = { ids: patternOf(marks.ids.map(asBytes)), tracks: patternOf(marks.tracks.map(asBytes)) }
  return new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(directory.length + 1), countIn(file, patterns, longest)] as const),
  )
}

/** Names of cameras may hold any character; files are read a byte a character. */
const asBytes = (word: string): string => Buffer.from(word).toString('latin1')

const countIn = (
  file: string,
  { ids, tracks }: { readonly ids: RegExp | null; readonly tracks: RegExp | null },
  longest: number,
): Mentions => {
  const found = { ids: 0, tracks: 0 }
  for (const { text, from, until } of pieces(file, longest + 1)) {
    const isHere = ({ index }: { readonly index: number }): boolean => index >= from && index < until
    if (ids) found.ids += [...text.matchAll(ids)].filter(isHere).length
    if (tracks) found.tracks += [...text.matchAll(tracks)].filter(isHere).length
  }
  return found
}

/** The file in pieces that overlap, so that every word is whole in one; those that begin in `from` until `until` are this piece's. */
const pieces = function* (file: string, overlap: number) {
  const fd = openedIfThere(file)
  if (fd === null) return
  try {
    const chunk = Buffer.alloc(chunkBytes)
    let [rest, from] = ['', 0]
    for (;;) {
      const read = readSync(fd, chunk)
      const text = rest + chunk.toString('latin1', 0, read)
      const until = read === 0 ? text.length : Math.max(from, text.length - overlap)
      yield { text, from, until }
      if (read === 0) return
      // One character more, which says whether a word begins after it.
      rest = text.slice(Math.max(0, until - 1))
      from = Math.min(1, until)
    }
  } finally {
    closeSync(fd)
  }
}

/** Null for a file that went meanwhile, as those of a running Rollcall do. */
const openedIfThere = (file: string): number | null => {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
