import type { NativeFrame } from '../../native/index.js'

/** FNV-1a over every third value of the luma: equal only for pictures that were decoded alike. */
export const hashOf = ({ planes, width, height }: Pick<NativeFrame, 'planes' | 'width' | 'height'>): number => {
  const [{ data, stride } = { data: new Uint8Array(), stride: 0 }] = planes
  let hash = 0x811c9dc5
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x += 3) hash = Math.imul(hash ^ (data[y * stride + x] as number), 0x01000193)
  return hash >>> 0
}
