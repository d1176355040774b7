import type { FastifyInstance } from 'fastify'
import { object } from './api-schemas.ts'
import { answering, described } from './route.ts'

/** Where a running site puts its snapshots, in its state directory. */
export const snapshotDirectory = 'snapshot'

/** What the route answers. */
export interface SnapshotAnswer {
  /** In `snapshotDirectory`. */
  readonly files: readonly string[]
}

/** Copies the databases that the process has locked into its state directory. Rejects with STATE. */
export type TakeSnapshot = () => Promise<SnapshotAnswer>

const answer = object({
  files: {
    type: 'array',
    items: { type: 'string' },
    description: `In the folder ${snapshotDirectory} of the state directory, for ten minutes`,
  },
})

/**
 * Adds `POST /api/backup`. Nothing of what is copied goes through HTTP: a backup has keys and passwords, so only who may read the
 * state directory gets it.
 */
export const backupRoute = (app: FastifyInstance, take: TakeSnapshot): void => {
  const summary = 'Copies the people into the state directory, for rollcall backup, which takes the copy from there'
  app.post('/api/backup', described({ scope: 'operate', summary, answer }), answering(take))
}
