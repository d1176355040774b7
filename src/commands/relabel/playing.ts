import type { CameraId } from '../../types.ts'
import type { ProgressTo } from '../photos/progress.ts'

const everyMs = { terminal: 200, lines: 10_000 }

/**
 * Tells how far recordings are: on a terminal in one line that is written anew, elsewhere by a line every ten seconds. How long
 * they are is not known before their end. Call the result with a recording's time in seconds.
 */
export const playing = (cameras: readonly CameraId[], to: ProgressTo): ((camera: CameraId, atS: number) => void) => {
  const at = new Map<CameraId, number>()
  const began = to.nowMs()
  let told = began
  return (camera, atS) => {
    at.set(camera, atS)
    const now = to.nowMs()
    if (now - told < (to.isTerminal ? everyMs.terminal : everyMs.lines)) return
    told = now
    const done = [...at.values()].reduce((sum, each) => sum + each, 0)
    const times = cameras.map((name) => `${name} ${minutes(at.get(name) ?? 0)}`).join(', ')
    const text = `${times} (${(done / ((now - began) / 1000)).toFixed(1)} × real time)`
    to.write(to.isTerminal ? `\r\x1b[2K${text}` : `${text}\n`)
  }
}

const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${`${Math.floor(seconds % 60)}`.padStart(2, '0')}`
