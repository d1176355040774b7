/** Pictures as other cameras would send them: without colours, by infrared light, in poor light. */

import { pictureFrom } from '../src/evaluate/spoilt/picture-from.ts'
import { spoilt } from '../src/evaluate/spoilt/spoilt-photo.ts'
import { seededRandom } from '../src/math/seeded-random.ts'
import type { Picture, Yuv } from '../src/types.ts'

/** A decoded picture, I420, and the same for the detector. */
export interface Seen {
  readonly full: Yuv
  readonly picture: Picture
}

/** Without its colours: the luma alone. */
export const withoutColours = ({ full, picture }: Seen): Picture => {
  const [luma, ...colours] = full.planes
  if (!luma) return picture
  const neutral = colours.map(({ data, stride }) => ({ data: new Uint8Array(data.length).fill(128), stride }))
  return pictureFrom({ ...full, planes: [luma, ...neutral] }, picture)
}

/** What `--as` may be. Infrared and poor light are those of `eval verification --grey --poor`. */
export const kinds = {
  colour: ({ picture }: Seen): Picture => picture,
  grey: withoutColours,
  infrared: ({ full, picture }: Seen): Picture =>
    spoilt({ ...full, picture }, { grey: true, poor: false }, seededRandom(1)).picture,
  poor: ({ full, picture }: Seen): Picture =>
    spoilt({ ...full, picture }, { grey: false, poor: true }, seededRandom(1)).picture,
} as const satisfies Record<string, (seen: Seen) => Picture>

/** One of `kinds`. */
export type Kind = keyof typeof kinds
