import { RollcallCamera } from './camera-element.ts'
import { RollcallOverlay } from './overlay-element.ts'

/** Importing this defines the elements. */
export { boxesAt, type ShownBox } from './boxes-at.ts'
export { RollcallCamera, RollcallOverlay }

customElements.define('rollcall-camera', RollcallCamera)
customElements.define('rollcall-overlay', RollcallOverlay)
