import { RollcallError } from '../errors.ts'
import type { MediaMs, WallMs } from '../types.ts'

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `--since`: so long before now (`30m`, `12h`, `7d`, `2w`), or a date or time as ISO 8601. Unix milliseconds, compared with cameras' clocks. Throws USAGE. */
export const parseSince = (text: string, nowMs: WallMs): MediaMs => {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? []
  const ago = units[unit]
  if (ago !== undefined) return Math.max(0, Number(nowMs) - Number(count) * ago)
  // A date alone begins at midnight here, as people mean it.
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.length === 10 ? `${text}T00:00` : text) : Number.NaN
  if (atMs >= 0) return atMs
  throw new RollcallError('USAGE', `--since ${JSON.stringify(text)}: expected so long ago, or a date`, {
    remedy: 'for example --since 12h, --since 7d, --since 2026-03-02',
  })
}
