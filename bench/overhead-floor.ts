/** A child process of the overhead benchmark: bare decoding, then bare model runs; answers with the CPU time of each. */
import { Tensor } from 'onnxruntime-node'
import { open } from '../native/index.js'
import { chooseModel, describeModels } from '../src/vision/model-files.ts'
import { openSession } from '../src/vision/session.ts'
import { cpuMsOf } from './cpu-time.ts'
import { linesOfFile } from './file-lines.ts'

interface Task {
  readonly clip: string
  readonly models: string
  readonly frames: number
  readonly embeddings: number
  /** Size of the detector's input. */
  readonly canvas: { readonly width: number; readonly height: number }
}

/** Rollcall's own launch lines with a fakesink where its frames would leave GStreamer. */
const decode = async (clip: string): Promise<number> => {
  const lines = await linesOfFile(clip, false)
  const before = cpuMsOf(process.pid)
  await new Promise<void>((resolve, reject) => {
    const pipeline = open({
      // The addon wants its appsink; this one never gets a frame.
      launch: lines.receive,
      decode: `${lines.decode.replace('appsink name=frames', 'fakesink sync=false')} videotestsrc num-buffers=0 ! appsink name=frames`,
      mode: 'every',
      pictureSide: 640,
      onEvent: (event) => {
        if (event.type === 'error') reject(new Error(event.message))
        if (event.type === 'eos') pipeline.stop().then(resolve, reject)
      },
    })
  })
  return cpuMsOf(process.pid) - before
}

/** As many runs of one model as there were, on one input, with the session options of Rollcall. */
const infer = async (directory: string, role: 'detector' | 'embedder', dims: readonly number[], runs: number) => {
  const model = chooseModel(await describeModels(directory), directory, role, 'auto')
  const usual = { width: dims[3] ?? 0, height: dims[2] ?? 0 }
  const options = { providers: ['cpu'], threads: 1, usual, onFallback: () => {} } as const
  const { session } = await openSession(model, options, async () => {})
  const size = dims.reduce((product, dim) => product * dim, 1)
  const input = new Tensor('float32', new Float32Array(size).fill(0.5), dims)
  const feeds = { [session.inputNames[0] as string]: input }
  for (let i = 0; i < 5; i++) await session.run(feeds)
  const before = cpuMsOf(process.pid)
  for (let i = 0; i < runs; i++) await session.run(feeds)
  return cpuMsOf(process.pid) - before
}

process.once('message', async ({ clip, models, frames, embeddings, canvas }: Task) => {
  const decodeMs = await decode(clip)
  const detectMs = await infer(models, 'detector', [1, 3, canvas.height, canvas.width], frames)
  const embedMs = await infer(models, 'embedder', [1, 3, 112, 112], embeddings)
  process.send?.({ decodeMs, inferMs: detectMs + embedMs }, () => process.disconnect())
})
