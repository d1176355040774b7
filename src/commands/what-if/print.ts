import type { WhatIfAnswer, WhatIfChange } from '../../server/people-answers.ts'
import { printable } from '../../text.ts'
import { table } from '../people/print.ts'

const called = ({ id, name }: WhatIfChange['from']): string =>
  id === null ? 'nobody' : name === null ? id : `${id} (${name})`

const whatOf = ({ from, to, isNew, isAll }: WhatIfChange): string => {
  if (isNew) return from.id === null ? 'gets a new ID' : 'is split off'
  if (to.id === null) return 'has no ID'
  if (from.id === null) return 'gets an ID'
  return isAll ? 'is merged' : 'moves'
}

const percent = (probability: number | undefined): string =>
  probability === undefined ? '' : ` (${(100 * probability).toFixed(2)} %)`

const whyOf = ({ why }: WhatIfChange): string => {
  if (!why) return 'people were merged or split'
  const { candidate, runnerUp, threshold, reason } = why
  if (!candidate) return reason
  const next = runnerUp ? `, next ${runnerUp.score.toFixed(3)}${percent(runnerUp.probability)}` : ''
  return `${reason}: ${candidate.score.toFixed(3)}${percent(candidate.probability)} for ${threshold.toFixed(3)}${next}`
}

const doneOf = (refused: string | null | undefined): string =>
  refused === undefined ? '' : refused === null ? 'done' : `not done: ${refused}`

/** The answer for people to read: what was replayed, and a table of what would change. */
export const whatIfText = (answer: WhatIfAnswer, since: string): string => {
  const { tracks, people, agreement, settings, changes, applied } = answer
  const { today, other } = settings
  if (tracks === 0) return `no track is kept since ${since}`
  const names = Object.keys(today) as (keyof typeof today)[]
  const changed = names
    .filter((name) => today[name] !== other[name])
    .map((name) => `${name} ${today[name]} → ${other[name]}`)
  const head = [
    `${tracks} tracks since ${since}, replayed as they are kept: ${(100 * agreement).toFixed(1)} % are whose they are with today’s settings`,
    `${changed.join(', ') || 'nothing is otherwise'}: ${people.today} → ${people.other} people`,
  ]
  if (changes.length === 0) return [...head, 'nobody’s ID would change'].map(printable).join('\n')
  const rows = changes.map((change, i) => [
    called(change.from),
    whatOf(change),
    change.isNew ? 'new' : called(change.to),
    String(change.tracks.length),
    whyOf(change),
    doneOf(applied?.refused[i]),
  ])
  const undo = applied?.action == null ? [] : [`rollcall people undo ${applied.action} takes all of it back`]
  return [...head.map(printable), ...table([['WHO', 'WHAT', 'TO', 'TRACKS', 'WHY', ''], ...rows]), ...undo].join('\n')
}
