import { type Shared, shareClient } from './shared-client.ts'

const style = new CSSStyleSheet()
style.replaceSync(`
  :host { display: block; position: relative }
  :host([hidden]), p:empty { display: none }
  canvas { display: block; width: 100%; height: 100%; object-fit: contain }
  p {
    position: absolute; inset: auto auto 0 0; margin: 0; padding: 0.2em 0.6em; max-width: 100%; box-sizing: border-box;
    font: 0.8em/1.4 system-ui, sans-serif; color: #fff; background: rgb(0 0 0 / 0.65)
  }
`)

/** What both elements are: a canvas with a connection while it is in a page. Attributes: `camera`, `url`, `token`. */
export abstract class CanvasElement extends HTMLElement {
  static readonly observedAttributes = ['camera', 'url', 'token', 'for', 'offset', 'latency']
  /** Another one each time that the element begins anew. */
  protected canvas = document.createElement('canvas')
  readonly #root: ShadowRoot
  #shared: Shared | undefined
  #stop: (() => void) | undefined

  constructor() {
    super()
    this.#root = this.attachShadow({ mode: 'open' })
    // Not a style element, because a content security policy may forbid it.
    this.#root.adoptedStyleSheets = [style]
    this.#root.append(this.canvas)
  }

  /** The attribute; empty when it is not set. */
  protected attribute(name: string): string {
    return this.getAttribute(name) ?? ''
  }

  /** The person's name, over merges; empty for somebody without one. */
  protected readonly nameOf = (person: string): string => this.#shared?.client.people.get(person)?.name ?? ''

  /** What the element shows, in place of what it has shown. */
  protected show(canvas: HTMLCanvasElement, ...others: readonly Node[]): void {
    this.canvas = canvas
    this.#root.replaceChildren(canvas, ...others)
  }

  /** The camera whose frames it needs to be told of; null for none. */
  protected abstract frames(camera: string): string | null
  /** Begins to show; returns how to stop. */
  protected abstract start(shared: Shared): () => void

  connectedCallback(): void {
    const camera = this.attribute('camera')
    if (camera === '' || this.#shared !== undefined) return
    this.#shared = shareClient(this.attribute('url'), this.attribute('token'), this.frames(camera))
    this.#stop = this.start(this.#shared)
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
