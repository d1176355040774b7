import type { Client } from '../client.ts'
import type { FrameEvent } from '../events.ts'
import { createVideo } from '../video/create-video.ts'
import type { PictureSize, VideoState } from '../video/types.ts'
import { videoWorker } from '../video/video-worker.ts'
import { CanvasElement } from './canvas-element.ts'
import { colourOf } from './draw-boxes.ts'
import type { Shared } from './shared-client.ts'
import { showStills } from './show-stills.ts'

/** The canvas of a box of this size, in device pixels: the picture as large as it fits in. */
const fit = ({ clientWidth, clientHeight }: HTMLElement, { width, height }: PictureSize): [number, number] => {
  const scale = Math.min(clientWidth / width, clientHeight / height) * devicePixelRatio
  return [Math.round(width * scale), Math.round(height * scale)]
}

const write = (node: HTMLElement, text: string): void => {
  if (node.textContent !== text) node.textContent = text
}

/** Calls `then` when somebody may be called otherwise; returns how to end it. */
const onNames = (client: Client, then: () => void): (() => void) => {
  const off = [
    client.onSnapshot(then),
    client.onEvent(({ type }) => {
      if (type.startsWith('rollcall.person.')) then()
    }),
  ]
  return () => {
    for (const each of off) each()
  }
}

/**
 * `<rollcall-camera camera="door">`: a camera's own video, decoded by the browser, each picture with exactly its boxes; analysed
 * stills where it cannot be, with the reason over them. Tells of each analysed picture that it has shown by the event
 * `rollcall-frame`, whose `detail` is the frame's data, and of what it shows, and why not more, by `rollcall-state`
 * (`VideoState`).
 */
export class RollcallCamera extends CanvasElement {
  protected frames(): null {
    return null
  }

  protected start(shared: Shared): () => void {
    const [canvas, reason] = [document.createElement('canvas'), document.createElement('p')]
    canvas.role = 'img'
    canvas.ariaLabel = `Camera ${this.attribute('camera')}: no picture yet`
    reason.part.add('reason')
    this.show(canvas, reason)
    let stop: (() => void) | null = null
    let isOver = false
    void videoWorker().starts.then((starts) => {
      if (!isOver) stop = starts ? this.#play(shared, canvas, reason) : this.#showStills(shared, canvas, reason)
    })
    return () => {
      isOver = true
      stop?.()
    }
  }

  #play({ client, watching }: Shared, canvas: HTMLCanvasElement, reason: HTMLElement): () => void {
    let size: PictureSize | null = null
    const resize = (): void => {
      if (size !== null && canvas.clientWidth > 0) video.resize(...fit(canvas, size))
    }
    const video = createVideo(canvas, {
      camera: this.attribute('camera'),
      client,
      watching,
      look: ({ person }) => ({
        text: person === null ? null : this.nameOf(person),
        colour: colourOf(person),
        isDim: false,
      }),
      onShown: (frame) => this.#tell(canvas, frame),
      onState: (state) => this.#become(reason, state),
      onResized: (next) => {
        size = next
        canvas.style.aspectRatio = `${next.width} / ${next.height}`
        resize()
      },
    })
    const observer = new ResizeObserver(resize)
    observer.observe(canvas)
    const off = onNames(client, () => video.refresh())
    video.want('all')
    return () => {
      off()
      observer.disconnect()
      video.close()
    }
  }

  /** The page forbids the worker. */
  #showStills(shared: Shared, canvas: HTMLCanvasElement, reason: HTMLElement): () => void {
    const why = 'stills: this page does not let the worker start that decodes video'
    this.#become(reason, { level: 'stills', possible: 'stills', reason: why, waiting: null, hasPicture: false })
    return showStills(canvas, this.attribute('camera'), shared, {
      nameOf: this.nameOf,
      onShown: (frame) => this.#tell(canvas, frame),
    })
  }

  #tell(canvas: HTMLCanvasElement, frame: FrameEvent['data']): void {
    const names = frame.faces.map(({ person }) => (person === null ? 'somebody' : this.nameOf(person) || 'somebody'))
    const label = `Camera ${frame.camera}: ${names.join(', ') || 'nobody'}`
    if (canvas.ariaLabel !== label) canvas.ariaLabel = label
    this.dispatchEvent(new CustomEvent('rollcall-frame', { detail: frame }))
  }

  #become(reason: HTMLElement, state: VideoState): void {
    write(reason, state.waiting ?? state.reason ?? '')
    this.dispatchEvent(new CustomEvent('rollcall-state', { detail: state }))
  }
}
