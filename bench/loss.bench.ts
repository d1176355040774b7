/**
 * What does a network that loses packets do to who is found? The real program watches an H.264 and an H.265 camera of the
 * demo's footage over UDP. The given share of the packets is lost, from the first one on, and a third of the others come up to
 * 30 ms late, out of order. Where a camera begins with a group of more than a hundred packets, GStreamer drops those that come
 * more than a hundred behind (until it knows how many come in a second), so the first group may be lost without any loss.
 *
 *   npm run bench -- loss [--fractions 0,.01,.05,.2] [--seconds 15] [--max-fps 5]
 *
 * pictures        analysed ones: whole and damaged (concealed, after `maxBlindMs` without a key frame that is whole)
 * missing         encoded pictures that were not decoded, because of a loss; gaps in what arrived
 * blind           the share of the time in which the newest whole picture is older than two intervals of `--max-fps`
 * people          found, IDs a person and switches against the truth; in a part of a loop not everybody is seen
 * verdict         no face of a damaged picture has an embedding, nobody is founded by one; exit code 1 when one has or is
 */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { scenesIn } from '../src/demo/footage.ts'
import { type LossFigures, lossFigures, lossVerdicts } from './loss-figures.ts'
import { type LossyRun, runThroughLoss } from './loss-run.ts'
import { inWords } from './verdict.ts'

/** H.264 and H.265; the same four people pass both. */
const LOOPS = ['lobby', 'gate']

/** Prints what a run gave. */
const print = (name: string, { counters, score }: LossyRun, figures: LossFigures): void => {
  const { whole, damaged, blind } = figures
  const { people, found, ids, idsPerPerson, switches, faces } = score
  const skipped = counters.get('rollcall_units_skipped_total broken') ?? 0
  const gaps = counters.get('rollcall_stream_losses_total') ?? 0
  console.log(`${name}_pictures ${whole} whole, ${damaged} damaged`)
  console.log(`${name}_missing ${skipped} encoded pictures, ${gaps} gaps`)
  console.log(`${name}_blind ${(100 * blind).toFixed(1)} %`)
  console.log(
    `${name}_people ${found} of ${people} found, ${ids} IDs, ${idsPerPerson.toFixed(2)} a person, ${switches} switches in ${faces} faces`,
  )
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fractions: { type: 'string', default: '0,.01,.05,.2' },
      seconds: { type: 'string', default: '15' },
      'max-fps': { type: 'string', default: '5' },
    },
  })
  const maxFps = Number(values['max-fps'])
  const all = await scenesIn(resolve(import.meta.dirname, '../footage'), Number.POSITIVE_INFINITY)
  const scenes = all.filter(({ name }) => LOOPS.includes(name))
  for (const fraction of values.fractions.split(',').map(Number)) {
    const run = await runThroughLoss({ scenes, keys: { maxFps } }, async (program, lose) => {
      lose(fraction)
      // Models load and cameras open before the time runs.
      await program.until(
        'a first picture',
        () => program.events.some(({ type }) => type === 'rollcall.frame.v1'),
        60_000,
      )
      await sleep(1000 * Number(values.seconds))
    })
    const figures = lossFigures(run.events, 2000 / maxFps)
    const name = `loss_${fraction}`
    print(name, run, figures)
    for (const verdict of lossVerdicts(fraction, figures)) {
      console.log(`${name}_verdict ${inWords(verdict)}`)
      if (verdict.met === false) process.exitCode = 1
    }
  }
}
