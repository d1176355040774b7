/** Changes the text of a session description (RFC 8866), as a camera with a fault would write it. */
export type SdpQuirk = (sdp: string) => string

/** Maps each line to the lines that take its place. */
const eachLine =
  (lines: (line: string) => readonly string[]): SdpQuirk =>
  (sdp) =>
    sdp
      .split('\r\n')
      .filter((line) => line !== '')
      .flatMap(lines)
      .map((line) => `${line}\r\n`)
      .join('')

/** Leaves out the lines that match. */
export const without = (pattern: RegExp): SdpQuirk => eachLine((line) => (pattern.test(line) ? [] : [line]))

/** Writes the lines that match twice. */
export const doubled = (pattern: RegExp): SdpQuirk => eachLine((line) => (pattern.test(line) ? [line, line] : [line]))

/** Rewrites the part of each line that matches; `by` as in `String.replace`. */
export const replaced = (pattern: RegExp, by: string): SdpQuirk => eachLine((line) => [line.replace(pattern, by)])

/** Adds lines before the first line that matches. */
export const before = (pattern: RegExp, ...added: readonly string[]): SdpQuirk => {
  return (sdp) => {
    let isDone = false
    return eachLine((line) => {
      if (isDone || !pattern.test(line)) return [line]
      isDone = true
      return [...added, line]
    })(sdp)
  }
}

/** Adds lines at the end: further tracks, as a rule. */
export const appended =
  (...added: readonly string[]): SdpQuirk =>
  (sdp) =>
    sdp + added.map((line) => `${line}\r\n`).join('')

/** Ends each line with a line feed only. */
export const bareLineFeeds: SdpQuirk = (sdp) => sdp.replaceAll('\r\n', '\n')

/** Several faults at once, from left to right. */
export const all =
  (...quirks: readonly SdpQuirk[]): SdpQuirk =>
  (sdp) =>
    quirks.reduce((text, quirk) => quirk(text), sdp)
