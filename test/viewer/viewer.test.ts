import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Box } from '../../src/types.ts'
import { threeTries } from '../browser/chromium.ts'
import {
  cameraEvent,
  frameEvent,
  frameFace,
  personCreated,
  personMerged,
  sightingCorrected,
  sightingStarted,
} from '../sinks/events.ts'
import { eventually } from '../support/eventually.ts'
import { buildViewer } from './built.ts'
import { type Measured, measure } from './measure.ts'
import { jpegsWith } from './pictures.ts'
import { type Site, type SiteState, startSite } from './site.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!executablePath) console.warn('NO CHROMIUM: the viewer is not tested; install it with apt-get install chromium')

const person = 'p-xk4d7f3k2m'
const other = 'p-aaz20q9xwb'
/** The picture's rectangle wanders, so that a box of another frame cannot fit by chance. */
const boxes: readonly Box[] = Array.from({ length: 24 }, (_, i) => ({
  x: 0.05 + 0.027 * i,
  y: 0.2 + 0.012 * ((i * 7) % 24),
  width: 0.25,
  height: 0.4,
}))

describe.skipIf(!executablePath)('viewer', threeTries, () => {
  let viewer: string
  let jpegs: readonly Buffer[]
  let browser: Browser
  let page: Page
  let site: Site
  let state: SiteState
  const complaints: string[] = []

  beforeAll(async () => {
    viewer = await buildViewer()
    jpegs = await jpegsWith(boxes.map((box) => [box]))
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: [
        '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking',
        '--disable-component-update --disable-sync',
      ].flatMap((line) => line.split(' ')),
    })
  })
  afterAll(async () => {
    await browser?.close()
  })

  beforeEach(async () => {
    const nowMs = Date.now()
    state = {
      cameras: [
        { camera: 'door', state: 'online', atMs: nowMs, reason: 'first frame' },
        {
          camera: 'yard',
          state: 'offline',
          atMs: nowMs,
          reason: 'connection refused',
          code: 'CAMERA_UNREACHABLE',
          retryInMs: 30_000,
        },
      ],
      people: [
        {
          id: person,
          name: null,
          archived: false,
          createdAtMs: nowMs - 90_000,
          lastSeenAtMs: nowMs - 80_000,
          lastCamera: 'yard',
          tracks: 3,
          faces: 40,
        },
      ],
    }
    site = await startSite(viewer, state)
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    complaints.length = 0
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url())
      if (origin !== site.url && protocol !== 'blob:') complaints.push(`request to ${request.url()}`)
    })
    await page.goto(site.url)
    await eventually(() => expect(site.watched()).toEqual(['door', 'yard']))
  })
  afterEach(async () => {
    await page.close()
    await site.close()
  })

  const publish = (i: number, who: string | null = person): void => {
    const [box, jpeg] = [boxes[i], jpegs[i]]
    if (!box || !jpeg) throw new Error(`no picture ${i}`)
    const face = frameFace(who, box.x, box.y, box.width, box.height)
    site.sink.publishPicture({ frame: frameEvent('door', i, [face]).data, jpeg })
  }
  const text = async (selector: string) => (await page.locator(selector).allInnerTexts()).join('\n')
  const expectText = (selector: string, expected: RegExp) =>
    eventually(async () => expect(await text(selector)).toMatch(expected))
  const shown = (seq: number) => page.locator(`[data-camera=door][data-seq="${seq}"]`).waitFor()

  /** The box drawn sits on the rectangle that the picture itself shows. */
  const expectInStep = ({ seq, canvas, light, stroke }: Measured) => {
    const box = boxes[seq]
    if (!box || !light || !stroke) throw new Error(`picture ${seq} shows no rectangle or no box`)
    const where = `picture ${seq}`
    expect(Math.abs(stroke.left - box.x * canvas.width), where).toBeLessThan(1.6)
    expect(Math.abs(stroke.right - (box.x + box.width) * canvas.width), where).toBeLessThan(1.6)
    expect(Math.abs(stroke.top - box.y * canvas.height), where).toBeLessThan(1.6)
    expect(Math.abs(stroke.bottom - (box.y + box.height) * canvas.height), where).toBeLessThan(1.6)
    // The stroke and its dark rim cover two pixels of the rectangle's edge.
    expect(Math.abs(light.left - 2 - stroke.left), where).toBeLessThan(3)
    expect(Math.abs(light.right + 2 - stroke.right), where).toBeLessThan(3)
    expect(Math.abs(light.top - 2 - stroke.top), where).toBeLessThan(3)
    expect(Math.abs(light.bottom + 2 - stroke.bottom), where).toBeLessThan(3)
  }

  test('a damaged picture is called so, until a whole one comes', async () => {
    const damage = page.locator('[data-camera=door] .damage')
    publish(0)
    await shown(0)
    expect(await damage.isVisible()).toBe(false)
    const jpeg = jpegs[1] as Buffer
    site.sink.publishPicture({ frame: { ...frameEvent('door', 1, []).data, damaged: true }, jpeg })
    await shown(1)
    expect(await damage.textContent()).toBe('damaged picture')
    expect(await page.locator('[data-camera=door] canvas').getAttribute('aria-label')).toMatch(/damaged picture/)
    publish(2)
    await shown(2)
    expect(await damage.isVisible()).toBe(false)
    expect(complaints).toEqual([])
  })

  test('boxes are at the right pixels of the picture that is shown', async () => {
    for (const i of [0, 9, 23]) {
      publish(i)
      await shown(i)
      expectInStep(await measure(page, 'door', person))
    }
    await page.setViewportSize({ width: 700, height: 1300 })
    await eventually(async () => {
      const measured = await measure(page, 'door', person)
      expect(measured.canvas.width).toBeGreaterThan(600)
      expectInStep(measured)
    })
    expect(complaints).toEqual([])
  })

  test('boxes stay in step while pictures come faster than they can be shown', async () => {
    publish(0)
    await shown(0)
    let i = 0
    const timer = setInterval(() => publish(i++ % boxes.length), 4)
    const seen = new Set<number>()
    try {
      while (seen.size < 12) {
        const measured = await measure(page, 'door', person)
        const { light, canvas } = measured
        // The page hears of a picture a moment after it was painted: the picture itself says which one it is.
        const left = ((light?.left ?? 0) - 2) / canvas.width
        const seq = boxes.findIndex((box) => Math.abs(box.x - left) < 0.0135)
        expectInStep({ ...measured, seq })
        seen.add(seq)
      }
    } finally {
      clearInterval(timer)
    }
  })

  test('a tentative face is a grey dashed box, not a person', async () => {
    publish(5, null)
    await shown(5)
    const { stroke, gaps, canvas } = await measure(page, 'door', null)
    expect(Math.abs((stroke?.left ?? 0) - (boxes[5]?.x ?? 0) * canvas.width)).toBeLessThan(1.6)
    expect(gaps, 'gaps of the dashed left edge').toBeGreaterThan(3)
    publish(6)
    await shown(6)
    expect((await measure(page, 'door', person)).gaps).toBe(0)
  })

  test('lists people, who is here now, and what happened', async () => {
    await expectText('#people', /7f3k2m\s+yard\s+1 min ago/)
    publish(3)
    await expectText(`[data-person="${person}"].here`, /door\s+here now/)
    expect(await page.locator('[data-camera=door] canvas').getAttribute('aria-label')).toBe('Camera door: 7f3k2m')

    state.people.push({
      id: other,
      name: null,
      archived: false,
      createdAtMs: 1,
      lastSeenAtMs: Date.now(),
      lastCamera: 'yard',
      tracks: 1,
      faces: 9,
    })
    const now = Date.now()
    const created = personCreated(other, 'yard', now)
    await site.sink.publish([created, created, sightingStarted(other, 'yard', now)])
    await expectText('#people', /0q9xwb\s+yard\s+here now/)
    expect(await page.locator('#feed li').allInnerTexts()).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d\s+0q9xwb came to yard$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d\s+0q9xwb is new, at yard$/),
    ])
    expect(await text('#summary')).toMatch(/1 of 2[\s\S]*[12][\s\S]*2/)

    // A correction changes what is told of the sighting, and is told itself; a later one of a merge only changes it.
    const sighting = `yard/s1/1/${now}`
    await site.sink.publish([sightingCorrected(sighting, person, other, 'reassigned', now)])
    await eventually(async () => expect(await page.locator('#feed li').count()).toBe(3))
    expect(await page.locator('#feed li').allInnerTexts()).toEqual([
      expect.stringMatching(/7f3k2m, not 0q9xwb, was at yard at \d\d:\d\d:\d\d$/),
      expect.stringMatching(/7f3k2m came to yard$/),
      expect.stringMatching(/0q9xwb is new, at yard$/),
    ])
    await site.sink.publish([sightingCorrected(sighting, other, person, 'merged', now)])
    await expectText('#feed', /0q9xwb came to yard/)
    expect(await page.locator('#feed li').count()).toBe(3)

    state.people.pop()
    await site.sink.publish([personMerged(other, person)])
    await eventually(async () => expect(await text('#people')).not.toContain('0q9xwb'))
    expect((await page.locator('#feed li').allInnerTexts())[0]).toContain('0q9xwb is the same person as 7f3k2m')
    expect(complaints).toEqual([])
  })

  test('a camera says what is wrong with it and counts down to the next try', async () => {
    const overlay = '[data-camera=yard] .overlay'
    await expectText(overlay, /Offline\s+connection refused\s+Next try in (30|2\d) s/)
    const first = Number(/in (\d+) s/.exec(await text(overlay))?.[1])
    await eventually(async () => expect(Number(/in (\d+) s/.exec(await text(overlay))?.[1])).toBeLessThan(first))

    publish(0)
    await shown(0)
    expect(await page.locator('[data-camera=door] .overlay').isVisible()).toBe(false)
    const atMs = Date.now()
    await site.sink.publish([cameraEvent({ camera: 'door', state: 'frozen', atMs, reason: 'no frame for 5 s' })])
    await expectText('[data-camera=door] .overlay', /Frozen\s+no frame for 5 s/)
    await site.sink.publish([cameraEvent({ camera: 'attic', state: 'opening', atMs, reason: 'connecting' })])
    await expectText('[data-camera=attic] .overlay', /Opening\s+connecting/)
    await eventually(() => expect(site.watched()).toEqual(['attic', 'door', 'yard']))
  })

  test('a lost connection shows a banner, and the page recovers by itself', async () => {
    publish(1)
    await shown(1)
    const port = Number(new URL(site.url).port)
    await site.close()
    await expectText('#banner', /connection to Rollcall is lost.*Next try (now|in \d+ s)/)
    state.people = []
    site = await startSite(viewer, state, port)
    await page.locator('#banner').waitFor({ state: 'hidden', timeout: 15_000 })
    await eventually(() => expect(site.watched()).toEqual(['door', 'yard']))
    publish(2)
    await shown(2)
    expectInStep(await measure(page, 'door', person))
  })

  test('what happened while the connection was lost is made up for', async () => {
    await site.sink.publish([personCreated(other, 'yard', Date.now())])
    await expectText('#feed', /0q9xwb is new/)
    site.cut()
    await eventually(() => expect(site.clients()).toBe(0))
    await site.sink.publish([personMerged(other, person), frameEvent('door', 1)])
    await eventually(async () => expect(await page.locator('#feed li').allInnerTexts()).toHaveLength(2))
    expect((await page.locator('#feed li').allInnerTexts())[0]).toContain('0q9xwb is the same person as 7f3k2m')
    await eventually(() => expect(site.watched()).toEqual(['door', 'yard']))
  })

  test('everything can be reached with the keyboard; motion and names are quiet', async () => {
    const tile = page.locator('[data-camera=door]')
    await page.getByRole('button', { name: 'door', exact: true }).focus()
    await page.keyboard.press('Enter')
    await eventually(async () => expect(await tile.getAttribute('class')).toContain('large'))
    expect(await page.getByRole('button', { name: 'door', exact: true, pressed: true }).count()).toBe(1)
    await page.keyboard.press('Enter')
    await eventually(async () => expect(await tile.getAttribute('class')).not.toContain('large'))
    await page.getByRole('button', { name: /7f3k2m/ }).focus()
    await page.keyboard.press('Space')
    expect(await page.getByRole('button', { name: /7f3k2m/, pressed: true }).count()).toBe(1)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const transition = () => page.evaluate('getComputedStyle(document.querySelector("canvas")).transitionDuration')
    expect(await transition()).toBe('0s')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await transition()).toBe('0.3s')
  })
})
