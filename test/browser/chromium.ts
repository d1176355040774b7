import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Debian's Chromium; undefined when there is none. */
export const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
if (executablePath === undefined)
  console.warn('NO CHROMIUM: the viewer is not tested; install it with apt-get install chromium')

/** Of its command line, without a window. */
export const chromiumArgs: readonly string[] = [
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking',
  '--disable-component-update --disable-sync --hide-scrollbars --force-color-profile=srgb',
].flatMap((line) => line.split(' '))

/** Starts Chromium without a window. `more` are arguments of its command line. */
export const launchChromium = (...more: readonly string[]): Promise<Browser> =>
  chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: [...chromiumArgs, ...more] })

/** For tests of pages that show live cameras, which change while a test looks at them: what fails three times is a fault. */
export const threeTries = { retry: 2 } as const
