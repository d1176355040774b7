import type { Locator, Page } from 'playwright-core'
import type { BrowserSite } from '../site.ts'
import type { Scene } from './scene.ts'

/**
 * What a picture is taken of. `live`: the page watches while the cameras play, and then they are stopped. `playing`: they are
 * stopped before, and play on when the page is opened. `any`: they play, and what they show is not seen. `still`: they are stopped. `empty`: a site without cameras. `guarded`: one that asks for a token.
 */
export type ShotOf = 'live' | 'playing' | 'any' | 'still' | 'empty' | 'guarded'

/** What is there to prepare a picture with. */
export interface Stage {
  readonly page: Page
  readonly site: BrowserSite
  /** Only where there are cameras. */
  readonly scene: Scene
}

/** One picture of docs/viewer.md. */
export interface Shot {
  readonly name: string
  readonly of: ShotOf
  /** The address; it defaults to `/live`. `{ada}` stands for the ID of Ada. */
  readonly path?: string
  /** It defaults to dark. */
  readonly theme?: 'dark' | 'light'
  readonly width?: number
  readonly height?: number
  readonly phone?: boolean
  /** Where somebody has signed in already, or need not. It defaults to true. */
  readonly isReady?: boolean
  /** What the browser has kept. */
  readonly stored?: Readonly<Record<string, string>>
  /** Of `live`: the cameras on which somebody must be seen. */
  readonly people?: readonly string[]
  /** Done before the page loads. */
  readonly before?: (page: Page) => Promise<void>
  /** Done before the picture is taken. */
  readonly prepare?: (stage: Stage) => Promise<void>
  /** The same, with the cameras stopped. */
  readonly whenHeld?: (stage: Stage) => Promise<void>
  /** Undoes what `prepare` did to the site. */
  readonly after?: (stage: Stage) => Promise<void>
}

/** The size of a phone. */
export const phone = { phone: true, width: 360, height: 740 } as const

/** The token of the guarded site. */
export const token = 'kN3vQx8mTz5wRb2yLc7p'

/** Waits until a page shows something, and has loaded what it asks the server for, its pictures too. */
export const filled = async ({ page }: Pick<Stage, 'page'>, selector: string): Promise<void> => {
  await page.locator(selector).first().waitFor()
  await page.waitForLoadState('networkidle')
}

/** The same, as what is done before a picture is taken. */
export const whenFilled =
  (selector: string) =>
  (stage: Stage): Promise<void> =>
    filled(stage, selector)

/** Presses the first button of this name. */
export const press = (where: Page | Locator, name: string): Promise<void> =>
  where.getByRole('button', { name, exact: true }).first().click()
