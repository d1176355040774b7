import { describe, expect, test } from 'vitest'
import { executablePath, launchChromium, threeTries } from './chromium.ts'
import { openCountedSite } from './counted/counted-site.ts'
import { exactCases, keyCases, playExactly } from './counted/exact-cases.ts'

/** Pictures with boxes that are compared in each case. */
const wanted = 500

describe.skipIf(!executablePath)('each of 500 pictures has its own boxes', threeTries, () => {
  for (const [camera, counted] of Object.entries(exactCases))
    test(camera, { timeout: 400_000 }, async () => {
      const [browser, site] = await Promise.all([launchChromium(), openCountedSite({ [camera]: counted })])
      try {
        const played = await playExactly(browser, site, camera, wanted)
        console.log(camera, JSON.stringify({ ...played, counters: undefined, states: played.states.length }))
        expect(played.mismatches).toEqual([])
        expect(played.oldestFrames).toBeLessThanOrEqual(played.toldFrames)
        expect(played.complaints).toEqual([])
        expect(played.withBoxes).toBeGreaterThanOrEqual(wanted)
      } finally {
        await browser.close()
        await site.close()
      }
    })

  test('key pictures that are rare give way to stills, and that is said', async () => {
    const [browser, site] = await Promise.all([launchChromium(), openCountedSite(keyCases)])
    try {
      const played = await playExactly(browser, site, 'rare-keys', 10)
      expect(played.mismatches).toEqual([])
      expect(played.state).toMatchObject({
        level: 'stills',
        reason: expect.stringMatching(/^key frames are \d+ s apart: stills$/),
      })
    } finally {
      await browser.close()
      await site.close()
    }
  })
})
