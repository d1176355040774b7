import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Encoder, openEncoder } from '../../native/index.js'
import { scratchDirectory } from '../support/footage.ts'

const caps = (width: number, height: number): string =>
  `video/x-raw,format=I420,width=${width},height=${height},framerate=25/1`

/** Pictures of one grey each, of an odd size, so that rows without padding differ from GStreamer's own. */
const grey = (width: number, height: number, luma: number): Uint8Array => {
  const half = ((width + 1) >> 1) * ((height + 1) >> 1)
  return new Uint8Array(width * height + 2 * half).fill(luma, 0, width * height).fill(128, width * height)
}

const encoding = async (launch: string, use: (encoder: Encoder) => Promise<void>): Promise<void> => {
  const encoder = openEncoder(launch)
  try {
    await use(encoder)
  } finally {
    await encoder.close()
    await encoder.close()
  }
}

test('every picture comes out in its order, row by row, and its size may change', async () => {
  const file = join(scratchDirectory(), 'raw')
  await encoding(
    `appsrc name=pictures ! videoscale ! videoconvert ! video/x-raw,format=GRAY8,width=8,height=5 ! filesink location=${file}`,
    async (encoder) => {
      for (let i = 0; i < 20; i++) {
        const [width, height] = i < 10 ? [7, 5] : [33, 21]
        await encoder.push(grey(width, height, 20 + 10 * i), caps(width, height), BigInt(i) * 40_000_000n, 40_000_000n)
      }
      await encoder.end()
    },
  )
  const bytes = readFileSync(file)
  const lumas = Array.from({ length: 20 }, (_, i) => [...new Set(bytes.subarray(40 * i, 40 * (i + 1)))])
  expect(bytes.length).toBe(20 * 40)
  // GRAY8 of a limited range is written as it is.
  expect(lumas).toEqual(Array.from({ length: 20 }, (_, i) => [20 + 10 * i]))
})

test('what cannot be encoded or written rejects with the reason', async () => {
  expect(() => openEncoder('appsrc name=pictures ! nosuchelement')).toThrow(/nosuchelement/)
  expect(() => openEncoder('videotestsrc ! fakesink')).toThrow(/no appsrc named 'pictures'/)
  const one = [grey(8, 8, 100), caps(8, 8), 0n, 1n] as const
  await encoding('appsrc name=pictures ! fakesink', async (encoder) => {
    await expect(encoder.push(new Uint8Array(3), one[1], 0n, 1n)).rejects.toThrow(/as many bytes/)
    await expect(encoder.push(one[0], 'video/x-raw,format=RGB,width=8,height=8', 0n, 1n)).rejects.toThrow(/I420/)
    await expect(encoder.push(one[0], one[1], -1n, 1n)).rejects.toThrow(/times/)
    await encoder.push(...one)
  })
  await encoding('appsrc name=pictures ! filesink location=/nowhere/file', async (encoder) => {
    await expect(encoder.push(...one)).rejects.toThrow(/nowhere/)
  })
  await encoding('appsrc name=pictures ! video/x-raw,format=RGB ! fakesink', async (encoder) => {
    for (let failed = 0; failed < 3; ) await encoder.push(...one).catch(() => failed++)
    // GStreamer has said why once only.
    await expect(encoder.end()).rejects.toThrow(/not-negotiated|Internal data stream error/)
  })
})
