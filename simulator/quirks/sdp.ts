import type { Quirks } from '../quirks.ts'

/** Changes the lines of a session description (RFC 8866), as a camera with a fault writes it. */
export type SdpQuirk = NonNullable<Quirks['sdp']>

/** Leaves out the lines that match. */
export const without =
  (pattern: RegExp): SdpQuirk =>
  (lines) =>
    lines.filter((line) => !pattern.test(line))

/** Writes the lines that match twice. */
export const doubled =
  (pattern: RegExp): SdpQuirk =>
  (lines) =>
    lines.flatMap((line) => (pattern.test(line) ? [line, line] : [line]))

/** Rewrites the part of each line that matches; `by` as in `String.replace`. */
export const replaced =
  (pattern: RegExp, by: string): SdpQuirk =>
  (lines) =>
    lines.map((line) => line.replace(pattern, by))

/** Adds lines before the first line that matches. */
export const inserted =
  (pattern: RegExp, ...added: readonly string[]): SdpQuirk =>
  (lines) => {
    const at = lines.findIndex((line) => pattern.test(line))
    return at < 0 ? lines : lines.toSpliced(at, 0, ...added)
  }

/** Adds lines at the end: further tracks, as a rule. */
export const appended =
  (...added: readonly string[]): SdpQuirk =>
  (lines) => [...lines, ...added]

/** Several faults at once, from left to right. */
export const all =
  (...quirks: readonly SdpQuirk[]): SdpQuirk =>
  (lines, described) =>
    quirks.reduce((changed, quirk) => quirk(changed, described), lines)
