import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executablePath, launchChromium } from './chromium.ts'
import { openCountedSite } from './counted/counted-site.ts'
import { exactCases, playExactly } from './counted/exact-cases.ts'

/** Pictures with boxes that are compared in each case; the long variant takes more. */
const wanted = 50

describe.skipIf(!executablePath)('each picture has its own boxes', () => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof openCountedSite>>
  beforeAll(async () => {
    ;[browser, site] = await Promise.all([launchChromium(), openCountedSite(exactCases)])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  test.concurrent.for(Object.keys(exactCases))('%s', async (camera) => {
    const played = await playExactly(browser, site, camera, wanted)
    expect(played.mismatches).toEqual([])
    expect(played.oldestFrames).toBeLessThanOrEqual(played.toldFrames)
    if (camera === 'clock-jump') expect(played.streams.length).toBeGreaterThanOrEqual(2)
    expect(played.complaints).toEqual([])
    expect(played.withBoxes).toBeGreaterThanOrEqual(wanted)
  })
})
