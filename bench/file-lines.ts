import { inspect, typeOf } from '../native/index.js'
import { parseCameraUrl } from '../src/ingest/camera-url.ts'
import { chooseDecoders, codecElements } from '../src/ingest/codecs.ts'
import { type LaunchLines, launchLines } from '../src/ingest/launch.ts'
import { cameraOptions } from '../src/ingest/options.ts'
import { inspectRecording } from '../src/ingest/recording-file.ts'

/** Rollcall's own launch lines of a recording: at full speed, or in real time as a camera. */
export const linesOfFile = async (path: string, live: boolean): Promise<LaunchLines & { readonly decode: string }> => {
  const camera = cameraOptions.parse({ url: path })
  const { elements } = inspect(codecElements)
  const decoders = chooseDecoders((element) => elements[element] === true)
  const file = await inspectRecording(path, { typeOf })
  const { receive, decode } = launchLines({ url: parseCameraUrl(path), camera, decoders, file, paced: live, live })
  if (decode === null) throw new Error(`${path} has no encoded pictures`)
  return { receive, decode }
}
