import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { executablePath, threeTries } from './chromium.ts'
import { firstWith, hasPicture, type OtherOrigin, openOtherOrigin, videoCameras } from './other-origin.ts'
import type { BrowserSite } from './site.ts'

let other: OtherOrigin
let site: BrowserSite
beforeAll(async () => {
  if (!executablePath) return
  other = await openOtherOrigin()
  ;({ site } = other)
})
afterAll(() => other?.close())
const clients = () => videoCameras(site)

describe.skipIf(!executablePath)("a camera's own video in the real program", threeTries, () => {
  const level = (page: Page) => page.locator('[data-camera=cafe]').getAttribute('data-level')
  const fps = async (page: Page) =>
    Number.parseFloat((await page.locator('[data-camera=cafe] .figures').textContent()) ?? '')

  const notice = (page: Page) =>
    page.locator('[data-camera=cafe] .notice').evaluate((node) => (node.checkVisibility() ? node.textContent : null))

  test('plays at the pace of the camera; a hidden page asks for nothing', async () => {
    await using page = await site.open('/live')
    await page.locator('[data-camera=cafe].has-picture').waitFor({ timeout: 20_000 })
    await eventually(async () => expect(await fps(page)).toBeGreaterThan(4))
    // A busy machine may draw fewer, and says so; nothing else is told of a camera that plays.
    await eventually(async () =>
      expect([null, 'this device does not keep up: fewer pictures']).toContain(await notice(page)),
    )
    expect(await level(page)).toMatch(/all|fewer/)
    expect(await clients()).toBe(1)
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`)
    await eventually(async () => expect(await clients()).toBe(0))
    await page.evaluate(`delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))`)
    await eventually(async () => expect(await clients()).toBe(1))
    await eventually(async () => expect(await fps(page)).toBeGreaterThan(4))
    expect(page.complaints).toEqual([])
  })

  test('without a decoder it shows stills, and says why', async () => {
    await using page = await site.open('/people')
    // As a browser on plain http:// of another machine; the worker gets it with its script.
    await page.route('**/worker-*.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `delete globalThis.VideoDecoder;${await response.text()}` })
    })
    await page.goto(`${site.url}/#/live`)
    await page.locator('[data-camera=cafe].has-picture').waitFor({ timeout: 20_000 })
    expect(await level(page)).toBe('stills')
    await eventually(async () => expect(await notice(page)).toMatch(/decodes? .*video/))
    await eventually(async () => expect(await clients()).toBe(0))
  })
})

describe.skipIf(!executablePath)('the elements on a page of another origin', threeTries, () => {
  /** What the first state says that has a picture. */
  const firstState = `new Promise((resolve) =>
    addEventListener('rollcall-state', ({ detail }) => detail.hasPicture && resolve(detail), true))`

  test("<rollcall-camera> plays the camera's own video with its boxes", async () => {
    await using page = await other.open('camera.html')
    expect(await page.evaluate(firstState)).toMatchObject({ reason: null })
    expect(await clients()).toBe(1)
    const frame = (await page.evaluate(firstWith('rollcall-frame', 'faces'))) as {
      camera: string
      faces: { box: object }[]
    }
    expect(frame.camera).toBe('cafe')
    await page.getByRole('img', { name: /^Camera cafe: (?!no picture)/ }).waitFor()
    expect(await page.evaluate(hasPicture)).toBe(true)
    // Taken off, put back and changed, it begins anew.
    await page.evaluate(`{
      const camera = document.querySelector('rollcall-camera')
      camera.remove()
      document.body.append(camera)
    }`)
    await page.evaluate(firstWith('rollcall-frame', 'faces'))
  })

  test('<rollcall-camera> plays video on a page that has its scripts from another origin', async () => {
    const policy = `default-src 'none'; script-src ${other.cdn}; worker-src blob: ${other.cdn}; connect-src http: ws:`
    await using page = await other.open('camera.html', { policy, scripts: `${other.cdn}/` })
    expect(await page.evaluate(firstState)).toMatchObject({ reason: null })
    expect(await page.evaluate(hasPicture)).toBe(true)
  })

  test('<rollcall-overlay> draws over a video of its own, by capture time', async () => {
    await using page = await other.open('overlay.html')
    const shown = (await page.evaluate(firstWith('rollcall-overlay', 'boxes'))) as {
      capturedAtMs: number
      boxes: object[]
    }
    expect(Math.abs(Date.now() - shown.capturedAtMs)).toBeLessThan(5000)
    // The file begins again: the fit too.
    const behindMs = (await page.evaluate(`new Promise((resolve) => {
      const video = document.querySelector('video')
      let wasNearEnd = false
      video.playbackRate = 16
      addEventListener('rollcall-overlay', ({ detail }) => {
        wasNearEnd ||= video.currentTime > video.duration / 2
        if (!wasNearEnd || video.currentTime > 5) return
        video.playbackRate = 1
        resolve(Date.now() - detail.capturedAtMs)
      }, true)
    })`)) as number
    expect(Math.abs(behindMs)).toBeLessThan(5000)
    const drawn = await page.evaluate(`(() => {
      const canvas = document.querySelector('rollcall-overlay').shadowRoot.querySelector('canvas')
      const { width, height } = canvas
      return [width > 0, document.querySelector('video').clientWidth * devicePixelRatio === width, height > 0]
    })()`)
    expect(drawn).toEqual([true, true, true])
  })
})
