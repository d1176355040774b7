import { createRequire } from 'node:module'
import { RollcallError } from '../src/errors.ts'

const require = createRequire(import.meta.url)
let loaded

/** On first use rather than on import, so that the doctor and the tests can say what is missing. */
const native = () => {
  if (loaded) return loaded
  try {
    loaded = require('#addon')
  } catch (cause) {
    throw new RollcallError('NATIVE_MISSING', `The GStreamer addon cannot be loaded: ${cause.message.split('\n')[0]}`, {
      remedy:
        'Install GStreamer (apt-get install --no-install-recommends gstreamer1.0-plugins-base gstreamer1.0-plugins-good ' +
        'gstreamer1.0-plugins-bad gstreamer1.0-libav libgstreamer-plugins-base1.0-dev pkg-config g++ make), ' +
        'then run: npm run build:native',
      cause,
    })
  }
  process.on('exit', loaded.stopAll)
  return loaded
}

export const inspect = (elements) => native().inspect(elements)
export const hardwareDecoders = (caps) => native().hardwareDecoders(caps)
export const typeOf = (head) => native().typeOf(head)
export const open = (options) => native().open(options)
export const encodeJpeg = (picture, quality) => native().encodeJpeg(picture, quality)
export const openEncoder = (launch) => native().openEncoder(launch)
export const choose = (situation) => native().choose(situation)
export const hasOwnColours = (caps) => native().hasOwnColours(caps)
export const calmAfter = (sizes) => native().calmAfter(sizes)
export const stillAfter = (pictures) => native().stillAfter(pictures)
