const two = (value: number): string => String(value).padStart(2, '0')

/** `+01:00`: how far this machine's time zone is from UTC at a moment. */
export const offsetAt = (date: Date): string => {
  const minutes = -date.getTimezoneOffset()
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
}

const dayAt = (date: Date): string =>
  `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`

/** The times of recordings count from zero, so earlier ones are no dates. */
const earliestDateMs = Date.UTC(1980, 0)

const position = (atMs: number): string => {
  const seconds = Math.floor(atMs / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/**
 * `2026-11-28 18:04 +01:00`: a moment in the time zone of this machine, to the minute; `1:05 of a recording` for one that no
 * clock has told.
 */
export const localTime = (atMs: number): string => {
  if (atMs < earliestDateMs) return `${position(atMs)} of a recording`
  const date = new Date(atMs)
  return `${dayAt(date)} ${two(date.getHours())}:${two(date.getMinutes())} ${offsetAt(date)}`
}

/** The same moment as ISO 8601, to the millisecond: `2026-11-28T18:04:05.250+01:00`. */
export const localIso = (atMs: number): string => {
  const date = new Date(atMs)
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${dayAt(date)}T${time}.${String(date.getMilliseconds()).padStart(3, '0')}${offsetAt(date)}`
}

/** Keys whose value is a moment, as Unix milliseconds. */
const moments: ReadonlySet<string> = new Set(['createdAtMs', 'lastSeenAtMs', 'fromMs', 'untilMs', 'knownAtMs', 'atMs'])

/**
 * Puts the ISO time beside each moment of a result: `from` beside `fromMs`. It is null for never (0), and for moments of
 * recordings, which are no dates. The events of a `history` stay as they were published.
 */
export const withIsoTimes = (result: unknown): unknown => {
  if (Array.isArray(result)) return result.map(withIsoTimes)
  if (typeof result !== 'object' || result === null) return result
  return Object.fromEntries(
    Object.entries(result).flatMap(([key, value]): [string, unknown][] =>
      moments.has(key) && typeof value === 'number'
        ? [
            [key, value],
            [key.slice(0, -2), value < earliestDateMs ? null : localIso(value)],
          ]
        : [[key, key === 'history' ? value : withIsoTimes(value)]],
    ),
  )
}
