/**
 * What does it cost to find a person in a gallery, how often is the right one found, and what share of a core do the
 * queries for 1,000 faces a second take? Everything on one core, each size in turn in one run.
 *
 *   npm run bench -- identity [--sizes 100,1000,10000,100000] [--queries N] [--usearch]
 */
import { parseArgs } from 'node:util'
import { replay } from '../src/evaluate/replay.ts'
import { levels, simulatePeople } from '../src/evaluate/simulated-people.ts'
import { createSearch, type Neighbour } from '../src/identity/search/search.ts'
import { gaussianFrom, seededRandom } from '../src/math/seeded-random.ts'
import { unit } from '../src/math/vector.ts'
import { countCalls } from './count-calls.ts'

const dimensions = 128
/** As many as the engine asks for: people.ts compares so many exactly. */
const wanted = 16
/** Cosines of a query and the person it is of: what two tracks of one person have. */
const [leastAlike, mostAlike] = [0.45, 0.95]
const rounds = 5
const facesPerSecond = 1000
const peopleOfSite = 10_000
/** Of simulated people, to count how often the engine asks: counting takes V8 far longer than answering. */
const scenes = 60

type Nearest = (query: Float32Array) => Pick<Neighbour, 'key'>[]

/** CPU time of a query, µs: that of the fastest round, for what is slower was disturbed. */
const usOf = (nearest: Nearest, queries: readonly Float32Array[]): number => {
  const run = (): number => {
    const before = process.cpuUsage()
    for (const query of queries) nearest(query)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / queries.length
  }
  run()
  return Math.min(...Array.from({ length: rounds }, run))
}

/** Somebody of the gallery, seen from elsewhere. */
const queriesOf = (people: readonly Float32Array[], count: number, random: () => number): Float32Array[] => {
  const gaussian = gaussianFrom(random)
  return Array.from({ length: count }, () => {
    const person = people[Math.floor(random() * people.length)] as Float32Array
    const off = unit(Float32Array.from(person, gaussian)) as Float32Array
    const cosine = leastAlike + (mostAlike - leastAlike) * random()
    const [near, far] = [cosine, Math.sqrt(1 - cosine ** 2)]
    return unit(person.map((value, d) => near * value + far * (off[d] ?? 0))) as Float32Array
  })
}

/** The graph that was measured before there was a scan: docs/decisions/0010-scan-instead-of-a-graph.md. */
const graphOf = async (people: readonly Float32Array[]): Promise<Nearest> => {
  const { Index, MetricKind, ScalarKind } = await import('usearch')
  const graph = { connectivity: 16, expansion_add: 128, expansion_search: 64 }
  const vectors = { dimensions, metric: MetricKind.IP, quantization: ScalarKind.F32, multi: false }
  const index = new Index({ ...vectors, ...graph })
  for (const [key, vector] of people.entries()) index.add(BigInt(key), vector)
  return (query) => Array.from(index.search(query, wanted, 1).keys, (key) => ({ key: Number(key) }))
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: '100,1000,10000,100000' },
      queries: { type: 'string', default: '500' },
      usearch: { type: 'boolean' },
    },
  })
  const random = seededRandom(1)
  const gaussian = gaussianFrom(random)
  const us = new Map<number, number>()
  for (const size of values.sizes.split(',').map(Number)) {
    const people = Array.from({ length: size }, () => unit(Float32Array.from({ length: dimensions }, gaussian)))
    const vectors = people.flatMap((vector) => vector ?? [])
    const [search, exact] = [createSearch(dimensions), createSearch(dimensions, { exactUpTo: Infinity })]
    for (const [key, vector] of vectors.entries()) {
      search.set(key, vector)
      exact.set(key, vector)
    }
    const queries = queriesOf(vectors, Number(values.queries), random)
    const truth = queries.map((query) => exact.nearest(query, 1, () => true)[0]?.key)
    const tell = (name: string, nearest: Nearest): number => {
      const time = usOf(nearest, queries)
      const right = queries.filter((query, i) => nearest(query)[0]?.key === truth[i]).length
      console.error(`${name}, ${size} people: ${time.toFixed(1)} µs of CPU a query, recall@1 ${right / queries.length}`)
      console.log(`${name}_us_${size} ${time.toFixed(2)}`)
      console.log(`${name}_recall_${size} ${(right / queries.length).toFixed(4)}`)
      return time
    }
    us.set(
      size,
      tell('query', (query) => search.nearest(query, wanted, () => true)),
    )
    if (values.usearch) tell('usearch', await graphOf(vectors))
  }
  const frames = simulatePeople(levels.easier, 1, scenes)
  const faces = frames.reduce((sum, frame) => sum + frame.faces.length, 0)
  const asked = await countCalls('/src/identity/search/search.ts', 'nearest', () => void replay(frames))
  console.error(`${(asked / faces).toFixed(2)} queries a face, ${faces} simulated faces, each with its embedding`)
  console.log(`queries_per_face ${(asked / faces).toFixed(3)}`)
  const [site, small, large] = [us.get(peopleOfSite), us.get(1000), us.get(100_000)]
  if (site !== undefined) console.log(`core_share ${((site * facesPerSecond * asked) / faces / 1e6).toFixed(3)}`)
  if (small !== undefined && large !== undefined) console.log(`growth_1k_to_100k ${(large / small).toFixed(1)}`)
}
