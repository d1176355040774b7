import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Config } from '../../config/config.ts'
import { RollcallError } from '../../errors.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import { whoRuns } from '../../identity/store/running.ts'
import { configuredScale } from '../../vision/calibration.ts'
import type { PeopleClient } from './client.ts'
import { isListening, openHttpClient } from './http-client.ts'
import { openStateClient } from './state-client.ts'

/** Which people are meant: those of a running Rollcall, or those in a directory. */
export interface Where {
  readonly config: Config
  /** Of a running Rollcall. */
  readonly url: string | undefined
  readonly stateDirectory: string | null
  readonly token: string | null
}

/** Lets this process believe the certificate that `http.tls: auto` keeps in the state directory, besides all others. */
export const trustOwnCertificate = (stateDirectory: string): void => {
  const file = join(stateDirectory, 'tls', 'cert.pem')
  if (existsSync(file)) setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')])
}

/**
 * Opens the Rollcall at `url`, else the one that has the state directory open, else the directory itself. With `embedder` it begins
 * a state in a directory that has none. Throws USAGE without either, and STATE. Whoever opens it closes it.
 */
export const openClient = async (where: Where, embedder: StoredEmbedder | null = null): Promise<PeopleClient> => {
  const { config, url, stateDirectory, token } = where
  if (url !== undefined) return openHttpClient(url, { token })
  if (stateDirectory === null)
    throw new RollcallError('USAGE', 'whose people? There is no state directory', {
      remedy: 'Name one with --state DIR or --config FILE, or a Rollcall that runs with --url URL.',
    })
  const running = whoRuns(stateDirectory)?.url ?? null
  trustOwnCertificate(stateDirectory)
  if (running !== null && (await isListening(running))) return openHttpClient(running, { token })
  return openStateClient(stateDirectory, {
    site: config.site,
    identity: config.identity,
    models: config.models,
    embedder,
    // People can be changed on a machine that lacks the models.
    scale: await configuredScale(config.models).catch((error: unknown) => {
      if (error instanceof RollcallError && error.code === 'MODEL_MISSING') return null
      throw error
    }),
    time: { nowMs: () => Date.now() },
  })
}
