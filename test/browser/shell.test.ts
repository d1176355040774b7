import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { seriousFindings } from './axe.ts'
import { executablePath } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

const paths = ['/live', '/live/cafe', '/people', '/review', '/cameras', '/events', '/system']

describe.skipIf(!executablePath)('the viewer on a real site', () => {
  let site: BrowserSite
  beforeAll(async () => {
    site = await openBrowserSite({ cameras: { cafe: scene('cafe'), gate: scene('gate') } })
  })
  afterAll(() => site?.close())

  const picture = (page: Page, camera = 'cafe') =>
    page.locator(`[data-camera=${camera}].has-picture`).waitFor({ timeout: 20_000 })

  test('axe finds nothing serious on any page, dark and light', async () => {
    const page = await site.open('/live')
    await picture(page)
    const found: string[] = []
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const path of paths) {
        await page.goto(`${site.url}/#${path}`)
        found.push(...(await seriousFindings(page)).map((each) => `${colorScheme} ${path}: ${each}`))
      }
    }
    expect(found).toEqual([])
    expect(page.complaints).toEqual([])
    await page.context().close()
  })

  test('no page scrolls sideways at 360 px', async () => {
    const page = await site.open('/live', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    await picture(page)
    for (const path of paths) {
      await page.goto(`${site.url}/#${path}`)
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
    }
    await page.context().close()
  })

  test('a restart of the server while watched: the banner says so, and the picture is back by itself', async () => {
    const page = await site.open('/live')
    await picture(page)
    await site.stop()
    await page.locator('#banner:not([hidden])').waitFor()
    expect(await page.locator('#banner').textContent()).toMatch(/connection to Rollcall is lost/)
    const old = Number(await page.locator('[data-camera=cafe]').getAttribute('data-seq'))
    await site.start()
    await page.locator('#banner').waitFor({ state: 'hidden', timeout: 20_000 })
    await vi.waitFor(
      async () => expect(Number(await page.locator('[data-camera=cafe]').getAttribute('data-seq'))).not.toBe(old),
      20_000,
    )
    await page.context().close()
  })
})
