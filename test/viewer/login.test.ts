import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildViewer, startSite } from './site.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const token = 'a-token-of-the-test-0123456789'
const auth = {
  mode: 'on',
  tokens: [
    { name: 'wall', scopes: ['read'], token },
    { name: 'desk', scopes: ['operate'], token: 'another-token-0123456789' },
  ],
}

describe.skipIf(!executablePath)('login', () => {
  let viewer: Awaited<ReturnType<typeof buildViewer>>
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let site: Awaited<ReturnType<typeof startSite>>
  const urls: string[] = []

  beforeAll(async () => {
    viewer = await buildViewer()
    site = await startSite(viewer.directory, { cameras: [], people: [] }, 0, { auth })
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    page = await context.newPage()
    page.on('request', (request) => urls.push(request.url()))
    page.on('websocket', (socket) => urls.push(socket.url()))
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    await viewer?.remove()
  })

  const type = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Token' }).fill(text)
    await page.keyboard.press('Enter')
  }
  const complaint = () => page.locator('#login-complaint').textContent()

  test('asks once for a token, says what is wrong with it, and keeps it for this tab only', async () => {
    await page.goto(site.url)
    await page.locator('#login[open]').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('token')
    await page.keyboard.press('Escape')
    expect(await page.locator('#login[open]').count(), 'cannot be dismissed').toBe(1)
    await type('not-a-token-of-anybody')
    await vi.waitFor(async () => expect(await complaint()).toContain('does not know this token'), 10_000)
    await type('another-token-0123456789')
    await vi.waitFor(async () => expect(await complaint()).toContain('may not read'), 10_000)
    expect(site.clients()).toBe(0)

    await type(token)
    await page.locator('#login[open]').waitFor({ state: 'detached' })
    await vi.waitFor(() => expect(site.clients()).toBe(1), 10_000)
    await page.reload()
    await vi.waitFor(() => expect(site.clients()).toBe(1), 10_000)
    expect(await page.locator('#login[open]').count(), 'typed once').toBe(0)
    expect(
      urls.filter((url) => /token|ticket=/.test(new URL(url).search)),
      'never in a URL',
    ).toEqual([])
    expect(urls.some((url) => url.startsWith('ws:'))).toBe(true)
    expect(await context.cookies()).toEqual([])

    const other = await context.newPage()
    await other.goto(site.url)
    await other.locator('#login[open]').waitFor()
    await other.close()
  })

  test('a lost connection gets a new ticket by itself', async () => {
    site.cut()
    await vi.waitFor(() => expect(site.clients()).toBe(0))
    await vi.waitFor(() => expect(site.clients()).toBe(1), 15_000)
    expect(await page.locator('#login[open]').count()).toBe(0)
  })
})
