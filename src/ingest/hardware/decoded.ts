import type { NativeFrame } from '../../../native/index.js'

/** A decoded picture, copied. */
export interface Decoded
  extends Pick<NativeFrame, 'ptsNs' | 'format' | 'width' | 'height' | 'matrix' | 'fullRange' | 'planes'> {}

/** What a decoder made of a group of pictures. */
export interface Run {
  readonly pictures: readonly Decoded[]
  /** From the first picture to the last: CPU time of the process, and time, milliseconds a picture. */
  readonly cpuMs: number
  readonly tookMs: number
}

/** Copies a frame, and closes it. */
export const copied = (frame: NativeFrame): Decoded => {
  const { ptsNs, format, width, height, matrix, fullRange } = frame
  const planes = frame.planes.map(({ data, stride }) => ({ data: Uint8Array.from(data), stride }))
  frame.close()
  return { ptsNs, format, width, height, matrix, fullRange, planes }
}

/** One of the three components: its bytes, from one row to the next, from one sample to the next, and where it begins. */
interface Component {
  readonly data: Uint8Array
  readonly stride: number
  readonly step: number
  readonly from: number
}

const componentOf = ({ format, planes }: Decoded, index: 0 | 1 | 2): Component => {
  const isPair = format === 'NV12' && index > 0
  const plane = planes[isPair ? 1 : index] ?? { data: new Uint8Array(), stride: 0 }
  return { ...plane, step: isPair ? 2 : 1, from: isPair ? index - 1 : 0 }
}

/** The greatest difference of a sample, 0–255; NaN when the pictures are not of one size, time and kind of colours. */
export const differenceOf = (a: Decoded, b: Decoded): number => {
  const same = (['ptsNs', 'width', 'height', 'matrix', 'fullRange'] as const).every((key) => a[key] === b[key])
  if (!same) return Number.NaN
  let most = 0
  for (const index of [0, 1, 2] as const) {
    const [one, other] = [componentOf(a, index), componentOf(b, index)]
    const [columns, rows] = [a.width, a.height].map((side) => (index === 0 ? side : Math.ceil(side / 2))) as [
      number,
      number,
    ]
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const left = one.data[one.from + y * one.stride + x * one.step] as number
        const right = other.data[other.from + y * other.stride + x * other.step] as number
        const difference = Math.abs(left - right)
        // Also where one of them is missing.
        if (!(difference <= most)) most = difference
        if (Number.isNaN(most)) return most
      }
    }
  }
  return most
}
