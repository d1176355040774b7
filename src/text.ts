/** Cleans text from outside: names of people, reasons that cameras give, files. */

/**
 * Characters that control a terminal or reverse the direction of a line, and lone halves of surrogate pairs. By Unicode
 * general category: control (Cc), format (Cf), line and paragraph separators (Zl, Zp), surrogates (Cs).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Makes text safe for one line of a log or terminal: invisible characters become U+FFFD. */
export const printable = (text: string): string => text.replace(invisible, '\uFFFD')

/** A number of things in words: `1 file`, `0 files`; `several` where the word gets no s. */
export const countOf = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`

/** Names the first invisible character, such as `U+202E`; null when there is none. */
export const invisibleIn = (text: string): string | null => {
  const [character] = text.match(invisible) ?? []
  return character === undefined ? null : `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
}

/** The limit of a person's name, in UTF-16 code units. */
export const longestName = 200

/**
 * Brings a name into the one form in which names are kept and compared: Unicode NFC, without invisible characters and without
 * white space around it, cut to `longestName`. Null when nothing is left. It never fails, because the names in states and
 * exports of earlier versions cannot be corrected by anybody.
 */
export const cleanName = (text: string | null): string | null => {
  if (text === null) return null
  // The cut may leave half a surrogate pair or a space at the end, so the name is cleaned again.
  return clean(clean(text).slice(0, longestName)) || null
}

const clean = (text: string): string => text.replace(invisible, '').normalize('NFC').trim()

/**
 * The word that a text is probably meant to be: the same without regard to capitals, `_` and `-`, or with at most a third
 * of its letters mistyped. Null when none is near.
 */
export const nearestWord = (text: string, words: readonly string[]): string | null => {
  const bare = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '')
  const wanted = bare(text.slice(0, 64))
  const near = words
    .map((word) => ({ word, typos: distance(wanted, bare(word)) }))
    .filter(({ word, typos }) => typos <= Math.max(1, Math.floor(word.length / 3)) && typos < word.length)
  return near.toSorted((a, b) => a.typos - b.typos)[0]?.word ?? null
}

/** Letters that are missing, too many, wrong or swapped with their neighbour (optimal string alignment). */
const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped))
    }
  }
  return at(a.length, b.length)
}
