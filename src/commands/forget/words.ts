import type { Config } from '../../config/config.ts'
import { stateTopicName } from '../../seam/state/names.ts'
import { snapshotDirectory } from '../../server/backup-route.ts'
import { isConfigured } from '../../sinks/kafka/options.ts'
import { spoolElsewhere } from '../../site/state-directory.ts'
import { countOf } from '../../text.ts'
import type { Mentions } from './mentions.ts'
import type { Receipt, Said } from './receipt.ts'

/** What stays of somebody deleted. */
export const tombstone = 'the bare ID, so that it is never given again, and the event of the deletion'

/** Why something is left in a file of the state directory; null when nothing is. */
export const whyLeft = (file: string, { ids, tracks }: Mentions): string | null => {
  if (ids + tracks === 0) return null
  if (file.startsWith('people.db'))
    return tracks === 0 ? tombstone : 'a track that goes on: somebody is in view, and is known under a new ID'
  if (/^(webhooks\/|mqtt\/)/.test(file))
    return 'waits for a receiver or was delivered: not sent any more, and goes once what came before is delivered'
  if (/dead-letters/.test(file)) return 'refused by the broker for good: stop Rollcall and delete the file'
  if (file.startsWith('spool/'))
    return 'waits for Kafka or was delivered: sent before the deletion, and goes once it is delivered'
  if (file.startsWith(`${snapshotDirectory}/`)) return 'a backup that is being made: goes within ten minutes'
  return 'no file of the state: delete it yourself'
}

/** The files in which the person stood, before or after. */
export const found = (before: ReadonlyMap<string, Mentions>, after: ReadonlyMap<string, Mentions>): Said['files'] => {
  const none = { ids: 0, tracks: 0 }
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((file) => ({ file, before: before.get(file) ?? none, after: after.get(file) ?? none }))
    .filter((each) => each.before.ids + each.before.tracks + each.after.ids + each.after.tracks > 0)
    .map((each) => ({ ...each, why: whyLeft(each.file, each.after) }))
}

/** Where a deletion does not reach, or where others have to do their part. */
export const elsewhere = (config: Config, state: string): string[] => {
  const { sinks, seam } = config
  const spool = spoolElsewhere(config, state)
  return [
    ...(sinks.events === null ? [] : ['the file of events (sinks.events), and what was rotated: delete or edit it']),
    ...(!isConfigured(sinks.kafka)
      ? []
      : ['topics of Kafka, for as long as their retention says; people is compacted']),
    ...(spool === null ? [] : [`${spool}, where events wait for Kafka: they go once they are delivered`]),
    ...(seam.kafka.brokers === null
      ? []
      : ['the topic of the seam, which has faces with embeddings for as long as seam.kafka.retentionMs says']),
    ...(seam.stateTopic
      ? [`${stateTopicName(seam.kafka, config.site)}, which has people: the broker cleans it within two hours`]
      : []),
    ...Object.keys(sinks.webhooks).map(
      (name) => `who receives the webhook ${name}: told by rollcall.person.deleted.v1 when it asks for people`,
    ),
    'backups, exports and recordings that you keep: delete them yourself',
  ]
}

/** A receipt for a terminal. */
export const inWords = (
  { person, held, files, looked, readBack, elsewhere: others }: Receipt,
  file: string,
): string => {
  const row = (each: Said['files'][number]): string =>
    `  ${each.file}: ${each.before.ids + each.before.tracks} → ${each.after.ids + each.after.tracks}${each.why === null ? '' : ` (${each.why})`}`
  return [
    `${person} is deleted: ${countOf(held.looks, 'look')}, ${countOf(held.sightings, 'sighting')}, ${countOf(held.tracks, 'track')}. ${readBack ? 'Asked for again, nobody is there.' : 'It is STILL THERE.'}`,
    `${countOf(looked, 'file was', 'files were')} searched for its IDs and tracks; mentions before and after:`,
    ...files.map(row),
    'Not reached by this:',
    ...others.map((other) => `  ${other}`),
    `Receipt: ${file}`,
  ].join('\n')
}
