/* What routes about webhooks answer. The viewer reads these types, so nothing here needs the server. */

/** How a webhook does. */
export interface WebhookState {
  readonly name: string
  /** Scheme and host only: a path is often a secret. */
  readonly origin: string
  readonly types: readonly string[]
  /** Of the rules only these; null: all. */
  readonly rules: readonly string[] | null
  /** Events on disk. */
  readonly waiting: number
  /** Why it takes nothing now; null while it does. */
  readonly absence: string | null
  /** The last attempts of this run, the newest first. */
  readonly deliveries: readonly {
    readonly atMs: number
    readonly type: string
    readonly outcome: 'taken' | 'failed' | 'dead' | 'withdrawn'
    readonly reason: string
  }[]
}

/** What came of a test event. */
export interface TestedWebhook {
  readonly isTaken: boolean
  /** Why it was not taken; empty when it was. */
  readonly reason: string
  readonly tookMs: number
}
