import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import type { RtspServerOptions } from '../../simulator/rtsp-server.ts'
import { type SimulatedCameras, startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { configSchema } from '../../src/config/config.ts'
import { type Run, startRun } from '../../src/site/run.ts'
import { watchedLog } from '../support/restarts.ts'
import { buildViewer } from '../viewer/built.ts'
import { launchChromium } from './chromium.ts'

const footage = join(import.meta.dirname, '../../footage')

/** A file of our own footage: `cafe`, `gate`, `lobby` or `street`. */
export const scene = (name: string): string => join(footage, `${name}.mp4`)

/** What the site of a file of browser tests consists of. */
export interface BrowserSiteOptions {
  /** The video that each simulated camera plays, by the camera's name. It defaults to one camera, `cafe`. */
  readonly cameras?: Readonly<Record<string, string>>
  /** Further keys of the configuration, such as `http: { auth: … }`. */
  readonly config?: object
  /** Of the simulated cameras' RTSP server, such as a login. */
  readonly rtsp?: RtspServerOptions
  /** Arguments of Chromium's command line. */
  readonly chromium?: readonly string[]
}

/** What went wrong in a page, and which requests it made. */
export interface Watched {
  /** Errors of the console and of scripts, and requests to other hosts. Whoever expects some takes them out. */
  readonly complaints: string[]
}

/** How a page is opened. */
export interface OpenOptions extends BrowserContextOptions {
  /** False: the page is not waited for. */
  readonly isReady?: boolean
  /** Called before the page loads. */
  readonly before?: (page: Page) => Promise<void>
}

/** The real program on simulated RTSP cameras, and a browser. One for a file of tests: it takes seconds to start. */
export interface BrowserSite {
  readonly url: string
  readonly directory: string
  readonly browser: Browser
  readonly cameras: SimulatedCameras['cameras']
  readonly run: () => Run
  /**
   * Opens the viewer at this address (`/live`) in a context of its own, which ends with the page. Waits until it is
   * connected, unless `isReady` is false. A test takes it by `await using`, so that a try that fails leaves no page to the next.
   */
  open(path?: string, options?: OpenOptions): Promise<Page & Watched>
  /** Ends the program in order. */
  stop(): Promise<void>
  /** Starts it again on the same port, with the same people. */
  start(): Promise<void>
  close(): Promise<void>
}

/** For `afterEach`: what pages complain of in a try that fails is no fault of the next one. */
export const forgetIfFailed = ({ task }: TestContext, ...pages: readonly Watched[]): void => {
  if (task.result?.state === 'fail') for (const { complaints } of pages) complaints.splice(0)
}

/** Errors of the console that a lost connection must cause: the browser writes them itself. */
const isOfNetwork = (text: string): boolean => /Failed to load resource: net::|WebSocket connection to/.test(text)

const watchPage = (page: Page, origin: () => string): string[] => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !isOfNetwork(message.text()))
      complaints.push(`${message.text()} ${message.location().url}`.trim())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin() && url.protocol !== 'blob:' && url.protocol !== 'data:')
      complaints.push(`request to ${request.url()}`)
  })
  return complaints
}

/** Starts cameras, program and browser. `beforeAll` calls it, `afterAll` calls `close`. */
export const openBrowserSite = async (options: BrowserSiteOptions = {}): Promise<BrowserSite> => {
  const files = Object.entries(options.cameras ?? { cafe: scene('cafe') })
  await using opening = new AsyncDisposableStack()
  const directory = opening.adopt(await mkdtemp(join(tmpdir(), 'rollcall-browser-')), (folder) =>
    rm(folder, { recursive: true, force: true }),
  )
  const [viewerDirectory, simulated, browser] = await Promise.all([
    buildViewer(),
    startSimulatedCameras(
      files.map(([name, file]) => ({ name, file })),
      options.rtsp,
    ),
    launchChromium(...(options.chromium ?? [])),
  ])
  opening.defer(() => simulated.close())
  const {
    http = {},
    cameraDefaults = {},
    ...others
  } = (options.config ?? {}) as {
    readonly http?: object
    readonly cameraDefaults?: object
  }
  const config = configSchema.parse({
    site: 'browser',
    cameras: Object.fromEntries(simulated.cameras.map(({ name, url }) => [name, { url }])),
    vision: { processes: 1 },
    log: { level: 'error' },
    http: { port: 0, ...http },
    // Faces take most of the time of a machine without a GPU; pages need few of them.
    cameraDefaults: { maxFps: 5, ...cameraDefaults },
    ...others,
  })
  let port = config.http.port
  let run: Run | null = null
  const start = async (): Promise<void> => {
    const started = await startRun(
      { ...config, http: { ...config.http, port } },
      {
        untilEnd: false,
        log: watchedLog(),
        stateDirectory: join(directory, 'state'),
        viewerDirectory,
      },
    )
    run = started
    port = Number(new URL(url()).port)
  }
  const stop = async (): Promise<void> => {
    run?.stop()
    await run?.done
    run = null
  }
  const running = (): Run => {
    if (run === null) throw new Error('the site is stopped')
    return run
  }
  const url = (): string => running().url ?? ''
  opening.defer(stop)
  opening.defer(() => browser.close())
  await start()
  const origin = url()
  const owned = opening.move()
  return {
    url: origin,
    directory,
    browser,
    cameras: simulated.cameras,
    run: running,
    open: async (path = '/live', { isReady = true, before, ...given } = {}) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...given })
      const complaints = watchPage(page, () => origin)
      await before?.(page)
      await page.goto(`${origin}/#${path}`)
      if (isReady) await page.locator('body[data-connected="true"]').waitFor({ timeout: 20_000 })
      return Object.assign(page, { complaints })
    },
    stop,
    start,
    close: () => owned.disposeAsync(),
  }
}
