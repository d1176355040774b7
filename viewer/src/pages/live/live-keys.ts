import type { LargeCamera } from './large-camera.ts'

const isTyping = ({ target }: Event): boolean =>
  target instanceof Element && target.closest('input, textarea, select, dialog') !== null

/** Listens to the page's keys: `f` fills the screen; left, right and Esc go from the large camera to another, or to all. */
export const listenToKeys = (large: LargeCamera, fillScreen: () => void): (() => void) => {
  const onKey = (event: KeyboardEvent): void => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'f') fillScreen()
    else if (large.camera === null) return
    else if (event.key === 'Escape') large.toggle(large.camera)
    else if (event.key === 'ArrowRight') large.step(1)
    else if (event.key === 'ArrowLeft') large.step(-1)
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}
