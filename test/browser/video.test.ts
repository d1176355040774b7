import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { executablePath } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

describe.skipIf(!executablePath)("a camera's own video in the real program", () => {
  let site: BrowserSite
  beforeAll(async () => {
    site = await openBrowserSite({ cameras: { cafe: scene('cafe') }, config: { cameraDefaults: { maxFps: 25 } } })
  })
  afterAll(() => site?.close())

  const level = (page: Page) => page.locator('[data-camera=cafe]').getAttribute('data-level')
  const fps = async (page: Page) =>
    Number.parseFloat((await page.locator('[data-camera=cafe] .figures').textContent()) ?? '')
  const clients = async () => {
    const text = await (await fetch(`${site.url}/metrics`)).text()
    return Number(/^rollcall_websocket_video_cameras(?:\{.*\})? (\d+)$/m.exec(text)?.[1])
  }

  test('plays at the pace of the camera; a hidden page asks for nothing', async () => {
    const page = await site.open('/live')
    await page.locator('[data-camera=cafe].has-picture').waitFor({ timeout: 20_000 })
    await vi.waitFor(async () => expect(await fps(page)).toBeGreaterThan(4), { timeout: 15_000, interval: 300 })
    expect(await level(page)).toMatch(/all|fewer/)
    expect(await page.locator('[data-camera=cafe] .notice').isVisible()).toBe(false)
    expect(await clients()).toBe(1)
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`)
    await vi.waitFor(async () => expect(await clients()).toBe(0), 5000)
    await page.evaluate(`delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))`)
    await vi.waitFor(async () => expect(await clients()).toBe(1), 5000)
    await vi.waitFor(async () => expect(await fps(page)).toBeGreaterThan(4), { timeout: 15_000, interval: 300 })
    expect(page.complaints).toEqual([])
    await page.context().close()
  })

  test('without a decoder it shows stills, and says why', async () => {
    const page = await site.open('/people')
    // As a browser on plain http:// of another machine; the worker gets it with its script.
    await page.route('**/worker-*.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `delete globalThis.VideoDecoder;${await response.text()}` })
    })
    await page.goto(`${site.url}/#/live`)
    await page.locator('[data-camera=cafe].has-picture').waitFor({ timeout: 20_000 })
    expect(await level(page)).toBe('stills')
    await eventually(async () =>
      expect(await page.locator('[data-camera=cafe] .notice').textContent()).toMatch(/decodes? .*video/),
    )
    await vi.waitFor(async () => expect(await clients()).toBe(0), 5000)
    await page.context().close()
  })
})
