import { hardwareDecoders, inspect } from '../../../native/index.js'
import { describeError } from '../../errors.ts'
import { describeMachine, verdictsFile } from '../../ingest/hardware/machine.ts'
import { readVerdicts } from '../../ingest/hardware/verdicts.ts'
import type { Finding, Verdict } from './finding.ts'

const apt = (name: string): string => `apt-get install --no-install-recommends ${name}`

/** GStreamer elements, what each is for, and the Debian package that has it. */
const NEEDED: readonly (readonly [element: string, use: string, debianPackage: string])[] = [
  ['appsink', 'frames out of GStreamer', 'gstreamer1.0-plugins-base'],
  ['videoconvert', 'colour formats', 'gstreamer1.0-plugins-base'],
  ['videoscale', 'square pixels', 'gstreamer1.0-plugins-base'],
  ['switchbin', 'choosing the decoder', 'gstreamer1.0-plugins-bad'],
  ['parsebin', 'video over HTTP', 'gstreamer1.0-plugins-base'],
  ['rtspsrc', 'RTSP cameras', 'gstreamer1.0-plugins-good'],
  ['rtph264depay', 'H.264 over RTP', 'gstreamer1.0-plugins-good'],
  ['qtdemux', 'MP4 files', 'gstreamer1.0-plugins-good'],
  ['matroskademux', 'Matroska files', 'gstreamer1.0-plugins-good'],
  ['tsdemux', 'MPEG transport streams', 'gstreamer1.0-plugins-bad'],
  ['videoflip', 'rotated recordings', 'gstreamer1.0-plugins-good'],
  ['jpegenc', 'pictures for the viewer', 'gstreamer1.0-plugins-good'],
  ['h264parse', 'H.264', 'gstreamer1.0-plugins-bad'],
  ['h265parse', 'H.265', 'gstreamer1.0-plugins-bad'],
  ['avdec_h264', 'decoding H.264', 'gstreamer1.0-libav'],
  ['avdec_h265', 'decoding H.265', 'gstreamer1.0-libav'],
]
const OPTIONAL: readonly (readonly [element: string, use: string, debianPackage: string])[] = [
  ['hlsdemux', 'HLS over HTTP', 'gstreamer1.0-plugins-bad'],
  ['souphttpsrc', 'HTTP', 'gstreamer1.0-plugins-good'],
  ['v4l2src', 'USB cameras', 'gstreamer1.0-plugins-good'],
]

/** Whether GStreamer has the elements that pipelines are made of, and which package has those that are missing. */
export const checkGstreamer = (): Finding[] => {
  let found: ReturnType<typeof inspect>
  try {
    found = inspect([...NEEDED, ...OPTIONAL].map(([element]) => element))
  } catch (error) {
    return [{ verdict: 'bad', what: 'GStreamer addon', detail: describeError(error), fix: 'bin/setup' }]
  }
  const missing = (list: typeof NEEDED, verdict: Verdict): Finding[] =>
    list
      .filter(([element]) => !found.elements[element])
      .map(([element, use, name]) => ({
        verdict,
        what: `GStreamer ${element}`,
        detail: `missing: ${use}`,
        fix: apt(name),
      }))
  return [
    { verdict: 'good', what: 'GStreamer', detail: `${found.version}, ${NEEDED.length} elements looked for` },
    ...missing(NEEDED, 'bad'),
    ...missing(OPTIONAL, 'poor'),
    checkHardware(found.version),
  ]
}

/** The hardware decoders that GStreamer knows, and what their trials have found on this machine. */
const checkHardware = (gstreamer: string): Finding => {
  const known = hardwareDecoders('video/x-h264;video/x-h265')
  const verdicts = Object.entries(readVerdicts(verdictsFile(), describeMachine(gstreamer)))
  const tried = verdicts.map(([what, { objection, cpuShare }]) =>
    objection === null ? `${what}: right, for ${cpuShare?.toFixed(2)} of the CPU time` : `${what}: ${objection}`,
  )
  const detail =
    known.length === 0
      ? 'none; decoding runs on the CPU'
      : `${known.join(', ')}; ${tried.length === 0 ? 'each is tried with the pictures of a camera that runs' : tried.join('; ')}`
  return { verdict: 'good', what: 'hardware decoders', detail }
}
