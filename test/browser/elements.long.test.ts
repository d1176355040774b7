import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executablePath, threeTries } from './chromium.ts'
import { firstWith, hasPicture, type OtherOrigin, openOtherOrigin } from './other-origin.ts'

describe.skipIf(!executablePath)('the elements where video cannot be played', threeTries, () => {
  let other: OtherOrigin
  beforeAll(async () => {
    other = await openOtherOrigin()
  })
  afterAll(() => other?.close())

  test.each([
    [
      'forbids workers',
      "default-src 'self'; worker-src 'none'; connect-src http: ws:",
      /does not let the worker start/,
    ],
    ['decodes no video', '', /^this browser decodes no video/],
  ])('<rollcall-camera> shows stills, and says why, where the page %s', async (_, policy, reason) => {
    await using page = await other.open('camera.html', { policy }, async (opened) => {
      await opened.route('**/video/worker.js', async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, body: `import './no-decoder.js'\n${await response.text()}` })
      })
      const forget = { contentType: 'text/javascript', body: 'delete globalThis.VideoDecoder' }
      await opened.route('**/video/no-decoder.js', (route) => route.fulfill(forget))
    })
    await page.evaluate(firstWith('rollcall-frame', 'faces'))
    expect(await page.evaluate(hasPicture)).toBe(true)
    expect(await page.locator('rollcall-camera p').textContent()).toMatch(reason)
  })
})
