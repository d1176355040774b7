import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { gstLaunch } from '../support/gst.ts'
import { executablePath } from './chromium.ts'
import { openBrowserSite, scene } from './site.ts'

const patience = { timeout: 45_000 }

test.skipIf(!executablePath)(
  'frozen, resized and restored while watched: right words, the picture is back by itself',
  async () => {
    const site = await openBrowserSite({
      cameras: { lobby: scene('lobby') },
      config: { cameraDefaults: { stallAfterMs: 1500, backoff: { firstMs: 200, maxMs: 400 } } },
    })
    onTestFinished(() => site.close())
    await using page = await site.open('/live')
    // A page that is loaded anew would have lost it.
    await page.evaluate('window.isTheSame = true')
    const go = (path: string) => page.evaluate(`location.hash = ${JSON.stringify(path)}`)
    const { camera } = site.cameras[0] ?? {}
    const small = join(site.directory, 'small.mp4')
    const isH265 = (await readLoop(scene('lobby'))).codec === 'h265'
    const encode = isH265 ? 'x265enc key-int-max=15 ! h265parse' : 'openh264enc gop-size=15 ! h264parse'
    const made = await gstLaunch(
      `videotestsrc pattern=ball num-buffers=45 ! video/x-raw,width=320,height=180,framerate=15/1 ! ${encode} ! mp4mux ! filesink location=${small}`,
    )
    const tile = page.locator('[data-camera=lobby]').first()
    const moves = async () => {
      const before = await tile.getAttribute('data-seq')
      await vi.waitFor(async () => {
        expect(await tile.getAttribute('data-state')).toBe('online')
        expect(await tile.getAttribute('data-seq')).not.toBe(before)
      }, patience)
    }
    await moves()
    camera?.freeze()
    await vi.waitFor(async () => expect(await tile.textContent()).toMatch(/Frozen|Offline/), patience)
    camera?.unfreeze()
    await moves()
    if (made.code === 0) {
      const row = page.locator('.camera-row[data-camera=lobby]')
      camera?.switchTo(await readLoop(small))
      await moves()
      await go('/cameras')
      await vi.waitFor(async () => expect(await row.textContent()).toMatch(/320 × 180/), patience)
      camera?.switchTo(await readLoop(scene('lobby')))
      await vi.waitFor(async () => expect(await row.textContent()).not.toMatch(/320 × 180/), patience)
    }
    expect(await page.evaluate('window.isTheSame')).toBe(true)
    expect(page.complaints).toEqual([])
  },
  180_000,
)
