import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { seededRandom } from '../../src/math/seeded-random.ts'
import { canCut, cutFrames, type Frames } from '../commands/people/frames.ts'
import { seriousFindings } from './axe.ts'
import { executablePath } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

interface Person {
  readonly id: string
  readonly name: string | null
}

describe.skipIf(!executablePath || !canCut)('people and their pages', () => {
  let site: BrowserSite
  let frames: Frames
  const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> =>
    (await (await fetch(site.url + path, init)).json()) as Answer
  const people = async (): Promise<readonly Person[]> => (await ask<{ people: Person[] }>('/api/people')).people
  const withPhoto = async (): Promise<string> => {
    const ids = (await people()).map(({ id }) => id)
    const { photos } = await ask<{ photos: { asked: string }[] }>(`/api/photos?people=${ids.join(',')}`)
    const [photo] = photos
    if (!photo) throw new Error('nobody has a picture yet')
    return photo.asked
  }
  let person = ''
  beforeAll(async () => {
    ;[site, frames] = await Promise.all([
      openBrowserSite({ cameras: { cafe: scene('cafe'), lobby: scene('lobby') } }),
      cutFrames(),
    ])
    person = await vi.waitFor(withPhoto, { timeout: 60_000, interval: 200 })
  }, 120_000)
  afterAll(async () => {
    frames?.remove()
    await site?.close()
  })
  const name = (id: string, words: string | null) =>
    ask(`/api/people/${id}/name`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: words }),
    })
  const card = (page: Page, id: string) => page.locator(`.person-card[href="#/people/${id}"]`)

  test('people are faces; the search finds names and IDs; a name is text, in every open viewer', async () => {
    const page = await site.open('/people')
    await card(page, person).locator('img').waitFor()
    const odd = '<img src=x onerror=alert(1)> عائشة 🚀'
    await name(person, odd)
    await card(page, person).getByText(odd).waitFor({ timeout: 5000 })
    await page.getByRole('searchbox').fill('عائشة')
    expect(await page.locator('.person-card').count()).toBe(1)
    await page.getByRole('searchbox').fill(person.slice(-6))
    expect(await page.locator('.person-card').count()).toBe(1)
    await page.getByRole('searchbox').fill('nobody is called so')
    await page.getByText('Nobody has such a name or ID.').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('combobox').selectOption('name')
    expect(await page.locator('.person-card').first().getAttribute('href')).toBe(`#/people/${person}`)
    await page.getByRole('button', { name: /^Here now/ }).click()
    await vi.waitFor(async () => expect(await page.locator('.card-seen.here').count()).toBeGreaterThan(0), 20_000)
    expect(page.complaints).toEqual([])
    await page.context().close()
  })

  test('a person’s page: pictures, visits by day read with the keyboard, decisions in words, files', async () => {
    const page = await site.open(`/people/${person}`)
    await page.locator('.photos img').first().waitFor()
    const bar = page.locator('.stay').first()
    await bar.focus()
    expect(await bar.getAttribute('aria-label')).toMatch(/\d\d:\d\d:\d\d–(now|\d\d:\d\d:\d\d) on (cafe|lobby), /)
    expect(await page.locator('.readout').textContent()).toMatch(/ on (cafe|lobby), /)
    await bar.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/frames/)
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page
      .getByText(/joined at|a new person/)
      .first()
      .waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the visits as CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^visits-.*\.csv$/)
    expect(readFileSync(await download.path(), 'utf8')).toContain(person)
    await page.goto(`${site.url}/#/people/p-nobody`)
    await page.getByText('There is nobody with this ID').waitFor()
    expect(page.complaints.filter((text) => !text.includes('404'))).toEqual([])
    await page.context().close()
  })

  test('somebody is enrolled by photos, with what is wrong with each, and found by another photo', async () => {
    const page = await site.open('/people')
    await page.getByRole('button', { name: 'Enrol', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Fay')
    const [first = '', second = ''] = frames.fay
    const nobody = { name: 'wall.png', mimeType: 'image/png', buffer: await wall() }
    await dialog
      .locator('input[type=file]')
      .setInputFiles([{ name: 'fay.png', mimeType: 'image/png', buffer: readFileSync(first) }, nobody])
    await dialog.getByRole('button', { name: 'Enrol', exact: true }).click()
    await dialog.getByText('Fay is enrolled with 1 of 2 photos.').waitFor({ timeout: 30_000 })
    expect(await dialog.locator('.refused').textContent()).toMatch(/wall\.png Not used: no face was found/)
    expect(await dialog.locator('canvas').count()).toBe(2)
    await dialog.getByRole('button', { name: 'Close' }).click()

    await page.getByRole('button', { name: 'Who is this?' }).click()
    await dialog.locator('input[type=file]').setInputFiles(second)
    await dialog.getByText('There is one face.').waitFor({ timeout: 30_000 })
    const match = dialog.locator('.match').first()
    expect(await match.textContent()).toMatch(/is this person \(/)
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no') })
    await dialog.getByText(/the photo cannot be read/).waitFor()
    await dialog.locator('input[type=file]').setInputFiles(second)
    await match.click()
    await page.locator('.person-head').waitFor()
    expect(page.complaints.filter((text) => !text.includes('400'))).toEqual([])
    await page.context().close()
  }, 60_000)

  test('axe finds nothing serious, dark and light, and no page scrolls sideways on a phone', async () => {
    const page = await site.open('/people', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    const found: string[] = []
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const path of ['/people', `/people/${person}`]) {
        await page.goto(`${site.url}/#${path}`)
        await page
          .locator(path === '/people' ? '.person-card' : '.stay')
          .first()
          .waitFor()
        found.push(...(await seriousFindings(page)).map((each) => `${colorScheme} ${path}: ${each}`))
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
      }
      await page.goto(`${site.url}/#/people`)
      await page.getByRole('button', { name: 'Enrol', exact: true }).click()
      found.push(...(await seriousFindings(page)).map((each) => `${colorScheme} enrol: ${each}`))
      await page.keyboard.press('Escape')
    }
    expect(found).toEqual([])
    await page.context().close()
  })

  test('ten thousand people do not freeze the page', async () => {
    const file = await ask<{ embedder: { dimensions: number } }>('/api/people/export')
    const random = seededRandom(7)
    const made = Array.from({ length: 10_000 }, (_, i) => {
      const vector = Array.from({ length: file.embedder.dimensions }, () => Math.round(1000 * (random() - 0.5)) / 1000)
      const at = 1_772_443_800_000 + i
      const times = { createdAtMs: at, lastSeenAtMs: at }
      return { id: `p-made-${i}`, name: `Made ${i}`, exemplars: [{ vector, weight: 1 }], ...times }
    })
    const body = JSON.stringify({ ...file, people: made })
    await ask('/api/people/import', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const page = await site.open('/people')
    await page.getByText(/^60 of \d{5} people$/).waitFor({ timeout: 15_000 })
    const longest: number = await page.evaluate(`new Promise((resolve) => {
      let [longest, last, turns] = [0, performance.now(), 0]
      const turn = () => {
        const now = performance.now()
        longest = Math.max(longest, now - last)
        last = now
        const search = document.querySelector('input[type=search]')
        search.value = 'Made ' + turns
        search.dispatchEvent(new Event('input'))
        if (++turns < 30) setTimeout(turn, 0)
        else resolve(longest)
      }
      turn()
    })`)
    expect(longest, 'milliseconds that one letter of the search takes').toBeLessThan(1000)
    expect(await page.locator('.person-card').count()).toBeLessThanOrEqual(60)
    await page.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: 'Show more' }).click()
    expect(await page.locator('.person-card').count()).toBe(120)
    await page.context().close()
  }, 60_000)
})

/** A picture without a face. */
const wall = async (): Promise<Buffer> => {
  const { quarters } = await import('../photos/made.ts')
  return quarters().png().toBuffer()
}
