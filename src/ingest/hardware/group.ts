import type { AccessUnit } from '../../../native/index.js'
import { parseCaps } from '../caps.ts'

/** What a trial's pictures may take, bytes: 16 of 1920×1080. */
const PICTURE_BYTES = 48 * 1024 ** 2
const FEWEST = 4
const MOST = 30

/**
 * The newest pictures with which a decoder can be tried: whole, in decoding order, from a key unit on, 4 to 30 by their size. Null
 * while there are too few. What is shown before the key unit is left out: it refers to what came before.
 */
export const trialGroup = (units: readonly AccessUnit[]): readonly AccessUnit[] | null => {
  const last = units.at(-1)
  const wanted = last === undefined ? null : picturesOf(last.caps)
  if (last === undefined || wanted === null) return null
  for (let from = units.length - FEWEST; from >= 0; from--) {
    const key = units[from]
    if (!key?.key) continue
    const group = units.slice(from).filter(({ ptsNs }) => ptsNs >= key.ptsNs)
    if (group.length < wanted) continue
    const chosen = group.slice(0, wanted)
    if (chosen.every(({ broken, caps, ptsNs }) => !broken && caps === last.caps && ptsNs >= 0n)) return chosen
  }
  return null
}

/** How many pictures of these caps are compared; null when the caps do not tell their size. */
const picturesOf = (caps: string): number | null => {
  const { fields } = parseCaps(caps)
  const bytes = Number(fields.get('width')) * Number(fields.get('height')) * 1.5
  return bytes > 0 ? Math.min(MOST, Math.max(FEWEST, Math.floor(PICTURE_BYTES / bytes))) : null
}
