import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { FramePicture } from '../../src/sinks/websocket/protocol.ts'
import { blurredJpeg, blurStills } from '../../src/site/blur-stills.ts'
import { eventually } from '../support/eventually.ts'

/** A picture of stripes, one pixel black, one white. */
const stripes = async (): Promise<Buffer> => {
  const pixels = Buffer.from(Array.from({ length: 160 * 90 }, (_, i) => (i % 2) * 255))
  return sharp(pixels, { raw: { width: 160, height: 90, channels: 1 } })
    .jpeg({ quality: 95 })
    .toBuffer()
}

/** The greatest difference of two pixels beside each other in this column. */
const contrastAt = async (jpeg: Uint8Array, x: number, y: number): Promise<number> => {
  const { data } = await sharp(jpeg)
    .extract({ left: x, top: y, width: 2, height: 1 })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Math.abs((data[0] ?? 0) - (data[1] ?? 0))
}

const box = { x: 0.5, y: 0.4, width: 0.2, height: 0.3 }

test('a face is blurred in the pixels, with a margin, and the rest of the picture is as it was', async () => {
  const blurred = await blurredJpeg(await stripes(), [box, { x: 2, y: 2, width: 0.1, height: 0.1 }])
  for (const [x, y] of [
    [96, 50],
    [82, 38],
    [113, 62],
    [78, 34],
  ] as const)
    expect(await contrastAt(blurred, x, y), `${x},${y}`).toBeLessThan(60)
  expect(await contrastAt(blurred, 20, 50)).toBeGreaterThan(180)
})

test('stills with such a face are passed on blurred, and one that cannot be read is not', async () => {
  const published: FramePicture[] = []
  const pass = blurStills((picture) => void published.push(picture))
  const still = (jpeg: Uint8Array, blur?: readonly (typeof box)[]) =>
    ({ frame: { camera: 'door', ...(blur && { blur }) }, jpeg }) as unknown as FramePicture
  const jpeg = await stripes()
  pass(still(jpeg))
  expect(published[0]?.jpeg).toBe(jpeg)
  pass(still(new Uint8Array(10), [box]))
  await eventually(() => {
    pass(still(jpeg, [box]))
    expect(published.length).toBeGreaterThan(1)
  })
  const [, blurred] = published
  expect(blurred && (await contrastAt(blurred.jpeg, 96, 50))).toBeLessThan(60)
})
