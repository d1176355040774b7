/** The times of recordings count from zero, so earlier ones are no dates. Unix milliseconds. */
export const earliestDateMs = Date.UTC(1980, 0)

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')

const clock = (seconds: number): string =>
  `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${two(seconds % 60)}`

/** How long ago a time was, such as `12 s ago`; `at 1:05` for the time of a recording. */
export const ago = (atMs: number, nowMs: number): string => {
  if (atMs < earliestDateMs) return `at ${clock(atMs / 1000)}`
  const seconds = Math.max(0, (nowMs - atMs) / 1000)
  if (seconds < 60) return `${Math.floor(seconds)} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** The local time of day, or the position in a recording. */
export const timeOfDay = (atMs: number): string => {
  if (atMs < earliestDateMs) return clock(atMs / 1000)
  const date = new Date(atMs)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
}

/** How long something took: `4 s`, `3 min`, on one line. */
export const lasting = (ms: number): string => {
  const seconds = ms / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)}\u00a0s`
  return seconds < 59.5 ? `${Math.round(seconds)}\u00a0s` : `${Math.round(seconds / 60)}\u00a0min`
}

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString()

/**
 * A local time in words: `14:03:22` today, `yesterday 14:03`, `Tue 3 Mar 14:03`, with the year when it is another one; the
 * position for the time of a recording. `nowMs` is the present.
 */
export const whenWords = (atMs: number, nowMs = Date.now()): string => {
  if (atMs < earliestDateMs) return `at ${clock(atMs / 1000)}`
  const [at, now] = [new Date(atMs), new Date(nowMs)]
  if (sameDay(at, now)) return timeOfDay(atMs)
  const time = timeOfDay(atMs).slice(0, 5)
  if (sameDay(at, new Date(nowMs - 86_400_000))) return `yesterday ${time}`
  const withYear = at.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return `${at.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short', ...withYear })} ${time}`
}

/** The local day in words: `Today`, `Yesterday`, `Tuesday 3 March`. Empty for the time of a recording. */
export const dayWords = (atMs: number, nowMs: number): string => {
  if (atMs < earliestDateMs) return ''
  const at = new Date(atMs)
  if (sameDay(at, new Date(nowMs))) return 'Today'
  if (sameDay(at, new Date(nowMs - 86_400_000))) return 'Yesterday'
  return at.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
}
