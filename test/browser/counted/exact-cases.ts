import type { Browser } from 'playwright-core'
import { countedLoop } from './counted-loop.ts'
import type { CountedPage } from './counted-page.ts'
import type { CountedCamera, openCountedSite } from './counted-site.ts'

const plain = countedLoop({ frames: 250, fps: 25, keyEvery: 25, hasB: false })
const reordered = countedLoop({ frames: 250, fps: 25, keyEvery: 25, hasB: true })
/** Key pictures nearly as far apart as they may be where only those are shown. */
const farApart = countedLoop({ frames: 172, fps: 25, keyEvery: 43, hasB: true, saysReordering: true })
/** Further: then stills are shown. */
const tooFarApart = countedLoop({ frames: 158, fps: 25, keyEvery: 79, hasB: true })

/** What may put boxes on a wrong picture. The name is the camera's. */
export const exactCases: Readonly<Record<string, CountedCamera>> = {
  'in-order': { loop: plain },
  'B-frames': { loop: reordered },
  losses: { loop: reordered },
  'clock-jump': { loop: plain },
  stills: { loop: plain },
}

/** Cameras of which only key pictures are wanted. */
export const keyCases: Readonly<Record<string, CountedCamera>> = {
  keys: { loop: farApart },
  'rare-keys': { loop: tooFarApart },
}

/** By how much the clock of the camera that jumps is off: each try is a jump, there and back. */
let skewMs = 0

/** Watches a camera until so many pictures with boxes have been on the canvas. */
export const playExactly = async (
  browser: Browser,
  site: Awaited<ReturnType<typeof openCountedSite>>,
  camera: string,
  wanted: number,
): Promise<CountedPage & { readonly complaints: readonly string[] }> => {
  if (camera === 'losses') site.rtsp[camera]?.lose(0.003, 7, 'tcp')
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const most = camera in keyCases ? 'keys' : camera === 'stills' ? 'stills' : 'all'
  await page.goto(`${site.url}/?camera=${camera}&most=${most}`)
  /** The jump must come while it is watched. */
  const streams = camera === 'clock-jump' ? 2 : 1
  if (camera === 'clock-jump') skewMs = 4000 - skewMs
  const giveUpAtMs = Date.now() + 60_000 + wanted * 400
  const read = () => page.evaluate('counted') as Promise<CountedPage>
  let counted = await read()
  const isEnough = () => counted.withBoxes >= wanted && counted.streams.length >= streams
  while (!isEnough() && counted.mismatches.length === 0 && Date.now() < giveUpAtMs) {
    // The time line begins anew with another stream, which frames tell of before units do.
    if (camera === 'clock-jump' && counted.withBoxes > 10) site.rtsp[camera]?.skewClock(skewMs)
    await page.waitForTimeout(200)
    counted = await read()
  }
  const { oldestFrames, reports } = counted
  while (counted.reports < reports + 2 && Date.now() < giveUpAtMs) {
    await page.waitForTimeout(100)
    counted = await read()
  }
  await page.context().close()
  return { ...counted, oldestFrames, complaints }
}
