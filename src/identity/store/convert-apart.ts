import type { DatabaseSync } from 'node:sqlite'
import type { PersonId } from '../../types.ts'

/** Of an ID that is an alias: who was seen with it, in how many frames, and in how many with whom it was merged into. */
type SaidAtMerge = readonly (readonly [other: PersonId, frames: number | null, framesOfInto: number | null])[]

/**
 * Up to schema 3 a merge moved what keeps people apart to the survivor, and the origin remembered what had been its own.
 * Gives each ID back what was said of it, the last merge first. Where it cannot be told whether the survivor had the
 * same, both keep it: nothing that somebody said is lost.
 */
export const convertApart = (db: DatabaseSync): void => {
  const idsIn = (sql: string): PersonId[] =>
    db
      .prepare(sql)
      .all()
      .map(({ id }) => String(id))
  const aliases = new Set(idsIn('SELECT former AS id FROM aliases'))
  const people = new Set(idsIn('SELECT id FROM people'))
  const read = db.prepare('SELECT frames FROM apart WHERE a = ? AND b = ?')
  const write = db.prepare('INSERT OR REPLACE INTO apart (a, b, frames) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM apart WHERE a = ? AND b = ?')
  const ordered = (a: PersonId, b: PersonId): [PersonId, PersonId] => (a < b ? [a, b] : [b, a])
  const framesOf = (a: PersonId, b: PersonId): number => Number(read.get(...ordered(a, b))?.frames ?? 0)
  const put = (a: PersonId, b: PersonId, frames: number): void => {
    if (frames > 0) write.run(...ordered(a, b), frames)
    else drop.run(...ordered(a, b))
  }
  const finite = (frames: number | null): number => frames ?? Infinity

  const origins = db.prepare('SELECT id, merged_into, apart FROM origins ORDER BY person, number DESC').all()
  for (const { id, merged_into, apart } of origins as { id: PersonId; merged_into: PersonId; apart: string }[])
    for (const [other, own, ofInto] of JSON.parse(apart) as SaidAtMerge) {
      if (!people.has(other) && !aliases.has(other)) continue
      const [frames, framesOfInto] = [finite(own), finite(ofInto)]
      if (other !== id) put(id, other, Math.max(framesOf(id, other), frames))
      const ofSurvivor = framesOf(merged_into, other)
      // Of somebody who was merged since, the survivor's count may be that of others.
      if (!aliases.has(other) && ofSurvivor <= frames + framesOfInto)
        put(merged_into, other, Math.min(ofSurvivor, framesOfInto))
    }
  db.exec('ALTER TABLE origins DROP COLUMN apart')
}
