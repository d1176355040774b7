import { blurBoxes } from '../blur.ts'
import type { FrameEvent } from '../events.ts'
import type { Picture } from '../protocol.ts'
import { drawBoxes } from './draw-boxes.ts'
import type { Shared } from './shared-client.ts'

/** What is needed to draw boxes, and who is told of what is shown. */
export interface StillsOptions {
  readonly nameOf: (person: string) => string
  readonly onShown: (frame: FrameEvent['data']) => void
}

/** Shows a camera's stills on the page's own thread, each with its boxes, which come in one message with it; returns how to stop. */
export const showStills = (
  canvas: HTMLCanvasElement,
  camera: string,
  { client, watching }: Pick<Shared, 'client' | 'watching'>,
  { nameOf, onShown }: StillsOptions,
): (() => void) => {
  const show = async ({ frame, jpeg }: Picture): Promise<void> => {
    // A broken picture is left out.
    const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => null)
    if (image === null) return
    const { width, height } = image
    Object.assign(canvas, { width, height })
    const context = canvas.getContext('2d')
    const place = { x: 0, y: 0, width, height }
    context?.drawImage(image, 0, 0)
    image.close()
    if (context) blurBoxes(context, frame.blur ?? [], place)
    drawBoxes(canvas, frame.faces, place, nameOf)
    onShown(frame)
  }
  const off = client.onPicture((picture) => (picture.frame.camera === camera ? show(picture) : undefined))
  const wish = (): void => watching.set(canvas, camera, document.hidden ? null : { stills: true, video: null })
  document.addEventListener('visibilitychange', wish)
  wish()
  return () => {
    off()
    document.removeEventListener('visibilitychange', wish)
    watching.set(canvas, camera, null)
  }
}
