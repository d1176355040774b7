import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { executablePath, threeTries } from './chromium.ts'
import { type Hands, keyboard, mouse } from './hands.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

interface Person {
  readonly id: string
  readonly name: string | null
  readonly tracks: number
}
interface Photo {
  readonly quality: number
  readonly jpeg: string
}

/** Unit length, `share` of the way along one axis and the rest along the next. */
const lookAt = (axis: number, share = 1): number[] =>
  Array.from({ length: 128 }, (_, i) => (i === axis ? share : i === axis + 1 ? Math.sqrt(1 - share * share) : 0))

let axis = 0
/** A look that nobody has yet. */
const newLook = (): number[] => lookAt((axis += 2))

const ways: readonly (readonly [string, (page: Page) => Hands])[] = [
  ['mouse', mouse],
  ['keyboard', keyboard],
]
const patience = { timeout: 20_000 }
/** Milliseconds until the second browser showed each act. */
const took: number[] = []

describe.skipIf(!executablePath)('every act', threeTries, () => {
  let site: BrowserSite
  let page: Awaited<ReturnType<BrowserSite['open']>>
  let second: Awaited<ReturnType<BrowserSite['open']>>
  let embedder: object
  let photos: readonly Photo[]
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const response = await fetch(site.url + path, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const people = async (): Promise<readonly Person[]> => (await ask<{ people: Person[] }>('/api/people')).people
  /** By a name that is known photos would be added. */
  const enroll = async (name: string, ...looks: readonly (readonly number[])[]): Promise<string> => {
    const faces = looks.map((embedding) => ({ embedding, quality: 0.9 }))
    return (await ask<{ person: Person }>('/api/people/enroll', { name, embedder, faces })).person.id
  }
  const nameless = async (...looks: readonly (readonly number[])[]): Promise<string> => {
    const id = await enroll('X', ...looks)
    await ask(`/api/people/${id}/name`, { name: null })
    return id
  }
  /** The cosine of two looks whose score is between a new person's and what merges two. */
  const doubtful = async (): Promise<number> => {
    const scoreAt = async (share: number): Promise<number> => {
      const [a, b] = [await enroll(`S${axis}`, newLook()), await enroll(`T${axis}`, lookAt(axis, share))]
      return (await ask<{ score: number }>('/api/people/compare', { a, b })).score
    }
    const [low, high] = [await scoreAt(0), await scoreAt(0.9)]
    return ((0.65 - low) / (high - low)) * 0.9
  }
  const button = (name: string | RegExp, where: Page | Locator = page) =>
    where.getByRole('button', { name, exact: true }).first()
  const dialog = () => page.getByRole('dialog')
  const inDialog = (name: string) => button(name, dialog())
  const heading = (words: string) => second.getByRole('heading', { level: 2 }).filter({ hasText: words }).first()
  const both = async (path: string, other = path): Promise<void> => {
    await page.goto(`${site.url}/#${path}`)
    await second.goto(`${site.url}/#${other}`)
  }
  /** What the second browser lists as done lately, once it lists anything. */
  const done = (words: RegExp) => second.locator('.action-list li').first().filter({ hasText: words })
  /** Does the last step, and expects the second browser to show it within a second. */
  const within = async (step: Promise<void>, shown: Locator, state: 'visible' | 'detached' = 'visible') => {
    await step
    const from = performance.now()
    await shown.waitFor({ state, ...patience })
    const ms = performance.now() - from
    took.push(ms)
    expect(ms, 'milliseconds until the second browser shows it').toBeLessThan(1000)
  }
  const undoIn = async (hands: Hands): Promise<void> => hands.press(button('Undo', page.locator('.toast').last()))

  beforeAll(async () => {
    // Two browsers act faster here than people can.
    const config = { http: { limits: { requestsPerMinute: 10_000 } } }
    site = await openBrowserSite({ cameras: { cafe: scene('cafe'), lobby: scene('lobby') }, config })
    ;({ embedder } = await ask<{ embedder: object }>('/api/people/export'))
    ;[page, second] = await Promise.all([site.open('/people'), site.open('/people')])
    photos = await vi.waitFor(
      async () => {
        const ids = (await people()).map(({ id }) => id).join(',')
        const found = (await ask<{ photos: Photo[] }>(`/api/photos?people=${ids}`)).photos
        expect(found.length).toBeGreaterThan(1)
        return found.toSorted((a, b) => b.quality - a.quality)
      },
      { timeout: 60_000, interval: 300 },
    )
  }, 120_000)
  afterAll(async () => {
    await site?.close()
    const sorted = took.toSorted((a, b) => a - b).map(Math.round)
    const at = (part: number) => sorted[Math.floor(sorted.length * part)]
    console.log(
      `${sorted.length} acts in the second browser: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${sorted.at(-1)} ms`,
    )
  })
  afterEach(async () => {
    // A photo in memory gives way to a better one, perhaps between its listing and its loading.
    const complaints = [page, second]
      .flatMap((each) => each.complaints.splice(0))
      .filter((text) => !text.includes('/api/photos/'))
    // A dialog that a failed test has left open would fail the others.
    await both('/people')
    await Promise.all([page.reload(), second.reload()])
    expect(complaints).toEqual([])
  })

  describe.each(ways)('by %s', (way, handsOf) => {
    let hands: Hands
    beforeAll(() => {
      hands = handsOf(page)
    })

    test('a name, its undo', async () => {
      const id = await nameless(newLook())
      await both(`/people/${id}`)
      await hands.press(button('Name'))
      await hands.write(dialog().getByLabel('Name'), `Ada ${way}`)
      await within(hands.press(inDialog('Save')), heading(`Ada ${way}`))
      await within(undoIn(hands), second.locator('h2.unnamed'))
    })

    test('a merge with somebody searched for, and the old ID given back', async () => {
      const look = newLook()
      const [ann, old] = [await enroll(`Ann ${way}`, look), await nameless(lookAt(axis, 0.95))]
      await both(`/people/${old}`)
      await hands.press(button('Merge …'))
      await hands.write(dialog().getByRole('searchbox'), `Ann ${way}`)
      await hands.press(dialog().locator(`[data-pick="${ann}"]`))
      await within(hands.press(inDialog('Merge')), heading(`Ann ${way}`))
      await both(`/people/${ann}`, '/review')
      await hands.press(page.locator('.former').first())
      await within(hands.press(inDialog('Give the ID back')), done(/undid the merge/))
      expect((await people()).filter(({ id }) => id === ann || id === old)).toHaveLength(2)
    })

    test('two of different names merged, and both names back by one undo', async () => {
      const ids = [await enroll(`Dan ${way}`, newLook()), await enroll(`Eve ${way}`, newLook())]
      await both(`/people/${ids[0]}`)
      await hands.press(button('Merge …'))
      await hands.write(dialog().getByRole('searchbox'), `Eve ${way}`)
      await hands.press(dialog().locator(`[data-pick="${ids[1]}"]`))
      await dialog().getByText('Against it: they are unlike.').waitFor()
      await dialog().getByText('They have different names; one of them goes.').waitFor()
      await within(hands.press(inDialog(`Merge as Eve ${way}`)), heading(`Eve ${way}`))
      await undoIn(hands)
      await eventually(async () =>
        expect((await people()).filter(({ id }) => ids.includes(id)).map(({ name }) => name)).toEqual(
          expect.arrayContaining([`Dan ${way}`, `Eve ${way}`]),
        ),
      )
    })

    test('two told apart', async () => {
      const [a, b] = [await enroll(`Flo ${way}`, newLook()), await enroll(`Gil ${way}`, newLook())]
      await both(`/people/${a}`, '/review')
      await hands.press(button('Tell apart …'))
      await hands.write(dialog().getByRole('searchbox'), `Gil ${way}`)
      await hands.press(dialog().locator(`[data-pick="${b}"]`))
      await within(hands.press(inDialog('They are two')), done(/said that .* is not/))
    })

    test('a deletion, once the name is typed', async () => {
      const id = await enroll(`Hal ${way}`, newLook())
      await both(`/people/${id}`)
      await hands.press(button('Delete …'))
      await hands.write(dialog().getByRole('textbox'), `Hal ${way}`)
      await within(hands.press(inDialog('Delete for good')), second.getByText('Somebody deleted this person'))
      await page.locator('.people').first().waitFor()
    })

    test('a refusal is said in the dialog, and what was typed stays', async () => {
      const id = await nameless(newLook())
      await both(`/people/${id}`)
      await hands.press(button('Name'))
      await page.route('**/name', (route) =>
        route.fulfill({ status: 409, json: { error: { code: 'X', message: 'it is not possible', remedy: 'Wait.' } } }),
      )
      await hands.write(dialog().getByLabel('Name'), `Ida ${way}`)
      await hands.press(inDialog('Save'))
      await dialog().getByRole('alert').getByText('it is not possible. Wait.').waitFor()
      expect(await dialog().getByLabel('Name').inputValue()).toBe(`Ida ${way}`)
      await page.unroute('**/name')
      await within(hands.press(inDialog('Save')), heading(`Ida ${way}`))
      // The browser itself reports the refusal.
      page.complaints.length = 0
    })

    test('a visit is not this person, is moved; a person is split', async () => {
      const [a = '', b = ''] = await vi.waitFor(
        async () => {
          const seen = (await people()).filter(({ tracks }) => tracks > 0).map(({ id }) => id)
          expect(seen.length).toBeGreaterThan(1)
          return seen
        },
        { timeout: 60_000, interval: 300 },
      )
      await ask('/api/people/merge', { a, b, force: true })
      await both(`/people/${a}`, '/review')
      const stay = page.locator('.stay').first()
      await hands.press(stay)
      await hands.press(inDialog('Not this person'))
      await within(hands.press(inDialog('Not this person')), done(/took a visit off/))
      await within(undoIn(hands), second.locator('.action-list li.undone').first())
      const to = await enroll(`Jo ${way}`, newLook())
      await hands.press(stay)
      await hands.press(inDialog('Move …'))
      await hands.write(dialog().getByRole('searchbox'), `Jo ${way}`)
      await hands.press(dialog().locator(`[data-pick="${to}"]`))
      await within(Promise.resolve(), done(/moved a visit of|merged/))
      const two = await nameless(newLook(), newLook())
      await both(`/people/${two}`, '/review')
      await hands.press(button('Split …'))
      await within(hands.press(inDialog('Split')), done(/split .* off/))
    }, 120_000)

    test('enrolled by photo, and found by another', async () => {
      const [photo] = photos
      const file = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(photo?.jpeg ?? '', 'base64') }
      await both('/people')
      await hands.press(button('Enrol'))
      await hands.write(dialog().getByRole('textbox', { name: 'Name' }), `Kim ${way}`)
      await hands.files(inDialog('Choose photos'), file)
      await dialog().getByText('One photo.').waitFor()
      await hands.press(inDialog('Enrol'))
      await dialog().getByText(`Kim ${way} is enrolled`).waitFor(patience)
      await within(Promise.resolve(), second.locator('.person-card').getByText(`Kim ${way}`).first())
      await hands.press(inDialog('Close'))
      await hands.press(button('Who is this?'))
      await hands.files(inDialog('Choose a photo'), file)
      await dialog().locator('.match').first().waitFor(patience)
      await hands.press(dialog().locator('.match').first())
      await page.locator('.person-head').waitFor()
    }, 60_000)

    test('an objection by photo, taken back', async () => {
      const [photo] = photos
      const file = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(photo?.jpeg ?? '', 'base64') }
      await both('/people', '/review')
      await hands.press(button('Objections'))
      await hands.press(inDialog('By photos …'))
      const asked = page.getByRole('dialog', { name: 'Who objects?' })
      await hands.files(button('Choose photos', asked), file)
      await asked.getByText('One photo.').waitFor()
      await hands.press(button('Never recognise them', asked))
      const code = (await page.locator('.objection-code').textContent(patience)) ?? ''
      const shown = page.getByRole('dialog', { name: 'The code of the objector' })
      const id = /o-\w{10}/.exec((await shown.textContent()) ?? '')?.[0]
      await done(/took down/).waitFor(patience)
      await hands.press(button('Close', shown))
      await asked.getByText('It is taken down, with 1 of 1 photos.').waitFor()
      await hands.press(button('Close', asked))
      await hands.press(inDialog(`Take back ${id}`))
      await hands.write(page.getByLabel('Code'), code)
      await hands.press(button('Take back'))
      await inDialog(`Take back ${id}`).waitFor({ state: 'detached' })
    }, 60_000)

    test('a camera added and removed', async () => {
      const name = `yard-${way}`
      const row = second.locator(`.camera-row[data-camera=${name}]`)
      await both('/cameras')
      await hands.press(button('Add a camera'))
      await hands.write(dialog().getByLabel('Name'), name)
      await hands.write(dialog().getByLabel('Address'), site.cameras[0]?.url ?? '')
      await hands.press(inDialog('Add'))
      await dialog().waitFor({ state: 'detached', ...patience })
      await within(Promise.resolve(), row)
      await hands.press(button(`Remove ${name}`))
      await hands.press(inDialog(`Remove ${name}`))
      await dialog().waitFor({ state: 'detached', ...patience })
      await within(Promise.resolve(), row, 'detached')
    }, 60_000)

    test('a question of the review, and its undo in the list', async () => {
      const share = await doubtful()
      const pair = [await nameless(newLook()), await nameless(lookAt(axis, share))]
      await both('/review')
      const wanted = page.locator(`[data-question="duplicate:${pair.join(':')}"]`)
      for (let i = 0; i < 30 && (await wanted.count()) === 0; i++) {
        const card = page.locator('[data-question]')
        const id = await card.getAttribute('data-question')
        await hands.press(card.locator('[data-reply=later]'))
        await page.locator(`.review-end, [data-question]:not([data-question="${id}"])`).first().waitFor()
      }
      await within(hands.press(wanted.locator('[data-reply=same]')), done(/merged|answered/))
      await within(hands.press(button(/^Undo: /)), second.locator('.action-list li.undone').first())
    }, 60_000)
  })
})
