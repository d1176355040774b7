/**
 * Uses everything once and more, and ends in order: for LeakSanitizer (native/sanitize.sh), which reports at the exit
 * what nobody points to any more. Under plain Node it only has to end.
 */
import { inspect, open, openEncoder, type PipelineEvent } from '../../native/index.js'

const turn = () => new Promise(setImmediate)
const source = 'videotestsrc is-live=true ! video/x-raw,format=I420,width=322,height=242,framerate=100/1'

const play = (launch: string, decode: string | null, mode: 'newest' | 'every', units: number): Promise<void> =>
  new Promise((done) => {
    let taken = 0
    let seen = 0
    const pipeline = open({
      launch,
      decode,
      mode,
      pictureSide: 160,
      onEvent: (event: PipelineEvent) => {
        if (event.type === 'accessUnit') seen += 1
        if (seen === 2) {
          pipeline.captured()
          const times = pipeline.captured().map(({ ptsNs }) => ptsNs)
          void pipeline.picturesAt(times).then((frames) => frames[0]?.close())
          for (const policy of ['keys', 'none', 'all'] as const) pipeline.decode(policy)
        }
        if (event.type === 'frame') {
          const frame = pipeline.take()
          taken += 1
          if (taken === 2) void frame?.encodeJpeg(80)
          if (taken !== 3) frame?.close()
        }
        if ((taken > 5 && seen >= units) || event.type === 'error' || event.type === 'eos') done(pipeline.stop())
      },
    })
    pipeline.accessUnits(true)
  })

const encode = async (launch: string, end: boolean): Promise<void> => {
  const encoder = openEncoder(launch)
  const caps = 'video/x-raw,format=I420,width=16,height=16,framerate=25/1'
  const push = (i: number) => encoder.push(new Uint8Array(384), caps, BigInt(i) * 40_000_000n, 40_000_000n)
  try {
    for (let i = 0; i < 5; i += 1) await push(i)
    if (end) await encoder.end()
  } catch {
  } finally {
    await encoder.close()
  }
}

for (let round = 0; round < 10; round += 1) {
  await encode('appsrc name=pictures ! jpegenc ! fakesink', true)
  await encode('appsrc name=pictures ! jpegenc ! fakesink', false)
  await encode('appsrc name=pictures ! jpegenc ! filesink location=/nowhere/file', true)
  await play(`${source} ! appsink name=frames`, null, 'newest', 0)
  for (const mode of ['every', 'newest'] as const)
    await play(`${source} ! jpegenc ! appsink name=units`, 'appsrc name=units ! jpegdec ! appsink name=frames', mode, 3)
  await play('filesrc location=/nowhere ! decodebin ! appsink name=frames', null, 'newest', 0)
  await play('videotestsrc num-buffers=2 ! video/x-raw,format=NV12 ! appsink name=frames', null, 'every', 0)
  try {
    open({
      launch: 'nosuchsource ! appsink name=frames',
      decode: null,
      mode: 'every',
      pictureSide: 64,
      onEvent: () => {},
    })
  } catch {}
  inspect(['videotestsrc', 'nosuchelement'])
}
for (let round = 0; round < 5; round += 1) {
  globalThis.gc?.()
  await turn()
}
console.log('ended')
