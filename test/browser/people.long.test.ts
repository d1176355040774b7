import { expect, onTestFinished, test } from 'vitest'
import { seededRandom } from '../../src/math/seeded-random.ts'
import { executablePath } from './chromium.ts'
import { openBrowserSite, scene } from './site.ts'

test.skipIf(!executablePath)(
  'ten thousand people do not freeze the page',
  async () => {
    const site = await openBrowserSite({ cameras: { cafe: scene('cafe') } })
    onTestFinished(() => site.close())
    const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> =>
      (await (await fetch(site.url + path, init)).json()) as Answer
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
    await using page = await site.open('/people')
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
  },
  120_000,
)
