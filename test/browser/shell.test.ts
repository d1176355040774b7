import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { seriousFindings } from './axe.ts'
import { executablePath, threeTries } from './chromium.ts'
import { paths } from './pages.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

describe.skipIf(!executablePath)('the viewer on a real site', threeTries, () => {
  let site: BrowserSite
  /** What receives the events of cameras, and what it answers. */
  let receives = 204
  const receiver = createServer((_, response) => response.writeHead(receives).end())
  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/secret`
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    const webhooks = { hall: { url, secret, allow: ['127.0.0.1'], types: ['cameras'] } }
    site = await openBrowserSite({
      cameras: { cafe: scene('cafe'), gate: scene('gate') },
      config: { sinks: { webhooks } },
    })
  })
  afterAll(async () => {
    await site?.close()
    receiver.close()
    receiver.closeAllConnections()
  })

  const picture = (page: Page, camera = 'cafe') =>
    page.locator(`[data-camera=${camera}].has-picture`).waitFor({ timeout: 60_000 })

  const post = (page: Page, path: string, body: object): Promise<number> =>
    page.evaluate(
      `fetch(${JSON.stringify(path)}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(body))} }).then(({ status }) => status)`,
    )

  test('axe finds nothing serious on any page, dark and light; none scrolls sideways at 360 px', async () => {
    await using page = await site.open('/live')
    await picture(page)
    const found: string[] = []
    for (const [colorScheme, viewport] of [
      ['dark', { width: 1280, height: 800 }],
      ['light', { width: 360, height: 740 }],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize(viewport)
      for (const path of paths) {
        await page.goto(`${site.url}/#${path}`)
        await page.locator(`body[data-page=${path.split('/')[1]}]`).waitFor()
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(viewport.width)
        found.push(...(await seriousFindings(page)).map((each) => `${colorScheme} ${path}: ${each}`))
      }
    }
    expect(found).toEqual([])
    expect(page.complaints).toEqual([])
  })

  test('a webhook is tested on the System page, which says what came of it', async () => {
    await using page = await site.open('/system')
    const row = page.locator('.webhook', { hasText: 'hall' })
    await row.getByText('took an event').waitFor()
    expect(await row.textContent()).not.toContain('/secret')
    const test = page.getByRole('button', { name: 'Test hall' })
    await test.click()
    await page.getByText(/hall took the test event in \d+ ms/).waitFor()
    receives = 500
    await test.click()
    await page.getByText(/hall did not take the test event: .*500/).waitFor()
    receives = 204
    expect(page.complaints).toEqual([])
  })

  test('a dialog closes with its page, as by the Back button', async () => {
    await using page = await site.open('/people')
    await page.goto(`${site.url}/#/cameras`)
    await page.getByRole('button', { name: 'Add a camera' }).click()
    await page.locator('dialog[open]').waitFor()
    await page.goBack()
    await page.locator('body[data-page=people]').waitFor()
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  test('names with markup, right-to-left script and emoji are text, in their own direction', async () => {
    await using page = await site.open('/live')
    await page.locator('#people li').first().waitFor({ timeout: 20_000 })
    const id = await page.locator('#people li').first().getAttribute('data-person')
    const row = page.locator(`#people li[data-person="${id}"] .name`)
    for (const name of ['<img src=x onerror=alert(1)>', 'דנה <b>כהן</b>', 'Wald'.repeat(30), '👩🏽 Zoë & "Co"']) {
      expect(await post(page, `/api/people/${id}/name`, { name })).toBe(200)
      await eventually(async () => expect(await row.textContent()).toBe(name))
      await eventually(async () => expect(await page.locator('#feed li').first().textContent()).toContain(name))
      expect(await row.evaluate((node) => node.tagName)).toBe('BDI')
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
    expect(await page.locator('main img[src="x"], main b').count()).toBe(0)
    await page.goto(`${site.url}/#/events?person=${id}`)
    await page.locator('.event').first().waitFor()
    expect((await page.locator('.event .chip').allTextContents()).join()).toContain('👩🏽')
    await post(page, `/api/people/${id}/name`, { name: null })
    expect(page.complaints).toEqual([])
  })

  test('a hidden tab watches nothing, and goes on when it is seen again', async () => {
    await using page = await site.open('/people')
    const watched: string[] = []
    let pictures = 0
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (typeof payload === 'string' && payload.includes('"watch"')) watched.push(payload)
      })
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') pictures++
      })
    })
    await page.goto(`${site.url}/?again#/live`)
    await picture(page)
    expect(watched.at(-1)).toMatch(/cafe/)
    const hide = (isHidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`)
    await hide(true)
    await eventually(() => expect(watched.at(-1)).not.toMatch(/cafe|gate/))
    await post(page, '/api/ws-ticket', {})
    const before = pictures
    await eventually(async () => {
      await post(page, '/api/ws-ticket', {})
      // What was under way may still come.
      expect(pictures).toBeLessThanOrEqual(before + 2)
    })
    await hide(false)
    await eventually(() => expect(watched.at(-1)).toMatch(/cafe/))
    await eventually(() => expect(pictures).toBeGreaterThan(before + 2))
  })

  test('the keyboard alone reaches everything, and shows a camera large', async () => {
    await using page = await site.open('/live')
    await picture(page)
    for (const path of ['/live', '/people', '/cameras', '/events?type=cameras']) {
      await page.goto(`${site.url}/#${path}`)
      await page.evaluate('document.activeElement?.blur()')
      const count: number = await page.evaluate(
        `[...document.querySelectorAll('a[href], button:enabled, select, input')].filter((each) => each.checkVisibility() && each.tabIndex >= 0).length`,
      )
      const reached = new Set<string>()
      for (let i = 0; i < count + 5; i++) {
        await page.keyboard.press('Tab')
        reached.add(
          await page.evaluate(
            `(document.activeElement.dataset.reached ??= String(Math.random()), document.activeElement.matches('a, button, select, input') ? document.activeElement.dataset.reached : '')`,
          ),
        )
      }
      reached.delete('')
      const missed: string[] = await page.evaluate(
        `[...document.querySelectorAll('a[href], button:enabled, select, input')].filter((each) => each.checkVisibility() && each.tabIndex >= 0 && !each.dataset.reached).map((each) => each.outerHTML.slice(0, 120))`,
      )
      // Rows that came while the keys were pressed are not waited for.
      expect(
        missed.filter((each) => !/chip|json-toggle|aria-pressed|person-card/.test(each)),
        path,
      ).toEqual([])
      expect(reached.size, path).toBeGreaterThan(6)
    }
    await page.goto(`${site.url}/#/live`)
    await page.getByRole('button', { name: 'gate', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.tile.large[data-camera=gate]').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.locator('.tile.large[data-camera=cafe]').waitFor()
    await page.keyboard.press('Escape')
    await eventually(async () => expect(await page.locator('.tile.large').count()).toBe(0))
    await page.getByRole('button', { name: 'Pin gate' }).focus()
    await page.keyboard.press('Space')
    await eventually(async () => expect(await page.locator('.tile').first().getAttribute('data-camera')).toBe('gate'))
    expect(page.complaints).toEqual([])
  })
})
