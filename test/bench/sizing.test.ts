import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import figures from '../../bench/scale/figures.json' with { type: 'json' }
import { assumed, type Figures, sizing, sizingText } from '../../bench/scale/sizing.ts'

const round: Figures = {
  machine: 'a machine of round numbers',
  visionMsAFrame: 12,
  identity: { fixedMs: 50, msAFace: 0.5, memoryMb: 200 },
  wire: { frame: 200, face: 300 },
  bytesAPerson: 2000,
  latency: [],
  takeOverSeconds: 7,
  seam: { kafkaUs: 250, bareUs: 250, ipcUs: 50, ratio: 1 },
}

test('machines follow from what was measured', () => {
  // 1,000 cameras: 5,000 frames a second, each 12 ms and 500 bytes; 100 sites of 10 cameras with 50 faces a second.
  expect(sizing(round, 1000, 100)).toEqual({
    cameras: 1000,
    sites: 100,
    visionCores: 100,
    visionMachines: 7,
    coreOfSite: 0.075,
    identityCores: 12.5,
    identityMemoryGb: 20,
    facesMbPerSecond: 2.5,
    brokersNetworkMbPerSecond: 10,
    facesGb: 27,
    peopleGb: 2,
    partitions: 100 * (13 + 2 + assumed.partitionsOfEvents),
    brokers: 3,
  })
})

test('as many brokers as partitions or bytes want', () => {
  expect(sizing(round, 100_000, 2000).brokers).toBe(120)
  expect(sizing({ ...round, wire: { frame: 20_000, face: 300 } }, 10_000, 10).brokers).toBe(68)
})

test('the table of docs/scale.md is that of the figures that were kept', () => {
  const sizes = [
    { cameras: 500, sites: 4 },
    { cameras: 10_000, sites: 200 },
    { cameras: 100_000, sites: 2000 },
  ]
  const docs = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8')
  expect(docs).toContain(sizingText(figures, sizes))
  expect(docs).toContain(figures.machine)
})
