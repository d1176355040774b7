/** Text that others have written: names of people, reasons that cameras give, files. */

/**
 * Characters that steer a terminal or turn the direction of a line, and halves of surrogate pairs: control (Cc) and format
 * (Cf) characters, line and paragraph separators, lone surrogates (Unicode general categories).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** For one line of a log or terminal: invisible characters become U+FFFD. */
export const printable = (text: string): string => text.replace(invisible, '\uFFFD')

/** The first invisible character, as `U+202E`; null when there is none. */
export const invisibleIn = (text: string): string | null => {
  const [character] = text.match(invisible) ?? []
  return character === undefined ? null : `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Most UTF-16 code units of a person's name. */
export const longestName = 200

/**
 * The one form in which names of people are kept and compared: Unicode NFC, without invisible characters, without white
 * space around. Null when nothing is left. For names from where nobody can be asked to correct them, too: states and
 * exports of earlier versions.
 */
export const cleanName = (text: string | null): string | null => {
  if (text === null) return null
  // Cut in the middle of a surrogate pair, or after a space, a name is not clean.
  return clean(clean(text).slice(0, longestName)) || null
}

const clean = (text: string): string => text.replace(invisible, '').normalize('NFC').trim()
