import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { firstFrame, watch } from './watch.ts'

const root = resolve(import.meta.dirname, '../..')
const addon = join(root, 'native/index.js')

/** Runs a program of its own to its end; what it leaves behind, a signal included, fails the test. */
const run = (source: string, flags: readonly string[] = []): Promise<string> =>
  new Promise((resolved, rejected) => {
    const prologue = `import { open } from ${JSON.stringify(addon)}\n`
    const args = [...flags, '--input-type=module', '--eval', prologue + source]
    execFile(process.execPath, args, { cwd: root, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) rejected(new Error(`${error.signal ?? error.code}: ${stderr}`))
      else resolved(stdout.trim())
    })
  })

const live =
  'videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=100/1 ! jpegenc ! appsink name=units'
const decode = 'appsrc name=units ! jpegdec ! appsink name=frames'

describe('stop', () => {
  test('in the middle of prerolling, and before anything has happened', async () => {
    for (const turns of [0, 0, 1, 2, 3]) {
      const { pipeline } = watch(live, { decode, mode: 'newest' })
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
      await pipeline.stop()
    }
    const { pipeline } = watch('fakesrc is-live=true num-buffers=0 ! identity sleep-time=1000 ! appsink name=frames')
    await pipeline.stop()
  })

  test('while the decoder waits for frames to be taken', async () => {
    const { pipeline, of, until } = watch('videotestsrc ! video/x-raw,format=I420 ! appsink name=frames')
    await until('a frame', () => of('frame').length > 0)
    const both = [pipeline.stop(), pipeline.stop()]
    await Promise.all(both)
    expect(pipeline.take()).toBeNull()
    pipeline.accessUnits(true)
    await pipeline.stop()
  })

  test('leaves taken frames valid', async () => {
    const { pipeline, of, until } = watch(
      'videotestsrc pattern=white ! video/x-raw,format=I420,width=64,height=64 ! appsink name=frames',
    )
    await until('a frame', () => of('frame').length > 0)
    const frame = pipeline.take()
    await pipeline.stop()
    expect(frame?.planes[0]?.data[64 * 63 + 63]).toBe(235)
    expect(frame?.picture.data.at(-1)).toBeGreaterThan(250)
    expect((await frame?.encodeJpeg(80))?.length).toBeGreaterThan(100)
    frame?.close()
  })

  test('from within onEvent', async () => {
    const { events, until } = watch(live, { decode, mode: 'newest', onEvent: (_, pipeline) => void pipeline.stop() })
    await until('one event', () => events.length > 0)
    await new Promise(setImmediate)
    expect(events).toHaveLength(1)
  })
})

test('views of a frame nobody closed stay valid while they are held', async () => {
  const held: Uint8Array[] = []
  for (let index = 0; index < 20; index += 1) {
    const frame = await firstFrame(
      'videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=I420,width=640,height=480 ! appsink name=frames',
    )
    const [luma] = frame.planes
    if (luma) held.push(luma.data)
  }
  expect(held.every((view) => view[640 * 479 + 639] === 235)).toBe(true)
})

test('200 pipelines leave no descriptor, no thread and no memory behind', { timeout: 120_000 }, async () => {
  const report = await run(
    `
    import { readdirSync } from 'node:fs'
    const count = (what) => readdirSync('/proc/self/' + what).length
    const once = () => new Promise((done) => {
      let taken = 0
      const pipeline = open({ launch: ${JSON.stringify(live)}, decode: ${JSON.stringify(decode)}, mode: 'newest', pictureSide: 160, onEvent: (event) => {
        if (event.type === 'accessUnit' && taken >= 2) done(pipeline.stop())
        if (event.type !== 'frame') return
        const frame = pipeline.take()
        taken += 1
        if (taken % 2) frame.encodeJpeg(70).catch(() => {})
        frame.close()
      } })
      pipeline.accessUnits(true)
    })
    const settle = async () => { for (let i = 0; i < 5; i += 1) { globalThis.gc(); await new Promise(setImmediate) } }
    for (let index = 0; index < 40; index += 1) await once()
    await settle()
    const fds = count('fd')
    const rss = [process.memoryUsage.rss()]
    for (let round = 0; round < 4; round += 1) {
      for (let index = 0; index < 50; index += 1) await once()
      await settle()
      rss.push(process.memoryUsage.rss())
    }
    const grownMb = rss.slice(1).map((bytes, index) => (bytes - rss[index]) / 2 ** 20)
    console.log(JSON.stringify({ fds: count('fd') - fds, threads: count('task'), grownMb }))
    `,
    ['--expose-gc'],
  )
  const { fds, threads, grownMb } = JSON.parse(report) as { fds: number; threads: number; grownMb: number[] }
  expect(fds).toBeLessThanOrEqual(0)
  expect(threads).toBeLessThan(40)
  // A leak grows in every round: a 320 × 240 frame of each pipeline (115 kB) would be 5.8 MB a round. What the allocator
  // takes in one go, up to 15 MB on a busy machine, it takes once.
  expect(Math.min(...grownMb)).toBeLessThan(2)
})

describe('the end of the process', () => {
  const start = (count: number) => `
    const pipelines = Array.from({ length: ${count} }, (_, index) => open({ launch: ${JSON.stringify(live)}, decode: ${JSON.stringify(decode)},
      mode: index % 2 ? 'newest' : 'every', pictureSide: 160, onEvent: (event) => event.type === 'frame' && frame() }))
    pipelines.forEach((pipeline) => pipeline.accessUnits(true))
    `

  test('process.exit() in the midst of running pipelines is clean', async () => {
    for (let round = 0; round < 5; round += 1)
      expect(await run(`let frames = 0; const frame = () => ++frames > 2 && process.exit(0)${start(4)}`)).toBe('')
  })

  test('process.exit() straight after open is clean', async () => {
    expect(await run(`const frame = () => {}${start(3)}process.exit(0)`)).toBe('')
  })

  test('a pipeline keeps the process alive until it is stopped', async () => {
    const end = `const frame = () => pipelines.forEach((pipeline) => pipeline.stop())`
    expect(await run(`${end}${start(2)}process.on('exit', () => console.log('ended'))`)).toBe('ended')
  })

  test('a pipeline nobody can reach any more is stopped by the garbage collector', async () => {
    const source = `
      (() => { open({ launch: ${JSON.stringify(live)}, decode: ${JSON.stringify(decode)}, mode: 'newest', pictureSide: 160, onEvent: () => {} }) })()
      const timer = setInterval(() => globalThis.gc(), 10)
      timer.unref()
      process.on('exit', () => console.log('ended'))`
    expect(await run(source, ['--expose-gc'])).toBe('ended')
  })

  test('a worker that ends or is terminated takes its pipelines along; the next one works', async () => {
    const source = `
      const { parentPort } = require('node:worker_threads')
      import(${JSON.stringify(addon)}).then(({ open }) => {
        const pipeline = open({ launch: ${JSON.stringify(live)}, decode: ${JSON.stringify(decode)}, mode: 'newest', pictureSide: 160, onEvent: (event) => {
          if (event.type !== 'frame') return
          globalThis.held = pipeline.take()
          parentPort.postMessage(held.seq)
        } })
      })`
    for (let round = 0; round < 3; round += 1) {
      const worker = new Worker(source, { eval: true, execArgv: process.execArgv })
      const [seq] = await new Promise<number[]>((done, failed) => {
        worker.once('message', (value: number) => done([value]))
        worker.once('error', failed)
      })
      expect(seq).toBeGreaterThanOrEqual(0)
      await worker.terminate()
    }
  })
})

test('a missing addon says so, and what to do', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-native-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  for (const folder of ['native', 'src']) mkdirSync(join(directory, folder))
  for (const file of ['native/index.js', 'native/package.json', 'src/errors.ts', 'src/text.ts'])
    cpSync(join(root, file), join(directory, file))
  cpSync(join(root, 'package.json'), join(directory, 'package.json'))
  const report = await run(`
    import(${JSON.stringify(join(directory, 'native/index.js'))}).then(({ inspect }) => {
      try { inspect([]) } catch (error) { console.log(error.name, error.code, error.remedy) }
    })`)
  expect(report).toMatch(/^RollcallError NATIVE_MISSING Install GStreamer.*npm run build:native$/)
})

test('a pipeline takes the paths of its switchbins with it, and their caps', async () => {
  // Large ones: some hundred KiB each.
  const caps = Array.from({ length: 1000 }, (_, i) => `audio/x-raw,rate=(int)${i + 1}`).join(';')
  const launch = `videotestsrc num-buffers=1 ! switchbin num-paths=2 path0::caps="video/x-raw" path0::element=identity path1::caps="${caps}" ! appsink name=frames`
  const rounds = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++) await watch(launch).pipeline.stop()
    return process.memoryUsage.rss() / 2 ** 20
  }
  const before = await rounds(10)
  expect((await rounds(60)) - before).toBeLessThan(8)
})

test('twenty pipelines at once share the heaps that glibc gave the process before them', async () => {
  // A heap of a thread is 64 MiB of addresses at a multiple of that, most of them not used yet.
  const counted = await run(`
    import { readFileSync } from 'node:fs'
    const heaps = () => {
      const areas = [...readFileSync('/proc/self/maps', 'utf8').matchAll(/^(\\w+)-(\\w+) (\\S+)/gm)]
      return areas.filter(([, from, , rights], i) => {
        const [, , to, next] = areas[i + 1] ?? []
        const [begin, bytes] = [parseInt(from, 16), parseInt(to, 16) - parseInt(from, 16)]
        return begin % 2 ** 26 === 0 && bytes === 2 ** 26 && rights === 'rw-p' && next === '---p'
      }).length
    }
    const before = heaps()
    let playing = 0
    const all = Array.from({ length: 20 }, () => open({
      launch: 'videotestsrc is-live=true ! video/x-raw,format=I420,width=16,height=16 ! queue ! appsink name=frames',
      decode: null, mode: 'newest', pictureSide: 16,
      onEvent: ({ type }) => {
        if (type !== 'frame' || ++playing !== 20) return
        console.log(before, heaps())
        for (const each of all) each.stop()
      },
    }))`)
  const [before, during] = counted.split(' ').map(Number)
  expect(before).toBeGreaterThan(0)
  // Five are Node's. Without a limit 15 on two cores, and more on more.
  expect(during).toBeLessThanOrEqual(10)
})
