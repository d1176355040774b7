import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { seriousFindings } from './axe.ts'
import { executablePath, threeTries } from './chromium.ts'
import { type BrowserSite, forgetIfFailed, openBrowserSite, scene, type Watched } from './site.ts'

const login = { user: 'anna', password: 'hunter2-ß' }
const patience = { timeout: 45_000 }

describe.skipIf(!executablePath)('cameras and system', threeTries, () => {
  let site: BrowserSite
  let page: Page & Watched
  beforeAll(async () => {
    site = await openBrowserSite({
      cameras: { lobby: scene('lobby') },
      rtsp: { auth: { ...login, scheme: 'digest' } },
      config: {
        cameraDefaults: { stallAfterMs: 1500, backoff: { firstMs: 200, maxMs: 400 } },
      },
    })
    page = await site.open('/cameras')
    // A page that is loaded anew would have lost it.
    await page.evaluate('window.isTheSame = true')
  }, 60_000)
  afterAll(() => site?.close())
  // A dialog that a failed test has left open would fail its second try.
  afterEach(async (context) => {
    forgetIfFailed(context, page)
    await page.evaluate("document.querySelector('dialog[open]')?.close()")
  })

  const row = (name: string) => page.locator(`.camera-row[data-camera=${name}]`)
  const go = (path: string) => page.evaluate(`location.hash = ${JSON.stringify(path)}`)
  const says = (name: string, words: RegExp) =>
    vi.waitFor(async () => expect(await row(name).textContent()).toMatch(words), { ...patience, interval: 100 })
  const url = () => (site.cameras[0]?.url ?? '').replace(/\/\/.*@/, '//')
  /** As nobody has touched it: not there, or added with its login. A try that failed may have left it otherwise. */
  const resetYard = async (isThere: boolean): Promise<void> => {
    await fetch(`${site.url}/api/cameras/yard`, { method: 'DELETE' })
    if (!isThere) return
    const body = JSON.stringify({
      name: 'yard',
      url: url().replace('//', `//${login.user}:${encodeURIComponent(login.password)}@`),
    })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${site.url}/api/cameras`, { method: 'POST', headers, body })).ok).toBe(true)
  }

  test('what the configuration names is shown, and changed there only', async () => {
    await row('lobby').locator('.state', { hasText: 'online' }).waitFor(patience)
    expect(await row('lobby').textContent()).toMatch(/named on the command line: changed there/)
    expect(await row('lobby').getByRole('button').allInnerTexts()).toEqual(['Test', 'Pause'])
    expect(await page.content()).not.toMatch(/hunter2/)
    await row('lobby').getByRole('img', { name: 'Latest picture of lobby' }).waitFor(patience)
    await says('lobby', /received\s*\d.*frames\/s[\s\S]*clock\s*the camera’s own/)
  }, 30_000)

  test('each picture of the list gives back what the one before it took', async () => {
    await row('lobby').getByRole('img', { name: 'Latest picture of lobby' }).waitFor(patience)
    const still = await row('lobby').locator('img').elementHandle()
    // The page asks for a picture at each visit.
    const shown = () => still?.getAttribute('src')
    const devtools = await page.context().newCDPSession(page)
    const listeners = async (): Promise<number> => {
      const { result } = await devtools.send('Runtime.evaluate', {
        expression: `document.querySelector('.camera-row[data-camera=lobby] img')`,
      })
      const found = await devtools.send('DOMDebugger.getEventListeners', { objectId: result.objectId ?? '' })
      return found.listeners.length
    }
    const before = await listeners()
    for (let i = 0; i < 2; i++) {
      const last = await shown()
      await go('/live')
      await page.locator('[data-camera=lobby].has-picture').waitFor(patience)
      await go('/cameras')
      await vi.waitFor(async () => expect(await shown()).not.toBe(last), { ...patience, interval: 50 })
    }
    expect(await listeners()).toBe(before)
  }, 60_000)

  test('a camera is added after its password was wrong, and explained', async () => {
    await resetYard(false)
    await go('/cameras')
    await page.getByRole('button', { name: 'Add a camera' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a camera' })
    await dialog.getByLabel('Name').fill('yard')
    await dialog.getByLabel('Address').fill(url())
    await dialog.getByLabel('User').fill('anna')
    await dialog.getByLabel('Password').fill('wrong')
    await dialog.getByRole('button', { name: 'Test' }).click()
    await dialog.getByText(/No picture: wrong user or password/).waitFor(patience)
    expect(await dialog.getByText(/Check its user and password/).count()).toBe(1)
    await dialog.getByLabel('Password').fill(login.password)
    await dialog.getByRole('button', { name: 'Test' }).click()
    await dialog.getByRole('img', { name: /first picture/ }).waitFor(patience)
    expect(await dialog.locator('.fact-list').textContent()).toMatch(/H\.26[45].*\d+×\d+/)
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('yard').locator('.state', { hasText: 'online' }).waitFor(patience)
    expect(await row('yard').textContent()).toMatch(/added here/)
    await go('/live')
    await page.locator('[data-camera=yard].has-picture').waitFor(patience)
    await go('/cameras')
  }, 120_000)

  test('changed, paused, resumed and removed by the keyboard alone; focus stays where it was', async () => {
    const press = async (name: string) => {
      await page.getByRole('button', { name }).focus()
      await page.keyboard.press('Enter')
    }
    await resetYard(true)
    await go('/cameras')
    await press('Edit yard')
    const dialog = page.getByRole('dialog', { name: 'Change yard' })
    await dialog.waitFor()
    expect(await dialog.getByLabel('Password').inputValue()).toBe('')
    await dialog.locator('summary').focus()
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Most frames analysed in a second').focus()
    await page.keyboard.type('4')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await row('yard').locator('.state', { hasText: 'online' }).waitFor(patience)
    await press('Pause yard')
    await row('yard').locator('.state', { hasText: 'paused' }).waitFor(patience)
    await page.getByRole('button', { name: 'Resume yard' }).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Resume')
    await using watching = await site.open('/live')
    await watching.locator('[data-camera=yard][data-state=paused]').getByText('Resume it on the page').waitFor(patience)
    await press('Resume yard')
    await row('yard').locator('.state', { hasText: 'online' }).waitFor(patience)
    await press('Remove yard')
    const question = page.getByRole('dialog', { name: 'Remove yard?' })
    expect(await question.textContent()).toMatch(/People who were seen there stay/)
    await question.getByRole('button', { name: 'Remove yard' }).focus()
    await page.keyboard.press('Enter')
    await row('yard').waitFor({ state: 'detached', ...patience })
    expect(
      site
        .run()
        .status()
        .cameras.map(({ camera }) => camera),
    ).toEqual(['lobby'])
    await go('/live')
    await page.locator('[data-camera=lobby].has-picture').waitFor(patience)
    expect(await page.locator('[data-camera=yard]').count()).toBe(0)
  }, 120_000)

  test('cut and restored while watched: right words, the picture is back by itself', async () => {
    await go('/live')
    const { camera } = site.cameras[0] ?? {}
    const tile = page.locator('[data-camera=lobby]').first()
    camera?.stop()
    const gone = /Offline.*(404|ended the stream|closed)/s
    await vi.waitFor(async () => expect(await tile.textContent()).toMatch(gone), patience)
    const before = await tile.getAttribute('data-seq')
    camera?.start()
    await vi.waitFor(async () => {
      expect(await tile.getAttribute('data-state')).toBe('online')
      expect(await tile.getAttribute('data-seq')).not.toBe(before)
    }, patience)
    expect(await page.evaluate('window.isTheSame')).toBe(true)
  }, 120_000)

  test('the system page: charts, processes, warnings; nothing serious in either look', async () => {
    await go('/system')
    await page
      .locator('.chart', { hasText: 'Received' })
      .getByText(/frames\/s/)
      .first()
      .waitFor(patience)
    await page.locator('.system tbody tr', { hasText: 'vision-1' }).waitFor(patience)
    expect(await page.locator('.warnings').textContent()).toMatch(/camera lobby offline/)
    expect(await page.content()).not.toMatch(/hunter2/)
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const path of ['/system', '/cameras']) {
        await go(path)
        expect(await seriousFindings(page), `${colorScheme} ${path}`).toEqual([])
      }
    }
    expect(page.complaints).toEqual([])
  }, 30_000)
})
