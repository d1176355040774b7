import { expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { faultsOf } from '../schemas/validate.ts'
import { site, useRecordings } from '../site/whole-site.ts'
import { type OtlpSpan, openCollector } from './collector.ts'

const recordings = useRecordings()

const startOf = ({ startTimeUnixNano }: OtlpSpan): bigint => BigInt(startTimeUnixNano)
const endOf = ({ endTimeUnixNano }: OtlpSpan): bigint => BigInt(endTimeUnixNano)

/** The span of a name in a trace, of which there is one. */
const only = (trace: readonly OtlpSpan[], name: string): OtlpSpan => {
  const [span, more] = trace.filter((each) => each.name === name)
  if (span === undefined || more)
    throw new Error(`expected one span ${name} in ${trace.map((each) => each.name).join()}`)
  return span
}

test('one trace has a frame’s whole way through both processes, its events name it, and nobody is named in it', async () => {
  const collector = await openCollector()
  const here = site({
    cameras: { cafe: { url: recordings.cafe } },
    telemetry: { traces: { endpoint: collector.endpoint, sample: 1 } },
  })
  await (await here.start()).done

  const events = here.events()
  const created = events.find(({ type }) => type === 'rollcall.person.created.v1') as RollcallEvent
  const [, traceId, frameId] = /^00-(.{32})-(.{16})-01$/.exec(created.traceparent ?? '') ?? []
  const trace = collector.spans.filter((span) => span.traceId === traceId)
  const frame = only(trace, 'frame')
  expect([frame.spanId, frame.parentSpanId ?? '']).toEqual([frameId, ''])

  const batch = only(trace, 'batch')
  const stages = ['detect', 'track', 'embed']
  expect(stages.map((name) => only(trace, name).parentSpanId)).toEqual(stages.map(() => batch.spanId))
  const below = ['wait', 'batch', 'identify', 'commit', 'publish file']
  expect(below.map((name) => only(trace, name).parentSpanId)).toEqual(below.map(() => frameId))
  expect(['frame', 'batch', 'embed'].map((name) => only(trace, name).process)).toEqual(stages.map(() => 'vision-1'))
  expect(['identify', 'commit'].map((name) => only(trace, name).process)).toEqual(['main', 'main'])

  // Clocks of processes agree to a millisecond only.
  const slack = 2_000_000n
  const inOrder = ['wait', 'detect', 'track', 'embed', 'identify', 'commit', 'publish file']
  for (const [i, name] of inOrder.slice(1).entries()) {
    const [before, after] = [only(trace, inOrder[i] as string), only(trace, name)]
    expect(endOf(before), `${inOrder[i]} before ${name}`).toBeLessThanOrEqual(startOf(after) + slack)
  }

  expect(events.flatMap((event) => faultsOf(event))).toEqual([])
  // All events of this frame and no others.
  const its = events.filter(({ traceparent }) => traceparent === created.traceparent)
  expect(its.filter(({ type }) => type === 'rollcall.frame.v1')).toHaveLength(1)
  const frames = events.filter(({ type }) => type === 'rollcall.frame.v1')
  expect(new Set(frames.map(({ traceparent }) => traceparent)).size).toBe(frames.length)

  const told = collector.bodies.join('\n')
  expect(told).toMatch(/^POST \/v1\/traces /)
  for (const { subject, type } of events) if (type === 'rollcall.person.created.v1') expect(told).not.toContain(subject)
  expect(told).not.toContain(here.file)
  const keys = new Set(collector.spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))
  const allowed = ['rollcall.batch.frames', 'rollcall.camera', 'rollcall.frame', 'rollcall.stream']
  expect([...keys].sort()).toEqual(allowed)
  const resource = new Set([...told.matchAll(/"key":"((?!rollcall)[^"]+)"/g)].map(([, key]) => key))
  expect([...resource].sort()).toEqual(['service.instance.id', 'service.name', 'service.namespace', 'service.version'])
}, 180_000)
