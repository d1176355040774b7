import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { quarters } from '../photos/made.ts'
import { eventually } from '../support/eventually.ts'
import { seriousFindings } from './axe.ts'
import { executablePath, threeTries } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

interface Person {
  readonly id: string
  readonly name: string | null
}
interface Photo {
  readonly asked: string
  readonly quality: number
  readonly jpeg: string
}

describe.skipIf(!executablePath)('people and their pages', threeTries, () => {
  let site: BrowserSite
  const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> =>
    (await (await fetch(site.url + path, init)).json()) as Answer
  const people = async (): Promise<readonly Person[]> => (await ask<{ people: Person[] }>('/api/people')).people
  /** The best picture of each person, the best person first. `least` of them are good enough to enrol somebody by. */
  const photosOf = async (least: number): Promise<readonly Photo[]> => {
    const ids = (await people()).map(({ id }) => id)
    const { photos } = await ask<{ photos: Photo[] }>(`/api/photos?people=${ids.join(',')}`)
    if (photos.filter(({ quality }) => quality > 0.75).length < least) throw new Error('there are no good pictures yet')
    return photos.toSorted((a, b) => b.quality - a.quality)
  }
  const asFile = (photo: Photo | undefined) => ({
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from(photo?.jpeg ?? '', 'base64'),
  })
  let photos: readonly Photo[] = []
  let person = ''
  beforeAll(async () => {
    site = await openBrowserSite({ cameras: { cafe: scene('cafe'), lobby: scene('lobby') } })
    photos = await vi.waitFor(() => photosOf(2), { timeout: 60_000, interval: 200 })
    person = photos[0]?.asked ?? ''
  }, 90_000)
  afterAll(() => site?.close())
  const name = (id: string, words: string | null) =>
    ask(`/api/people/${id}/name`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: words }),
    })
  const card = (page: Page, id: string) => page.locator(`.person-card[href="#/people/${id}"]`)

  test('people are faces; the search finds names and IDs; a name is text, in every open viewer', async () => {
    await using page = await site.open('/people')
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
    await eventually(async () => expect(await page.locator('.card-seen.here').count()).toBeGreaterThan(0))
    expect(page.complaints).toEqual([])
  })

  test('a person’s page: pictures, visits by day read with the keyboard, decisions in words, files', async () => {
    await name(person, 'Ann Smith')
    await using page = await site.open(`/people/${person}`)
    await page.locator('.photos img').first().waitFor()
    // In the locale C Chromium saves under names of ASCII only.
    await page.getByRole('heading', { name: 'Ann Smith' }).waitFor()
    const bar = page.locator('.stay').first()
    await bar.focus()
    expect(await bar.getAttribute('aria-label')).toMatch(/\d\d:\d\d:\d\d–(now|\d\d:\d\d:\d\d) on (cafe|lobby), /)
    await page
      .locator('.visit-words')
      .getByText(/ on (cafe|lobby), /)
      .waitFor()
    await bar.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/frames/)
      .first()
      .waitFor()
    await dialog.getByRole('heading', { name: /^Ann Smith at (cafe|lobby)$/ }).waitFor()
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
    expect(download.suggestedFilename()).toBe('visits-Ann-Smith.csv')
    expect(readFileSync(await download.path(), 'utf8')).toContain(person)
    await page.goto(`${site.url}/#/people/p-nobody`)
    await page.getByText('There is nobody with this ID').waitFor()
    expect(page.complaints.filter((text) => !text.includes('404'))).toEqual([])
  })

  test('somebody is enrolled by photos, with what is wrong with each, and found by another photo', async () => {
    await using page = await site.open('/people')
    await page.getByRole('button', { name: 'Enrol', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Fay')
    const wall = { name: 'wall.png', mimeType: 'image/png', buffer: await quarters().png().toBuffer() }
    await dialog.locator('input[type=file]').setInputFiles([asFile(photos[1]), wall])
    await dialog.getByRole('button', { name: 'Enrol', exact: true }).click()
    await dialog.getByText('Fay is enrolled with 1 of 2 photos.').waitFor({ timeout: 30_000 })
    expect(await dialog.locator('.refused').textContent()).toMatch(/wall\.png Not used: no face was found/)
    expect(await dialog.locator('canvas').count()).toBe(2)
    await dialog.getByRole('button', { name: 'Close' }).click()
    // Nobody has seen Fay yet; the face is that of the photo.
    await page.locator('.person-card', { hasText: 'Fay' }).locator('.avatar img').first().waitFor()

    await page.getByRole('button', { name: 'Who is this?' }).click()
    await dialog.locator('input[type=file]').setInputFiles(asFile(photos[0]))
    await dialog.getByText('There is one face.').waitFor({ timeout: 30_000 })
    await dialog.getByRole('img', { name: 'The photo, with its face marked' }).waitFor()
    const match = dialog.locator('.match').first()
    expect(await match.textContent()).toMatch(/is this person \(/)
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no') })
    await dialog.getByText(/the photo cannot be read/).waitFor()
    await dialog.locator('input[type=file]').setInputFiles(asFile(photos[0]))
    await match.click()
    await page.locator('.person-head').waitFor()
    expect(page.complaints.filter((text) => !text.includes('400'))).toEqual([])
  }, 60_000)

  test('axe finds nothing serious, dark and light, and no page scrolls sideways on a phone', async () => {
    await using page = await site.open('/people', {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    })
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
  })
})
