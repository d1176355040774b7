import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { seriousFindings } from './axe.ts'
import { executablePath, threeTries } from './chromium.ts'
import { type BrowserSite, forgetIfFailed, openBrowserSite, scene } from './site.ts'

interface Person {
  readonly id: string
  readonly name: string | null
  readonly tracks: number
}

/** Unit length, `share` of the way along one axis and the rest along another. */
const lookAt = (axis: number, share = 1, other = axis + 1): number[] =>
  Array.from({ length: 128 }, (_, i) => (i === axis ? share : i === other ? Math.sqrt(1 - share * share) : 0))

describe.skipIf(!executablePath)('people are changed in the viewer', threeTries, () => {
  let site: BrowserSite
  let page: Awaited<ReturnType<BrowserSite['open']>>
  let second: Awaited<ReturnType<BrowserSite['open']>>
  let embedder: object
  /** How many changes were waited for in the second browser. */
  let seenInSecond = 0
  const deleted: string[] = []
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const response = await fetch(site.url + path, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const people = async (): Promise<readonly Person[]> => (await ask<{ people: Person[] }>('/api/people')).people
  const enroll = async (name: string, embedding: readonly number[]): Promise<string> => {
    const faces = [{ embedding, quality: 0.9 }]
    const { person } = await ask<{ person: Person }>('/api/people/enroll', { name, embedder, faces })
    return person.id
  }
  const go = async (path: string, ...where: readonly Page[]): Promise<void> => {
    for (const each of where.length > 0 ? where : [page]) await each.goto(`${site.url}/#${path}`)
  }
  const heading = (where: Page, words: string) =>
    where.getByRole('heading', { level: 2 }).filter({ hasText: words }).first()
  /** Waits until the second browser shows it. The long suite (`every-act.long.test.ts`) wants that within a second. */
  const shownInSecond = async (words: string): Promise<void> => {
    await heading(second, words).waitFor()
    seenInSecond++
  }
  /** Walks with Tab to the button of this name. */
  const tabTo = async (name: string): Promise<void> => {
    const wanted = page.getByRole('button', { name, exact: true }).first()
    await wanted.waitFor()
    for (let i = 0; i < 80; i++) {
      if (await wanted.evaluate((node) => node === node.ownerDocument.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${name}`)
  }
  const undoToast = () => page.locator('.toast').last().getByRole('button', { name: 'Undo' })
  beforeAll(async () => {
    site = await openBrowserSite({ cameras: { cafe: scene('cafe') } })
    ;({ embedder } = await ask<{ embedder: object }>('/api/people/export'))
    ;[page, second] = await Promise.all([site.open('/people'), site.open('/people')])
  }, 60_000)
  afterAll(() => site?.close())
  // A dialog that a failed test has left open would fail the others.
  afterEach(async (context) => {
    forgetIfFailed(context, page, second)
    await page.reload()
  })

  test('named by keyboard alone, renamed by mouse, and undone', async () => {
    const ada = await enroll('Somebody', lookAt(0))
    await ask(`/api/people/${ada}/name`, { name: null })
    await go(`/people/${ada}`, page, second)
    await tabTo('Name')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.type('Ada <b>')
    await page.keyboard.press('Enter')
    await shownInSecond('Ada <b>')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Ada L.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await shownInSecond('Ada L.')
    await undoToast().click()
    await shownInSecond('Ada <b>')
  })

  test('a name that is somebody’s offers to merge; side by side, with figures; undone by keyboard', async () => {
    const cleo = await enroll('Cleo', lookAt(10))
    const other = await enroll('X', lookAt(10, 0.9))
    await ask(`/api/people/${other}/name`, { name: null })
    await go(`/people/${other}`, page, second)
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await page.getByLabel('Name', { exact: true }).fill('Cleo')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'The same: compare and merge' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/They are (very )?alike/).waitFor()
    expect(await dialog.textContent()).toMatch(/similarity 0\.90\).*never seen together.*The ID p-\w+ stays/)
    expect(await seriousFindings(page)).toEqual([])
    await tabTo('Merge')
    await page.keyboard.press('Enter')
    await shownInSecond('Cleo')
    expect((await people()).filter(({ id }) => id === cleo || id === other)).toHaveLength(1)
    await undoToast().focus()
    await page.keyboard.press('Enter')
    await eventually(async () =>
      expect((await people()).filter(({ id }) => id === cleo || id === other)).toHaveLength(2),
    )
  })

  test('deleted only when the name was typed, and Esc deletes nobody', async () => {
    const gus = await enroll('Gus', lookAt(40))
    await go(`/people/${gus}`)
    await tabTo('Delete …')
    await page.keyboard.press('Enter')
    await page.getByText('This cannot be undone.').waitFor()
    const sure = page.getByRole('button', { name: 'Delete for good' })
    expect(await sure.isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    expect((await people()).some(({ id }) => id === gus)).toBe(true)
    await page.getByRole('button', { name: 'Delete …' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('Gus')
    deleted.push(gus)
    await sure.click()
    await eventually(async () => expect((await people()).some(({ id }) => id === gus)).toBe(false))
  })

  test('somebody is never recognised again, and taken back by the code that is shown once', async () => {
    const kay = await enroll('Kay', lookAt(44))
    await go(`/people/${kay}`)
    await tabTo('Never recognise …')
    await page.keyboard.press('Enter')
    await page.getByText('The deletion cannot be undone.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const sure = page.getByRole('button', { name: 'Never recognise', exact: true })
    expect(await sure.isDisabled()).toBe(true)
    await page.getByLabel('Note, without a name').fill('letter <7>')
    await page.getByLabel('Type Kay to confirm').fill('Kay')
    deleted.push(kay)
    await sure.click()
    const code = (await page.locator('.objection-code').textContent()) ?? ''
    expect(code).toMatch(/^(\w{4}-){3}\w{4}$/)
    expect(await page.getByRole('dialog').textContent()).toContain('One person was deleted.')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Objections' }).click()
    const row = page.locator('dialog .action-list li')
    expect(await row.textContent()).toMatch(/^1\. [\d:]{8}, by IDo-\w{10} letter <7>/)
    await expect(enroll('Kay', lookAt(44))).rejects.toThrow('409')
    await row.getByRole('button').click()
    await page.getByLabel('Code').fill('aaaa-bbbb-cccc-dddd')
    await page.getByRole('button', { name: 'Take back', exact: true }).click()
    await page.getByRole('alert').getByText('that is not the code').waitFor()
    await page.getByLabel('Code').fill(code.toUpperCase())
    await page.getByRole('button', { name: 'Take back', exact: true }).click()
    await page.getByText('Nobody has objected.').waitFor()
    await second.goto(`${site.url}/#/review`)
    await second.getByText('took down that somebody is never to be recognised').waitFor()
    await enroll('Kay', lookAt(44))
    // The browser itself reports the refusal.
    page.complaints.splice(0)
  })

  test('the review: one key each, the second browser follows, one line at the end, and undone from the list', async () => {
    const scoreAt = async (axis: number, share: number): Promise<number> => {
      const [a, b] = [await enroll(`S${axis}`, lookAt(axis)), await enroll(`T${axis}`, lookAt(axis, share))]
      return (await ask<{ score: number }>('/api/people/compare', { a, b })).score
    }
    // What the shipped embedder's calibration makes of cosines; between `create` and what merges two.
    const [low, high] = [await scoreAt(70, 0), await scoreAt(80, 0.9)]
    const share = ((0.65 - low) / (high - low)) * 0.9
    const likely = async (axis: number): Promise<readonly [string, string]> => {
      const pair = [await enroll(`A${axis}`, lookAt(axis)), await enroll(`B${axis}`, lookAt(axis, share))] as const
      for (const id of pair) await ask(`/api/people/${id}/name`, { name: null })
      return pair
    }
    const [one, two] = [await likely(50), await likely(60)]
    await go('/review', page, second)
    await page.locator('[data-question]').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const keys = new Map([
      [`duplicate:${one.join(':')}`, 's'],
      [`duplicate:${two.join(':')}`, 'd'],
    ])
    const whys: (string | null)[] = []
    for (let i = 0; i < 20 && (await page.locator('.review-end').count()) === 0; i++) {
      const id = (await page.locator('[data-question]').getAttribute('data-question')) ?? ''
      const key = keys.get(id) ?? 'l'
      if (key !== 'l') whys.push(await page.locator('.review-why').textContent())
      await page.keyboard.press(key)
      await page.locator(`.review-end, [data-question]:not([data-question="${id}"])`).first().waitFor()
    }
    expect(whys).toHaveLength(2)
    for (const why of whys) expect(why).toMatch(/They are alike: 0\.\d\d, and 0\.\d\d would have merged/)
    expect((await people()).filter(({ id }) => one.includes(id))).toHaveLength(1)
    await second
      .locator('.action-list')
      .getByText(/merged/)
      .first()
      .waitFor({ timeout: 5000 })
    expect(await page.locator('.review-end p').textContent()).toMatch(
      /^\d+ asked: 1 merged, 1 told apart(; \d+ left for later)?\./,
    )
    await page
      .getByRole('button', { name: /^Undo: merged/ })
      .first()
      .click()
    await eventually(async () => expect((await people()).filter(({ id }) => one.includes(id))).toHaveLength(2))
  })

  test('changes were seen in the second browser, and pages complained of nothing', () => {
    expect(seenInSecond).toBeGreaterThan(3)
    // A photo in memory gives way to a better one, perhaps between its listing and its loading; a page of somebody who was deleted
    // may ask once more.
    const isExpected = (text: string): boolean =>
      text.includes('/api/photos/') || (text.includes('404 (Not Found)') && deleted.some((id) => text.includes(id)))
    expect([...page.complaints, ...second.complaints].filter((text) => !isExpected(text))).toEqual([])
  })
})
