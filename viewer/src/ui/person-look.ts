import type { PersonId } from '../../../src/types.ts'

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), then mixed: IDs that differ in one digit get distant hues. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}

/**
 * A person's CSS colour, the same everywhere. OKLCH has equal lightness for all hues, so each has a contrast of more
 * than 7:1 with the page, and with dark text on it.
 */
export const colourOf = (person: PersonId): string => {
  const value = hash(person)
  return `oklch(${value & 512 ? 0.86 : 0.76} ${value & 1024 ? 0.14 : 0.1} ${value % 360})`
}

/** The last six characters of an ID, for a label. Those of people all begin alike (`p-`), and so do provisional ones (`u-`). */
export const shortId = (person: PersonId): string => (person.length <= 8 ? person : person.slice(-6))
