import type { Client } from '../client.ts'
import type { Picture } from '../protocol.ts'
import { CanvasElement } from './canvas-element.ts'
import { drawBoxes } from './draw-boxes.ts'
import type { Wanted } from './shared-client.ts'

/**
 * `<rollcall-camera camera="door">`: a camera's analysed pictures with exactly their boxes, because both come in one message.
 * Tells of each that it has shown by the event `rollcall-frame`, whose `detail` is the frame's data.
 */
export class RollcallCamera extends CanvasElement {
  protected wants(camera: string): Wanted {
    return { still: camera }
  }

  protected start(client: Client): () => void {
    const camera = this.attribute('camera')
    this.canvas.setAttribute('role', 'img')
    this.canvas.setAttribute('aria-label', `Camera ${camera}: no picture yet`)
    return client.onPicture((picture) => (picture.frame.camera === camera ? this.#show(picture) : undefined))
  }

  async #show({ frame, jpeg }: Picture): Promise<void> {
    // A broken picture is left out.
    const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => null)
    if (image === null) return
    const { width, height } = image
    Object.assign(this.canvas, { width, height })
    this.canvas.getContext('2d')?.drawImage(image, 0, 0)
    image.close()
    drawBoxes(this.canvas, frame.faces, { x: 0, y: 0, width, height }, this.nameOf)
    const names = frame.faces.map(({ person }) => (person === null ? 'somebody' : this.nameOf(person) || 'somebody'))
    this.canvas.setAttribute('aria-label', `Camera ${frame.camera}: ${names.join(', ') || 'nobody'}`)
    this.dispatchEvent(new CustomEvent('rollcall-frame', { detail: frame }))
  }
}
