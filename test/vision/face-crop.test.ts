import { expect, test } from 'vitest'
import { encodeJpeg } from '../../native/index.js'
import type { Box, Landmarks, Yuv } from '../../src/types.ts'
import { createFaceCropper, mostCropPx } from '../../src/vision/face-crop.ts'

/** A picture whose luma rises from left to right, and whose lower half is dark. */
const pictureOf = (width: number, height: number): Yuv => {
  const luma = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    return y > height / 2 ? 20 : 40 + Math.round((x / width) * 180)
  })
  const chroma = new Uint8Array((width / 2) * (height / 2)).fill(128)
  const planes = [
    { data: luma, stride: width },
    { data: chroma, stride: width / 2 },
    { data: chroma, stride: width / 2 },
  ]
  return { format: 'I420', width, height, planes, matrix: 'bt601', fullRange: true }
}
/** Landmarks of a face in this box whose eyes lie along a line at this angle, for a square picture. */
const landmarks = ({ x, y, width, height }: Box, angle = 0): Landmarks => {
  const at = (dx: number, dy: number) => ({
    x: x + width / 2 + width * (dx * Math.cos(angle) - dy * Math.sin(angle)),
    y: y + height / 2 + height * (dx * Math.sin(angle) + dy * Math.cos(angle)),
  })
  return [at(-0.2, -0.1), at(0.2, -0.1), at(0, 0.1), at(-0.15, 0.3), at(0.15, 0.3)]
}
const cropper = createFaceCropper()

test.each([
  [0.05, 64],
  [0.1, 96],
  [0.15, 128],
  [0.4, mostCropPx],
])('a face of %d of the picture’s 500 pixels gives a square of %i, planar RGB', (size, side) => {
  const box = { x: 0.3, y: 0.3, width: size, height: size }
  const crop = cropper.cut(pictureOf(500, 500), box, landmarks(box))
  expect([crop?.width, crop?.height, crop?.data.length]).toEqual([side, side, 3 * side * side])
})

test('the face is in the middle, with a margin, and upright however the head was held', () => {
  const box = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 }
  const full = pictureOf(400, 400)
  const at = (crop: ReturnType<typeof cropper.cut>, x: number, y: number) =>
    crop?.data[Math.floor(y * crop.height) * crop.width + Math.floor(x * crop.width)] ?? -1
  const upright = cropper.cut(full, box, landmarks(box))
  expect(at(upright, 0.5, 0.9)).toBeLessThan(40)
  expect(at(upright, 0.95, 0.2) - at(upright, 0.05, 0.2)).toBeGreaterThan(40)
  // Upside down: what was dark below is above now, and left and right are swapped.
  const turned = cropper.cut(full, box, landmarks(box, Math.PI))
  expect(at(turned, 0.5, 0.1)).toBeLessThan(40)
  expect(at(turned, 0.05, 0.8) - at(turned, 0.95, 0.8)).toBeGreaterThan(40)
})

test('a face at the edge is cut all the same; what cannot be a face is not', () => {
  const full = pictureOf(400, 400)
  const corner = { x: -0.05, y: -0.05, width: 0.2, height: 0.2 }
  expect(cropper.cut(full, corner, landmarks(corner))?.width).toBe(128)
  for (const size of [0, 0.001, Number.NaN]) {
    const box = { x: 0.5, y: 0.5, width: size, height: size }
    expect(cropper.cut(full, box, landmarks(box))).toBeNull()
  }
})

test('a crop as JPEG takes some kilobytes', async () => {
  const box = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 }
  const crop = cropper.cut(pictureOf(400, 400), box, landmarks(box))
  if (!crop) throw new Error('no crop')
  const jpeg = await encodeJpeg(crop, 85)
  expect([...jpeg.subarray(0, 2), ...jpeg.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9])
  expect(jpeg.length).toBeLessThan(12_000)
  await expect(encodeJpeg(crop, 0)).rejects.toThrow('quality must be a number from 1 to 100')
  await expect(encodeJpeg({ ...crop, width: 7 }, 85)).rejects.toThrow('3 · width · height bytes')
  await expect(encodeJpeg({ ...crop, width: 1e9 }, 85)).rejects.toThrow('3 · width · height bytes')
  await expect(encodeJpeg(null as never, 85)).rejects.toThrow('picture must be an object')
})
