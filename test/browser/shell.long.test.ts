import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { executablePath, threeTries } from './chromium.ts'
import { paths } from './pages.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

describe.skipIf(!executablePath)('the viewer on a real site, on a phone and through a restart', threeTries, () => {
  let site: BrowserSite
  beforeAll(async () => {
    site = await openBrowserSite({ cameras: { cafe: scene('cafe'), gate: scene('gate') } })
  })
  afterAll(() => site?.close())

  const picture = (page: Page) => page.locator('[data-camera=cafe].has-picture').waitFor({ timeout: 60_000 })

  test('no page scrolls sideways at 360 px', async () => {
    await using page = await site.open('/live', {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    })
    await picture(page)
    for (const path of paths) {
      await page.goto(`${site.url}/#${path}`)
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
    }
  })

  test('a restart of the server while watched: the banner says so, and the picture is back by itself', async () => {
    await using page = await site.open('/live')
    await picture(page)
    await site.stop()
    await page.locator('#banner:not([hidden])').waitFor()
    expect(await page.locator('#banner').textContent()).toMatch(/connection to Rollcall is lost/)
    const figures = page.locator('[data-camera=cafe] .figures')
    await eventually(async () => expect(await figures.textContent()).toBe(''))
    await site.start()
    await page.locator('#banner').waitFor({ state: 'hidden', timeout: 20_000 })
    await eventually(async () => expect(await figures.textContent()).toMatch(/fps/))
  })
})
