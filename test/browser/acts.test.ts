import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFindings } from './axe.ts'
import { executablePath } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

const identity = { join: 2, create: 1.99, merge: 2 }

describe.skipIf(!executablePath)('people are changed in the viewer', () => {
  let site: BrowserSite
  let page: Page
  let second: Page
  beforeAll(async () => {
    site = await openBrowserSite({ cameras: { cafe: scene('cafe') }, config: { identity } })
    ;[page, second] = await Promise.all([site.open('/review'), site.open('/review')])
  })
  afterAll(() => site?.close())

  const post = async <Answer>(path: string, body: object): Promise<Answer> => {
    const response = await fetch(site.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status, path).toBeLessThan(400)
    return (await response.json()) as Answer
  }

  test('the review asks nothing, and says so', async () => {
    await page.locator('.review-end, [data-question]').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    void post
    void second
  })
})
