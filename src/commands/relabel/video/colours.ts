import type { PersonId } from '../../../types.ts'

/** Red, green and blue of sRGB, 0–255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Of a face that is nobody's. */
export const nobodyColour: Rgb = [190, 190, 190]

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), then mixed: IDs that differ in one digit get distant hues. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}

/** OKLCH (https://bottosson.github.io/posts/oklab/) as sRGB; what sRGB does not have is cut off. */
export const rgbOf = (lightness: number, chroma: number, hueDegrees: number): Rgb => {
  const hue = (hueDegrees * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const byte = (linear: number): number => {
    const value = Math.min(1, Math.max(0, linear))
    return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055))
  }
  return [
    byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** A person's colour: the same in every video, and in the viewer. */
export const colourOf = (person: PersonId): Rgb => {
  const value = hash(person)
  return rgbOf(value & 512 ? 0.86 : 0.76, value & 1024 ? 0.14 : 0.1, value % 360)
}
