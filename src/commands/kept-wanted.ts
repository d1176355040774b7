import type { Config } from '../config/config.ts'
import { givenCameras } from '../config/given-cameras.ts'
import { describeError } from '../errors.ts'
import { kafkaClient } from '../kafka/client.ts'
import { openWantedCameras, type WantedCameras } from '../placement/keep-wanted.ts'
import type { SeamTarget } from '../seam/options.ts'
import type { Log } from '../types.ts'

/** The cameras of the configuration file as vision processes are told to watch them. */
export interface KeptWanted {
  /** From now on: whoever does not have the people of the site must not say which cameras are wanted. */
  readonly begin: () => void
  /** Reads the file again. What is wrong with it is logged, and what was read before stays. */
  readonly reread: () => void
  readonly close: () => Promise<void>
}

/** How long until what failed is tried again. */
const AGAIN_AFTER_MS = 5000

/**
 * Keeps Kafka's list of wanted cameras as the file says, from `begin` on; while the brokers are away, it tries again. Throws
 * CONFIG_INVALID for a camera whose password stands in the file.
 */
export const keepWanted = (
  { site, seam: { cameraSlots: slots } }: Pick<Config, 'site' | 'seam'>,
  { seam, file, log }: { readonly seam: SeamTarget; readonly file: string; readonly log: Log },
): KeptWanted | null => {
  if (slots === null) return null
  const { topicPrefix, createTopics, replicationFactor } = seam
  let cameras = givenCameras(file)
  let wanted: WantedCameras | null = null
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const keep = async (): Promise<void> => {
    clearTimeout(timer)
    try {
      const kafka = kafkaClient(seam, log, {}, 'seam.kafka')
      wanted ??= await openWantedCameras({ kafka, topicPrefix, site, slots, createTopics, replicationFactor, log })
      const left = await wanted.keep(cameras)
      if (left.length > 0) log.error({ cameras: left }, 'there is no slot for these cameras: nobody opens them')
      else log.info({ cameras: cameras.size }, 'vision processes know which cameras are wanted')
    } catch (error) {
      log.warn({ error: describeError(error) }, 'vision processes could not be told which cameras are wanted')
      if (!isClosed) timer = setTimeout(next, AGAIN_AFTER_MS)
    }
  }
  let last = Promise.resolve()
  const next = (): void => {
    last = last.then(keep)
  }
  return {
    begin: next,
    reread: () => {
      try {
        cameras = givenCameras(file)
        next()
      } catch (error) {
        log.error({ error: describeError(error) }, 'the cameras stay as they were')
      }
    },
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await last
      await wanted?.close()
    },
  }
}
