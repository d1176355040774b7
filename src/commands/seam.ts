import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import type { SeamTarget } from '../seam/options.ts'

/** Where the roles meet. Throws USAGE when the configuration does not say. */
export const seamOf = (role: string, { seam }: Pick<Config, 'seam'>): SeamTarget => {
  const { brokers } = seam.kafka
  if (brokers !== null) return { ...seam.kafka, brokers }
  throw new RollcallError(
    'USAGE',
    `rollcall ${role}: seam.kafka.brokers is not set, and vision and identity meet there`,
    {
      remedy: 'Set it in the file that --config names, the same for both; or use rollcall run, which is both.',
    },
  )
}

/** Throws USAGE without a camera. */
export const requireCameras = ({ cameras }: Pick<Config, 'cameras'>): void => {
  if (Object.keys(cameras).length > 0) return
  throw new RollcallError('USAGE', 'there is no camera', {
    remedy: 'name one with --camera NAME=URL, or in the file that --config names',
  })
}
