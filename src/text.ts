/** Cleans text from outside: names of people, reasons that cameras give, files. */

/**
 * Characters that control a terminal or reverse the direction of a line, and lone halves of surrogate pairs. By Unicode
 * general category: control (Cc), format (Cf), line and paragraph separators (Zl, Zp), surrogates (Cs).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Makes text safe for one line of a log or terminal: invisible characters become U+FFFD. */
export const printable = (text: string): string => text.replace(invisible, '\uFFFD')

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
