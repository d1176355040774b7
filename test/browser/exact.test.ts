import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executablePath, launchChromium, threeTries } from './chromium.ts'
import { openCountedSite } from './counted/counted-site.ts'
import { exactCases, keyCases, playExactly } from './counted/exact-cases.ts'

/** Pictures with boxes that are compared in each case; the long variant takes more. */
const wanted = 25
/** Pictures in order have less to go wrong than B frames, and stills less than video: the long variant has them too. */
const { 'in-order': _, stills: __, ...shortCases } = exactCases

describe.skipIf(!executablePath)('each picture has its own boxes', threeTries, () => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof openCountedSite>>
  beforeAll(async () => {
    ;[browser, site] = await Promise.all([launchChromium(), openCountedSite({ ...shortCases, ...keyCases })])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  test.concurrent.for(Object.keys(shortCases))('%s', async (camera) => {
    const played = await playExactly(browser, site, camera, wanted)
    expect(played.mismatches).toEqual([])
    expect(played.oldestFrames).toBeLessThanOrEqual(played.toldFrames)
    if (camera === 'clock-jump') expect(played.streams.length).toBeGreaterThanOrEqual(2)
    expect(played.complaints).toEqual([])
    expect(played.withBoxes).toBeGreaterThanOrEqual(wanted)
  })

  test.concurrent('key pictures alone are shown when they come, not when the next one does', async () => {
    const played = await playExactly(browser, site, 'keys', 3)
    expect(played.mismatches).toEqual([])
    // They come 1.72 s apart.
    expect(played.leastKeyWaitMs).toBeLessThan(1500)
  })
})
