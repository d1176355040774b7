import { interval, type Subscription } from 'rxjs'
import type { Config } from '../config/config.ts'
import { givenCameras, overDefaults } from '../config/given-cameras.ts'
import { describeError } from '../errors.ts'
import { kafkaClient } from '../kafka/client.ts'
import { openWantedCameras, type WantedCameras } from '../placement/keep-wanted.ts'
import type { WantedAs } from '../placement/slots.ts'
import type { SeamTarget } from '../seam/options.ts'
import type { PlacedList } from '../site/cameras/cameras-elsewhere.ts'
import type { SavedCameras } from '../site/cameras/saved-cameras.ts'
import type { CameraId, Log } from '../types.ts'

/** Kafka's list of the cameras that vision processes are to watch: those of the file, of the command line, and added ones. */
export interface KeptWanted {
  /** From now on, while this process has the people of the site: whoever does not must not say which cameras are wanted. */
  readonly begin: (placed: PlacedList) => void
  /** Reads the file again. What is wrong with it is logged, and what was read before stays. */
  readonly reread: () => void
  readonly close: () => Promise<void>
}

/** What is kept, and where. */
export interface KeptWantedParts {
  readonly seam: SeamTarget
  readonly file: string
  /** Cameras of the command line. */
  readonly urls?: ReadonlyMap<CameraId, string>
  readonly log: Log
}

/** How often it looks whether this process has the people of the site. */
const LOOK_EVERY_MS = 500
/** How long until what failed is tried again. */
const AGAIN_AFTER_MS = 5000

/**
 * Keeps Kafka's list of wanted cameras as the file and the site say, from `begin` on; while the brokers are away, it tries again. Added
 * and paused cameras are taken from there when this process becomes the one that writes. Throws CONFIG_INVALID for a camera whose
 * password stands in the file.
 */
export const keepWanted = (
  { site, seam: { cameraSlots: slots } }: Pick<Config, 'site' | 'seam'>,
  { seam, file, urls, log }: KeptWantedParts,
): KeptWanted | null => {
  if (slots === null) return null
  const { topicPrefix, createTopics, replicationFactor } = seam
  let named = givenCameras(file, urls)
  let wanted: WantedCameras | null = null
  /** Whether the site has what Kafka has, so that Kafka may be given what the site has. */
  let isCurrent = false
  let isDue = true
  let notBeforeMs = 0
  let last = Promise.resolve(true)
  let looking: Subscription | undefined

  const keep = async (placed: PlacedList): Promise<void> => {
    const kafka = kafkaClient(seam, log, {}, 'seam.kafka')
    wanted ??= await openWantedCameras({ kafka, topicPrefix, site, slots, createTopics, replicationFactor, log })
    if (!isCurrent) placed.adopt(savedIn(wanted.now()))
    isCurrent = true
    const cameras = wantedOf(named, placed.saved(), (name, keys) => overDefaults(file, name, keys))
    const left = await wanted.keep(cameras)
    if (left.length > 0) log.error({ cameras: left }, 'there is no slot for these cameras: nobody opens them')
    else log.info({ cameras: cameras.size }, 'vision processes know which cameras are wanted')
  }
  /** Whether Kafka has what the site has. */
  const look = async (placed: PlacedList): Promise<boolean> => {
    // Another process may change the list meanwhile.
    if (!placed.isOwner()) isCurrent = false
    if (isCurrent && !isDue) return true
    if (!placed.isOwner() || performance.now() < notBeforeMs) return false
    isDue = false
    try {
      await keep(placed)
      return true
    } catch (error) {
      log.warn({ error: describeError(error) }, 'vision processes could not be told which cameras are wanted')
      isDue = true
      notBeforeMs = performance.now() + AGAIN_AFTER_MS
      return false
    }
  }
  return {
    begin: (placed) => {
      const next = (): Promise<boolean> => {
        last = last.then(() => look(placed))
        return last
      }
      looking = interval(LOOK_EVERY_MS).subscribe(() => void next())
      placed.onChange(() => {
        isDue = true
        return next()
      })
      void next()
    },
    reread: () => {
      try {
        named = givenCameras(file, urls)
        isDue = true
      } catch (error) {
        log.error({ error: describeError(error) }, 'the cameras stay as they were')
      }
    },
    close: async () => {
      looking?.unsubscribe()
      await last
      await wanted?.close()
    },
  }
}

/** Added and paused cameras, as Kafka has them. */
const savedIn = (wanted: ReadonlyMap<CameraId, WantedAs>): SavedCameras => {
  const all = [...wanted]
  return {
    cameras: Object.fromEntries(
      all.flatMap(([name, { added, paused }]) =>
        added ? [[name, { camera: { ...added }, paused: paused === true }]] : [],
      ),
    ),
    paused: all.flatMap(([name, { added, paused }]) => (paused && !added ? [name] : [])),
  }
}

/** A name in both is the configuration's. */
const wantedOf = (
  named: ReadonlyMap<CameraId, WantedAs['keys']>,
  { cameras, paused }: SavedCameras,
  whole: (name: CameraId, keys: WantedAs['keys']) => WantedAs['keys'],
): ReadonlyMap<CameraId, WantedAs> => {
  const marked = (isPaused: boolean) => (isPaused ? { paused: true as const } : {})
  const added = Object.entries(cameras).map(([name, { camera, paused: isPaused }]) => {
    return [name, { keys: whole(name, camera), added: camera, ...marked(isPaused) }] as const
  })
  const ofFile = [...named].map(([name, keys]) => [name, { keys, ...marked(paused.includes(name)) }] as const)
  return new Map<CameraId, WantedAs>([...added, ...ofFile])
}
