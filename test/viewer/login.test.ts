import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { threeTries } from '../browser/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { buildViewer } from './built.ts'
import { startSite } from './site.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const token = 'a-token-of-the-test-0123456789'
const auth = {
  mode: 'on',
  tokens: [
    { name: 'wall', scopes: ['read'], token },
    { name: 'desk', scopes: ['operate'], token: 'another-token-0123456789' },
  ],
}

describe.skipIf(!executablePath)('signing in', threeTries, () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let site: Awaited<ReturnType<typeof startSite>>
  const urls: string[] = []

  beforeAll(async () => {
    site = await startSite(await buildViewer(), { cameras: [], people: [] }, 0, { auth })
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
  })

  const type = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Token' }).fill(text)
    await page.keyboard.press('Enter')
  }
  const complaint = () => page.locator('#login-complaint').textContent()

  const asked = (of: Page) => of.locator('#login[open]')
  const clients = (count: number) => eventually(() => expect(site.clients()).toBe(count))

  test('asks once for a token, says what is wrong with it, and keeps a cookie that no script can read', async () => {
    await page.goto(site.url)
    await asked(page).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('token')
    await page.keyboard.press('Escape')
    expect(await asked(page).count(), 'cannot be dismissed').toBe(1)
    await type('not-a-token-of-anybody')
    await eventually(async () => expect(await complaint()).toContain('does not know this token'))
    await type('another-token-0123456789')
    await eventually(async () => expect(await complaint()).toContain('may not read'))
    expect(site.clients()).toBe(0)

    await type(token)
    await asked(page).waitFor({ state: 'detached' })
    await clients(1)
    await page.reload()
    await clients(1)
    expect(await asked(page).count(), 'typed once').toBe(0)
    expect(urls.filter((url) => url.includes(token))).toEqual([])
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ name: 'rollcall', httpOnly: true, sameSite: 'Strict', path: '/' })
    expect(await page.evaluate('document.cookie + JSON.stringify(sessionStorage)')).not.toContain(cookie?.value)

    const other = await context.newPage()
    await other.goto(site.url)
    await clients(2)
    expect(await asked(other).count(), 'the session outlives the tab').toBe(0)
    await other.close()
    await clients(1)
  })

  test('a lost connection gets a new ticket by itself', async () => {
    site.cut()
    await clients(0)
    await clients(1)
    expect(await asked(page).count()).toBe(0)
  })

  test('a phone signs in by a link with a QR code, once, and shows in the list of sessions', async () => {
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('heading', { name: 'wall' }).waitFor()
    await page.getByRole('button', { name: 'Sign in on a phone' }).click()
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()
    const code = link.split('/').at(-1) ?? ''
    const open = async () => {
      const phone = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage()
      const seen: string[] = []
      phone.on('request', (request) => seen.push(request.url().split('#')[0] ?? ''))
      await phone.goto(link)
      return { phone, seen }
    }
    const { phone, seen } = await open()
    await clients(2)
    expect(phone.url()).toBe(`${site.url}/#/live`)
    expect(seen.filter((url) => url.includes(code))).toEqual([])
    const second = await open()
    await asked(second.phone).waitFor()
    expect(await second.phone.locator('#login-complaint').textContent()).toContain('used before')
    await second.phone.context().close()

    await page.locator('#account').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('button', { name: 'End' }).click()
    await asked(phone).waitFor()
    expect(await phone.locator('#login-complaint').textContent()).toContain('session has ended')
    await phone.context().close()
    await page.keyboard.press('Escape')
  })

  test('a session that ends in the middle: signing in again leads back to the same place', async () => {
    await page.goto(`${site.url}/#/events`)
    await page.evaluate("document.querySelector('main').dataset.mark = 'kept'")
    await clients(1)
    const value = (await context.cookies())[0]?.value ?? ''
    await fetch(`${site.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie: `rollcall=${value}`, origin: site.url },
    })
    await asked(page).waitFor()
    await type(token)
    await clients(1)
    expect(page.url()).toBe(`${site.url}/#/events`)
    expect(await page.evaluate("document.querySelector('main').dataset.mark")).toBe('kept')
  })

  test('signing out forgets everything', async () => {
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await asked(page).waitFor()
    await clients(0)
    expect(await context.cookies()).toEqual([])
    expect(await page.locator('main').count(), 'nothing of the site is left on the page').toBe(0)
  })
})
