import { expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { countProcesses, thisMachine } from '../../src/site/process-count.ts'

const config = (vision: object = {}, models: object = {}) => configSchema.parse({ vision, models })
const machine = { cores: 4, memoryMiB: 16_384, hasGpu: false }

test('one process for each core, as far as there is memory', () => {
  expect(countProcesses(config(), machine)).toEqual({ processes: 4, short: null })
  expect(countProcesses(config(), { ...machine, memoryMiB: 1100 }).processes).toBe(4)
  expect(countProcesses(config(), { ...machine, memoryMiB: 1024 })).toEqual({
    processes: 3,
    short: '1024 MiB of memory are enough for 3 of 4 vision processes, about 220 MiB each',
  })
  expect(countProcesses(config(), { ...machine, memoryMiB: 512 }).processes).toBe(1)
})

test('says when even one does not fit, or as many as are configured, and goes on', () => {
  expect(countProcesses(config(), { ...machine, memoryMiB: 256 })).toEqual({
    processes: 1,
    short: '256 MiB of memory may be too little: 1 vision processes and the rest take about 440 MiB',
  })
  expect(countProcesses(config({ processes: 4 }), { ...machine, memoryMiB: 512 })).toMatchObject({
    processes: 4,
    short: expect.stringContaining('take about 1100 MiB'),
  })
})

test('one process on a GPU, unless models run on the CPU', () => {
  expect(countProcesses(config(), { ...machine, hasGpu: true }).processes).toBe(1)
  expect(countProcesses(config({}, { providers: ['cpu'] }), { ...machine, hasGpu: true }).processes).toBe(4)
})

test('this machine has memory and cores', () => {
  const { cores, memoryMiB } = thisMachine()
  expect(cores).toBeGreaterThan(0)
  expect(memoryMiB).toBeGreaterThan(200)
  expect(memoryMiB).toBeLessThan(2 ** 25)
})
