import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../replace-file.ts'
import { parseCaps } from '../caps.ts'
import type { Found } from './judge.ts'

const form = z.object({
  machine: z.string(),
  verdicts: z.record(
    z.string(),
    z.object({ objection: z.string().nullable(), cpuShare: z.number().nullable(), atMs: z.number() }),
  ),
})

type Kept = z.infer<typeof form>['verdicts']

/** An objection may be to a moment: a busy machine, odd pictures. */
const OBJECTION_MS = 86_400_000

/** What trials have found on this machine, by what was tried; kept in a file where there is one. */
export interface Verdicts {
  get(tried: string): Found | undefined
  /** What cannot be written is remembered by this process only. */
  set(tried: string, found: Found): void
}

/**
 * The verdicts of the file, but for objections that are older than a day. Another machine's text, or a file that is none, gives
 * none.
 */
export const readVerdicts = (file: string | null, machine: string, nowMs = Date.now()): Kept => {
  try {
    const kept = form.parse(JSON.parse(readFileSync(file ?? '', 'utf8')))
    const valid = Object.entries(kept.verdicts).filter(
      ([, { objection, atMs }]) => objection === null || nowMs - atMs < OBJECTION_MS,
    )
    return kept.machine === machine ? Object.fromEntries(valid) : {}
  } catch {
    return {}
  }
}

/** Opens the verdicts of a file; null: they live as long as this process. */
export const openVerdicts = (file: string | null, machine: string): Verdicts => {
  const own = new Map(Object.entries(readVerdicts(file, machine)))
  return {
    get: (tried) => own.get(tried),
    set: (tried, found) => {
      own.set(tried, { ...found, atMs: Date.now() })
      if (file === null) return
      try {
        // One by one: `recursive` of Node 24 tries without end where ENOENT is said of a folder whose parent is there, as in /proc.
        for (const folder of [dirname(dirname(file)), dirname(file)]) if (!existsSync(folder)) mkdirSync(folder)
        // Other processes try, too.
        const verdicts = { ...readVerdicts(file, machine), ...Object.fromEntries(own) }
        replaceFile(file, JSON.stringify({ machine, verdicts }))
      } catch {
        // The next process tries again.
      }
    },
  }
}

/** What a verdict is about: the decoders and the kind of stream, such as `vah264dec, not avdec_h264: video/x-h264 high 1920×1080 4:2:0 8`. */
export const triedOn = (hardware: string, software: string, caps: string): string => {
  const { name, fields } = parseCaps(caps)
  const of = (key: string): string => fields.get(key) ?? '?'
  const kind = [name, of('profile'), `${of('width')}×${of('height')}`, of('chroma-format'), of('bit-depth-luma')]
  return `${hardware}, not ${software}: ${kind.join(' ')}`
}
