import { RollcallError } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import { unknownObjector } from '../identity/objectors/objections.ts'
import type { StoredEmbedder } from '../identity/store/problems.ts'
import type { ObjectionsService } from '../server/objections-routes.ts'
import { cleanName } from '../text.ts'
import type { ObjectorId, WallMs } from '../types.ts'
import { bareAction, type Transact } from './acting.ts'
import { checkLooks } from './check-looks.ts'
import { isCode, newCode, newObjectorId } from './objection-code.ts'

/** What the service reads and changes. */
export interface ObjectionsParts {
  readonly engine: Pick<Identity, 'objectors'>
  readonly transact: Transact
  /** The model that the known embeddings come from. */
  readonly embedder: StoredEmbedder
  /** Pictures of tracks that are nobody's yet may be the objector's: they go. */
  readonly onObjected: () => void
  readonly nowMs: () => WallMs
}

/** Takes objections down and back, for users. Both the HTTP API and `rollcall people --state` use it. */
export const createObjectionsService = (parts: ObjectionsParts): ObjectionsService => {
  const { engine, transact, embedder, onObjected, nowMs } = parts
  /** Takes it back; the list of actions says by whom, and why when it was without the code. */
  const revoke = (id: ObjectorId, by: string, reason: string | null): void => {
    const atMs = nowMs()
    transact((people) => {
      people.revoke(id)
      people.record({ kind: 'action', action: { ...bareAction, people: [], atMs, by, kind: 'revoke', name: reason } })
      return []
    })
  }
  return {
    list: () => engine.objectors().map(({ id, objectedAtMs, how, note }) => ({ id, objectedAtMs, how, note })),
    object({ person, embedder: given, faces, note }, by) {
      if (given) checkLooks(embedder, given, faces, 'faces')
      const { code, hash } = newCode()
      const objection = newObjectorId()
      const atMs = nowMs()
      const looks = faces.map(({ embedding, quality }) => ({ embedding: Float32Array.from(embedding), quality }))
      const events = transact((people) => {
        const asked = { id: objection, person, faces: looks, note: cleanName(note), code: hash }
        const told = people.object(asked, atMs)
        people.record({ kind: 'action', action: { ...bareAction, people: [], atMs, by, kind: 'object' } })
        return told
      })
      onObjected()
      return { objection, code, events }
    },
    revoke(id, code, by) {
      const objector = engine.objectors().find((one) => one.id === id)
      if (!objector) throw unknownObjector(id)
      if (!isCode(code, objector.code))
        throw new RollcallError('PERSON_CONFLICT', `that is not the code of ${id}`, {
          remedy:
            'The objector was given it. Without it, rollcall people revoke --without-code REASON, on the machine.',
        })
      revoke(id, by, null)
    },
    revokeWithoutCode: (id, reason, by) => revoke(id, by, cleanName(reason)),
  }
}
