import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inspect, type OpenOptions, open } from '../../native/index.js'
import { watch } from './watch.ts'

const temporary = (name: string, content: string | Uint8Array): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-native-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

describe('errors come with domain, code, message, debug and element', () => {
  test('a file that is not there', async () => {
    const { of, until } = watch('filesrc name=reader location=/nowhere/clip.mp4 ! decodebin ! appsink name=frames')
    await until('an error', () => of('error').length > 0)
    const [error] = of('error')
    expect(error).toMatchObject({ domain: 'gst-resource-error-quark', code: 3, element: 'reader' })
    expect(error?.message).toBe('Resource not found.')
    expect(error?.debug).toMatch(/gstfilesrc\.c[\s\S]*\/nowhere\/clip\.mp4/)
  })

  test('a file that is no video', async () => {
    const path = temporary('clip.mp4', 'These are words, not pictures.\n'.repeat(50))
    const { of, until } = watch(`filesrc location=${path} ! decodebin ! appsink name=frames`)
    await until('an error', () => of('error').length > 0)
    expect(of('error')[0]).toMatchObject({
      domain: 'gst-stream-error-quark',
      element: expect.stringContaining('decodebin'),
    })
  })

  test('a format that the frames cannot have', async () => {
    const { of, until } = watch('videotestsrc ! video/x-raw,format=RGB ! appsink name=frames')
    await until('an error', () => of('error').length > 0)
    expect(of('error')[0]).toMatchObject({ domain: 'gst-stream-error-quark', code: 1 })
  })

  test('a server that refuses', async () => {
    const { of, until } = watch(
      'rtspsrc location=rtsp://127.0.0.1:9/none protocols=tcp ! decodebin ! appsink name=frames',
    )
    await until('an error', () => of('error').length > 0)
    expect(of('error')[0]).toMatchObject({ domain: 'gst-resource-error-quark', code: 7 })
  })

  test('a warning is no error: the pipeline goes on to its end', async () => {
    const { of, until } = watch(
      `videotestsrc num-buffers=20 ! video/x-raw,format=I420,width=64,height=64 ! rtpvrawpay mtu=600
       ! breakmydata set-to=0 probability=0.4 seed=1 ! rtpvrawdepay name=depay ! appsink name=frames`,
      { mode: 'newest' },
    )
    await until('eos', () => of('eos').length > 0)
    expect(of('warning')[0]).toMatchObject({ domain: 'gst-stream-error-quark', code: 7, element: 'depay' })
    expect(of('warning')[0]?.debug).toContain('invalid RTP payload')
    expect(of('error')).toEqual([])
  })
})

test('states are those of the pipeline, in order', async () => {
  const { of, until } = watch('videotestsrc ! video/x-raw,format=I420 ! appsink name=frames', { mode: 'newest' })
  await until('playing', () => of('state').some(({ state }) => state === 'playing'))
  expect(of('state').map(({ state }) => state)).toEqual(['ready', 'paused', 'playing'])
})

test('no event follows stop', async () => {
  const { pipeline, events, of, until } = watch(
    'videotestsrc is-live=true ! video/x-raw,format=I420,framerate=100/1,width=64,height=64 ! appsink name=frames',
    {
      mode: 'newest',
      onEvent: (event, live) => {
        if (event.type === 'frame') live.take()?.close()
      },
    },
  )
  await until('frames', () => of('frame').length > 3)
  const stopped = pipeline.stop()
  const count = events.length
  await stopped
  await pipeline.stop()
  expect(events).toHaveLength(count)
})

describe('open throws', () => {
  const options = (launch: string, decode: string | null = null): OpenOptions => ({
    launch,
    decode,
    mode: 'newest',
    pictureSide: 64,
    onEvent: () => {},
  })

  test.each([
    ['a missing element, by name', 'nosuchsource ! appsink name=frames', /no element "nosuchsource"/],
    ['a property that does not exist', 'videotestsrc colour=red ! appsink name=frames', /no property "colour"/],
    ['a broken line', 'videotestsrc ! ! appsink name=frames', /syntax error/],
    ['an empty line', '', /empty/],
    ['no appsink called frames', 'videotestsrc ! fakesink', /no appsink named 'frames'/],
    ['another element called frames', 'videotestsrc ! fakesink name=frames', /'frames' is not an appsink/],
    ['a lone element', 'appsink name=frames', /single element/],
  ])('for %s', (_, launch, message) => {
    expect(() => open(options(launch))).toThrow(message)
  })

  const frames = 'appsrc name=units ! appsink name=frames'
  test.each([
    ['no appsink called units', 'videotestsrc ! fakesink', frames, /no appsink named 'units'/],
    ['another element called units', 'videotestsrc name=units ! fakesink', frames, /'units' is not an appsink/],
    ['a missing decoder, by name', 'fakesrc ! appsink name=units', 'appsrc name=units ! none', /no element "none"/],
    [
      'no appsrc called units',
      'fakesrc ! appsink name=units',
      'appsrc ! appsink name=frames',
      /no appsrc named 'units'/,
    ],
    ['no decoded frames', 'fakesrc ! appsink name=units', 'appsrc name=units ! fakesink', /no appsink named 'frames'/],
  ])('for %s', (_, launch, decode, message) => {
    expect(() => open(options(launch, decode))).toThrow(message)
  })

  test.each([
    ['launch', { launch: 7 }],
    ['decode', { decode: 7 }],
    ['policy', { policy: 'some' }],
    ['ringMs', { ringMs: 0 }],
    ['ringBytes', { ringBytes: 'much' }],
    ['maxBlindMs', { maxBlindMs: -1 }],
    ['maxLagMs', { maxLagMs: Number.NaN }],
    ['mode', { mode: 'latest' }],
    ['pictureSide', { pictureSide: 0 }],
    ['pictureSide', { pictureSide: Number.NaN }],
    ['onEvent', { onEvent: null }],
  ])('a TypeError that names %s', (field, wrong) => {
    const all = { ...options('videotestsrc ! appsink name=frames'), ...wrong } as unknown as OpenOptions
    expect(() => open(all)).toThrow(TypeError)
    expect(() => open(all)).toThrow(new RegExp(`open: ${field} must be`))
  })
})

test('inspect tells the version and what can be created', () => {
  const { version, elements } = inspect(['videotestsrc', 'nosuchelement'])
  expect(version).toMatch(/^1\.\d+\.\d+$/)
  expect(elements).toEqual({ videotestsrc: true, nosuchelement: false })
})
