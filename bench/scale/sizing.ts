/** What `npm run bench -- scale` has measured on one machine, for `sizing`. */
export interface Figures {
  /** Where and when it was measured. */
  readonly machine: string
  /** CPU of a vision process for an analysed frame of the project's footage, ms. */
  readonly visionMsAFrame: number
  /** CPU of an identity process in a second, ms: `fixed` whatever comes, and so much for each face with its frame. */
  readonly identity: { readonly fixedMs: number; readonly msAFace: number; readonly memoryMb: number }
  /** Bytes between a broker and a client, sealed: a frame without its faces, and each face. */
  readonly wire: { readonly frame: number; readonly face: number }
  /** State on disk for each person, bytes. */
  readonly bytesAPerson: number
  /** From a face sent to its event written, at a site of so many cameras. */
  readonly latency: readonly { readonly cameras: number; readonly p50Ms: number; readonly p99Ms: number }[]
  /** From kill -9 of the identity process to the first event of the one that stands by. */
  readonly takeOverSeconds: number
  /** CPU of a message at both ends together, µs: over Kafka, by the bare client, between processes; the first over the second. */
  readonly seam: { readonly kafkaUs: number; readonly bareUs: number; readonly ipcUs: number; readonly ratio: number }
}

/** What is assumed of cameras and machines. */
export const assumed = {
  /** Analysed frames of a camera in a second: three where nobody is, eight where all are known, more where somebody comes. */
  framesPerSecond: 5,
  /** Faces in a frame, in the mean. */
  facesPerFrame: 1,
  peopleOfSite: 10_000,
  coresOfMachine: 16,
  /** Of a core or a network that is planned for. */
  share: 0.6,
  replicas: 3,
  /** Partition replicas that a broker carries well (Apache Kafka's operators plan with 4,000). */
  replicasOfBroker: 4000,
  /** What a broker's network and disk take, MB a second. */
  brokerMbPerSecond: 100,
  retentionSeconds: 3600,
  /** Slots for cameras that there will be. */
  slotsOfCamera: 1.25,
  /** Partitions of a site beside slots, faces and people: events, in five topics of three. */
  partitionsOfEvents: 15,
} as const

/** What so many cameras need. */
export interface Sizing {
  readonly cameras: number
  readonly sites: number
  readonly visionCores: number
  readonly visionMachines: number
  /** Share of one core that the identity process of a site takes; its events are made by one thread. */
  readonly coreOfSite: number
  readonly identityCores: number
  readonly identityMemoryGb: number
  readonly facesMbPerSecond: number
  readonly brokersNetworkMbPerSecond: number
  readonly facesGb: number
  readonly peopleGb: number
  readonly partitions: number
  readonly brokers: number
}

/** The machines for so many cameras in so many sites of equal size. */
export const sizing = ({ identity, wire, ...figures }: Figures, cameras: number, sites: number): Sizing => {
  const framesPerSecond = cameras * assumed.framesPerSecond
  const visionCores = (framesPerSecond * figures.visionMsAFrame) / 1000 / assumed.share
  const facesOfSite = (framesPerSecond * assumed.facesPerFrame) / sites
  const coreOfSite = (identity.fixedMs + facesOfSite * identity.msAFace) / 1000
  const facesMbPerSecond = (framesPerSecond * (wire.frame + assumed.facesPerFrame * wire.face)) / 1e6
  // In once, to each other copy, and out to the identity process.
  const brokersNetworkMbPerSecond = facesMbPerSecond * (assumed.replicas + 1)
  const partitions = sites * (Math.ceil((cameras / sites) * assumed.slotsOfCamera) + 2 + assumed.partitionsOfEvents)
  const brokers = Math.max(
    assumed.replicas,
    Math.ceil((partitions * assumed.replicas) / assumed.replicasOfBroker),
    Math.ceil(brokersNetworkMbPerSecond / assumed.brokerMbPerSecond / assumed.share),
  )
  return {
    cameras,
    sites,
    visionCores,
    visionMachines: Math.ceil(visionCores / assumed.coresOfMachine),
    coreOfSite,
    identityCores: (sites * coreOfSite) / assumed.share,
    identityMemoryGb: (sites * identity.memoryMb) / 1000,
    facesMbPerSecond,
    brokersNetworkMbPerSecond,
    facesGb: (facesMbPerSecond * assumed.retentionSeconds * assumed.replicas) / 1000,
    peopleGb: (sites * assumed.peopleOfSite * figures.bytesAPerson) / 1e9,
    partitions,
    brokers,
  }
}

/** Two digits that count. */
const round = (value: number): string =>
  (value >= 100 ? Math.ceil(value) : Number(value.toPrecision(2))).toLocaleString('en')

const rows: readonly (readonly [string, (size: Sizing) => string])[] = [
  ['cameras in sites', ({ cameras, sites }) => `${round(cameras)} in ${round(sites)}`],
  ['vision: cores', ({ visionCores }) => round(visionCores)],
  [`vision: machines of ${assumed.coresOfMachine} cores`, ({ visionMachines }) => round(visionMachines)],
  ['identity: of one core, a site', ({ coreOfSite }) => round(coreOfSite)],
  ['identity: cores', ({ identityCores }) => round(identityCores)],
  ['identity: memory, GB', ({ identityMemoryGb }) => round(identityMemoryGb)],
  ['Kafka: partitions', ({ partitions }) => round(partitions)],
  ['Kafka: brokers', ({ brokers }) => round(brokers)],
  ['network: faces, MB a second', ({ facesMbPerSecond }) => round(facesMbPerSecond)],
  ['network: all brokers, MB a second', ({ brokersNetworkMbPerSecond }) => round(brokersNetworkMbPerSecond)],
  ['disk: faces of an hour in all copies, GB', ({ facesGb }) => round(facesGb)],
  ['disk: people, GB', ({ peopleGb }) => round(peopleGb)],
]

const tableOf = (figures: Figures, wanted: readonly { cameras: number; sites: number }[]): string => {
  const sizes = wanted.map(({ cameras, sites }) => sizing(figures, cameras, sites))
  const cells = rows.map(([name, cell]) => [name, ...sizes.map(cell)])
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = cells
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}

/** How `sizing` computes, with what was measured. */
const formulas = ({ visionMsAFrame, identity, wire, seam, ...figures }: Figures): readonly string[] => {
  const { framesPerSecond: fps, share, replicas, slotsOfCamera, partitionsOfEvents, replicasOfBroker } = assumed
  const most = (share * 1000 - identity.fixedMs) / identity.msAFace / fps / assumed.facesPerFrame
  const ages = figures.latency.map(
    ({ cameras, p50Ms, p99Ms }) => `${cameras} cameras ${round(p50Ms)} and ${round(p99Ms)}`,
  )
  return [
    `Measured: a message of the seam takes ${round(seam.kafkaUs)} µs of CPU over Kafka, both ends together, ${round(seam.bareUs)} with kafkajs alone (median of the ratios ${round(seam.ratio)}), ${round(seam.ipcUs)} between processes of a machine.`,
    `Measured: from a face sent to its event written, p50 and p99 in ms: ${ages.join('; ')}. From kill -9 of identity to the first event of the one that stands by, six seconds of them for Kafka to miss it: ${round(figures.takeOverSeconds)} s.`,
    `Assumed: ${fps} analysed frames a second and camera, ${assumed.facesPerFrame} face in each, ${round(assumed.peopleOfSite)} people a site, ${share} of each core and network used.`,
    `Vision, cores: cameras × ${fps} × ${round(visionMsAFrame)} ms a frame ÷ ${share}.`,
    `Identity, of one core a site: ${round(identity.fixedMs)} ms a second + faces a second × ${round(identity.msAFace)} ms; so a site has ${Math.floor(most)} such cameras at most.`,
    `Network, faces: cameras × ${fps} × (${wire.frame.toFixed(0)} bytes a frame + ${wire.face.toFixed(0)} a face), sealed, with the framing of Kafka; all brokers: in once, to ${replicas - 1} other copies, out once.`,
    `Partitions a site: ${slotsOfCamera} slots a camera + 1 of faces + 1 of people + ${partitionsOfEvents} of events. Brokers: ${replicas} copies of each ÷ ${round(replicasOfBroker)} a broker, or the network ÷ ${assumed.brokerMbPerSecond} MB a second ÷ ${share}; ${replicas} at least.`,
  ]
}

/** The table of docs/scale.md, and how it is computed. */
export const sizingText = (figures: Figures, wanted: readonly { cameras: number; sites: number }[]): string =>
  [tableOf(figures, wanted), '', ...formulas(figures).map((line) => `- ${line}`)].join('\n')
