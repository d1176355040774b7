import type { RollcallEvent } from '../../../src/events/types.ts'
import type { Scope } from '../../../src/server/scope.ts'
import type { Api } from './api.ts'
import type { Client } from './client.ts'
import type { SiteStore } from './site-store.ts'

/** One page of the viewer. It is made once, at its first visit, and shown and hidden after that. */
export interface Page {
  /** Filled by the page; the shell adds it to the document while the page is shown. */
  readonly element: HTMLElement
  /** Shows what the address names; called again when only the rest of the address changes. `#/people/p-1` gives `['p-1']`. */
  show(path: readonly string[]): void
  /** Another page takes the place: stop timers, watch nothing. */
  hide(): void
}

/** Makes a page. Nothing is asked of the server before `show`. */
export type CreatePage = (context: PageContext) => Page

/** What a toast says beside its text. */
export interface SayOptions {
  /** Adds a button "Undo" that does this. */
  readonly undo?: () => Promise<void>
  /** Something failed: stays longer, and is read out at once. */
  readonly bad?: boolean
}

/** A question in a dialog. */
export interface Question {
  readonly title: string
  readonly body: Node | string
  /** The words of the button that says yes, such as `Delete anna`. */
  readonly confirm: string
  /** The button is red. */
  readonly danger?: boolean
  /** The button works only when this text has been typed. */
  readonly typed?: string
  /** Does what was asked for. When it rejects, the dialog says why and stays open; nothing that was typed is lost. */
  readonly work?: () => Promise<unknown>
}

/** All that a page may use of the rest of the viewer. */
export interface PageContext {
  readonly api: Api
  readonly site: SiteStore
  readonly client: Client
  /** Calls `listener` with every event of sightings, people and cameras. Returns how to stop. */
  readonly onEvent: (listener: (event: RollcallEvent) => void) => () => void
  /** Whether the caller's token has this scope. What is not allowed is disabled, and says why. */
  readonly may: (scope: Scope) => boolean
  /** Shows a line at the edge of the window for a few seconds, which screen readers read. */
  readonly say: (text: string, options?: SayOptions) => void
  /** Asks in a dialog. False after Cancel or Esc. */
  readonly ask: (question: Question) => Promise<boolean>
  /** Goes to another page: `go('/people/p-1')`. */
  readonly go: (path: string) => void
}
