import { reduced } from '../../math/luma-plane.ts'
import type { Picture, Yuv } from '../../types.ts'
import { componentsOf, toRgbOf } from '../../vision/yuv.ts'

/** The detector's picture as ingest makes it: the full one, scaled down, in RGB. So noise averages out in it as there. */
export const pictureFrom = (full: Yuv, { width, height }: Pick<Picture, 'width' | 'height'>): Picture => {
  const components = componentsOf(full)
  const { black, luma, redV, greenU, greenV, blueU } = toRgbOf(full)
  const means = components.map((of) =>
    reduced((x, y) => of.data[y * of.stride + x * of.step + of.offset] as number, of, { width, height }),
  )
  const [y, u, v] = means as [Float32Array, Float32Array, Float32Array]
  const area = width * height
  const data = new Uint8ClampedArray(3 * area)
  for (let i = 0; i < area; i++) {
    const light = ((y[i] as number) - black) * luma
    const blue = (u[i] as number) - 128
    const red = (v[i] as number) - 128
    data[i] = light + redV * red
    data[area + i] = light + greenU * blue + greenV * red
    data[2 * area + i] = light + blueU * blue
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}
