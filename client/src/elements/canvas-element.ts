import type { Client } from '../client.ts'
import { type Shared, shareClient, type Wanted } from './shared-client.ts'

const style = new CSSStyleSheet()
style.replaceSync(
  ':host { display: block } :host([hidden]) { display: none } canvas { display: block; width: 100%; height: 100% }',
)

/** What both elements are: a canvas with a connection while it is in a page. Attributes: `camera`, `url`, `token`. */
export abstract class CanvasElement extends HTMLElement {
  static readonly observedAttributes = ['camera', 'url', 'token', 'for', 'offset', 'latency']
  protected readonly canvas: HTMLCanvasElement
  #shared: Shared | undefined
  #stop: (() => void) | undefined

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    // Not a style element, because a content security policy may forbid it.
    root.adoptedStyleSheets = [style]
    this.canvas = document.createElement('canvas')
    root.append(this.canvas)
  }

  /** The attribute; empty when it is not set. */
  protected attribute(name: string): string {
    return this.getAttribute(name) ?? ''
  }

  /** The person's name, over merges; empty for somebody without one. */
  protected readonly nameOf = (person: string): string => this.#shared?.client.people.get(person)?.name ?? ''

  /** What is needed of the connection. */
  protected abstract wants(camera: string): Wanted
  /** Begins to show; returns how to stop. */
  protected abstract start(client: Client): () => void

  connectedCallback(): void {
    const camera = this.attribute('camera')
    if (camera === '' || this.#shared !== undefined) return
    this.#shared = shareClient(this.attribute('url'), this.attribute('token'), this.wants(camera))
    this.#stop = this.start(this.#shared.client)
  }

  disconnectedCallback(): void {
    this.#stop?.()
    this.#shared?.release()
    this.#shared = undefined
  }

  attributeChangedCallback(): void {
    if (!this.isConnected) return
    this.disconnectedCallback()
    this.connectedCallback()
  }
}
