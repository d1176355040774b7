import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { executablePath, launchChromium, threeTries } from './chromium.ts'

const source = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, '../../client/src/blur.ts'), 'utf8'))

/** In the page: stripes of one pixel, a box of them blurred; the contrast within it, at its margin, and elsewhere. */
const contrasts = `import(${JSON.stringify(`data:text/javascript,${encodeURIComponent(source)}`)}).then(({ blurBoxes }) => {
  const context = new OffscreenCanvas(320, 180).getContext('2d')
  for (let x = 0; x < 320; x++) {
    context.fillStyle = x % 2 === 0 ? 'black' : 'white'
    context.fillRect(x, 0, 1, 180)
  }
  blurBoxes(context, [{ x: 0.5, y: 0.4, width: 0.1, height: 0.2 }], { x: 0, y: 0, width: 320, height: 180 })
  return [[176, 90], [155, 66], [40, 90]].map(([x, y]) => {
    const { data } = context.getImageData(x, y, 2, 1)
    return Math.abs(data[0] - data[4])
  })
})`

describe.skipIf(!executablePath)('what nobody may see', threeTries, () => {
  test('is blurred on the canvas, with a margin around the box, and nothing else is', async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      const [within = 255, margin = 255, elsewhere] = await page.evaluate<number[]>(contrasts)
      expect(Math.max(within, margin)).toBeLessThan(60)
      expect(elsewhere).toBe(255)
    } finally {
      await browser.close()
    }
  })
})
